//! Other authors: what they change is told by the server (server-sent events), and shown.

use super::state::Editor;
use crate::components::live::on_document;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventSource, MessageEvent, VisibilityState};

/// How often it is looked whether a stream is still one.
const PAUSE: Duration = Duration::from_secs(15);

/// Listens for as long as the page is looked at: a browser has few connections to one site, and a tab in the
/// background needs none of them.
pub fn follow(editor: Editor) {
    let stream: Rc<RefCell<Option<EventSource>>> = Rc::default();
    *stream.borrow_mut() = listen(editor);
    look_after(editor, stream.clone());
    on_document("visibilitychange", move |_| {
        if document().visibility_state() == VisibilityState::Hidden {
            if let Some(stream) = stream.borrow_mut().take() {
                stream.close();
            }
        } else if stream.borrow().is_none() {
            *stream.borrow_mut() = listen(editor);
            editor.others_changed(String::new());
        }
    });
}

/// A stream that was answered with an error is closed for good, and opened anew.
fn look_after(editor: Editor, stream: Rc<RefCell<Option<EventSource>>>) {
    set_timeout(
        move || {
            let closed = stream.borrow().as_ref().is_some_and(|stream| stream.ready_state() == EventSource::CLOSED);
            if closed {
                *stream.borrow_mut() = listen(editor);
                editor.others_changed(String::new());
            }
            look_after(editor, stream);
        },
        PAUSE,
    );
}

fn listen(editor: Editor) -> Option<EventSource> {
    let stream = EventSource::new(&format!("/admin/courses/{}/changes", editor.course)).ok()?;
    let mut before = false;
    let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| match event.dyn_ref::<MessageEvent>() {
        Some(told) => {
            let told = told.data().as_string().unwrap_or_default();
            let (tab, name) = told.split_once(' ').unwrap_or_default();
            if tab != editor.tab().to_string() {
                editor.others_changed(name.to_owned());
            }
        }
        // Open again: what happened in between was not heard.
        None if before => editor.others_changed(String::new()),
        None => before = true,
    });
    let heard = heard.into_js_value();
    for event in ["outline", "open"] {
        _ = stream.add_event_listener_with_callback(event, heard.unchecked_ref());
    }
    Some(stream)
}
