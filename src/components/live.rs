//! One type for what changes. Every closure, future and listener is a type of its own, and the framework's generic
//! code comes into the wasm once for each of them; what goes through here shares one. For the same reason attributes
//! that change are `Signal`s.

use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventTarget};

/// A view that follows the signals it reads.
pub fn live(view: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    fn erased(view: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
        (move || view()).into_any()
    }
    erased(Box::new(view))
}

/// Runs in the browser once the view is there, and again when a signal that it reads changes.
pub fn effect(run: impl Fn() + 'static) {
    fn erased(run: Box<dyn Fn()>) {
        Effect::new(move |_| run());
    }
    erased(Box::new(run));
}

/// Runs a future in the browser.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    spawn_local(Box::pin(future) as Pin<Box<dyn Future<Output = ()>>>);
}

/// Hears an event of the window for as long as the component that says so lives.
pub fn on_window(event: &'static str, heard: impl Fn(Event) + 'static) {
    listen(event, || window().into(), Box::new(heard));
}

/// Hears an event of the document for as long as the component that says so lives.
pub fn on_document(event: &'static str, heard: impl Fn(Event) + 'static) {
    listen(event, || document().into(), Box::new(heard));
}

fn listen(event: &'static str, target: fn() -> EventTarget, heard: Box<dyn Fn(Event)>) {
    // Held by the effect alone: on the server, which drops it at once, nothing may be tied to one thread.
    let mut heard = Some(heard);
    Effect::new(move |_| {
        let Some(heard) = heard.take() else { return };
        let listener = Closure::<dyn Fn(Event)>::new(heard);
        _ = target().add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        let listener = StoredValue::new_local(listener);
        on_cleanup(move || {
            _ = listener.try_with_value(|listener| {
                target().remove_event_listener_with_callback(event, listener.as_ref().unchecked_ref())
            });
        });
    });
}
