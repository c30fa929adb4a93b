//! Reordering by pointer (mouse, touch, pen) and by keyboard, over lists that somebody else renders.
//!
//! It reads the DOM and moves nothing in it: while something is dragged, one row follows the pointer and one marker
//! shows where it would land, so a step costs the same in a list of five and of five hundred. What is dropped goes to
//! `on_drop`, which changes the data; the lists follow that.
//!
//! The markup it works on, within its children:
//! - a list is an element with `data-list`, its id, and `data-kind`, what it holds;
//! - its items are its direct children with `data-id` and `data-name`;
//! - an item's handle is a `button` of class `handle` that is nearer to it than to any other item.

mod drag;
mod place;

use super::announcer::Announcer;
use drag::Drag;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;
use place::Lifted;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// An item dropped at a place that differs from where it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// What the lists hold: their `data-kind`.
    pub kind: String,
    pub item: String,
    pub from: String,
    pub to: String,
    /// Position in `to` once the item is there, from 0.
    pub index: usize,
}

#[component]
pub fn Sortable(on_drop: Callback<Dropped>, announcer: Announcer, children: Children) -> impl IntoView {
    let (root, marker) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    let hands = Hands { held: Rc::default(), root, marker, on_drop, announcer };
    let (down, step, up, cancel, keys) = (hands.clone(), hands.clone(), hands.clone(), hands.clone(), hands);
    view! {
        <div
            class="sortable"
            node_ref=root
            on:pointerdown=move |event| down.press(&event)
            on:pointermove=move |event| step.drag(&event)
            on:pointerup=move |_| up.release()
            on:pointercancel=move |_| cancel.put_back()
            on:keydown=move |event| keys.key(&event)
        >
            {children()}
            <div class="drop-marker drop-marker--fixed" node_ref=marker role="presentation" hidden=true></div>
        </div>
    }
}

/// What is held, and how.
#[derive(Clone, Default)]
enum Held {
    #[default]
    Nothing,
    /// By a pointer: pressed, and dragged once it moved.
    Pointer(Drag),
    /// By the keyboard.
    Keyboard(Lifted),
}

/// What the event handlers share.
#[derive(Clone)]
struct Hands {
    held: Rc<RefCell<Held>>,
    root: NodeRef<Div>,
    marker: NodeRef<Div>,
    on_drop: Callback<Dropped>,
    announcer: Announcer,
}

impl Hands {
    fn press(&self, event: &PointerEvent) {
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        if let Some(drag) = handle_of(event.target()).and_then(|handle| Drag::press(&handle, event)) {
            self.put_back();
            // The press would select text, and keep the focus from the handle.
            event.prevent_default();
            drag.focus();
            self.hold(Held::Pointer(drag));
        }
    }

    fn drag(&self, event: &PointerEvent) {
        if let Held::Pointer(drag) = &mut *self.held.borrow_mut() {
            drag.step(f64::from(event.client_x()), f64::from(event.client_y()), self.marker());
        }
    }

    fn release(&self) {
        let Held::Pointer(drag) = self.held() else { return };
        if drag.is_moving() { self.drop(drag.dropped(), &drag.name()) } else { self.put_back() }
    }

    fn key(&self, event: &KeyboardEvent) {
        let held = self.held();
        let key = event.key();
        if key == "Escape" && !matches!(held, Held::Nothing) {
            event.prevent_default();
            self.put_back();
            self.announcer.say("Put back where it was.");
            return;
        }
        let Some(handle) = handle_of(event.target()) else { return };
        match (held, key.as_str()) {
            (Held::Nothing, " " | "Enter") => {
                event.prevent_default();
                let Some(root) = self.root.get_untracked() else { return };
                if let Some(lifted) = Lifted::lift(&handle, &root) {
                    self.announcer.say(lifted.say_lifted());
                    lifted.show(self.marker());
                    self.hold(Held::Keyboard(lifted));
                }
            }
            (Held::Keyboard(lifted), " " | "Enter") => {
                event.prevent_default();
                self.drop(lifted.dropped(), &lifted.name());
            }
            (Held::Keyboard(mut lifted), "ArrowUp" | "ArrowDown") => {
                event.prevent_default();
                lifted.step(key == "ArrowDown");
                self.announcer.say(lifted.say_position());
                lifted.show(self.marker());
                self.hold(Held::Keyboard(lifted));
            }
            (Held::Keyboard(_), "Tab") => self.put_back(),
            _ => {}
        }
    }

    fn drop(&self, dropped: Option<Dropped>, name: &str) {
        self.put_back();
        match dropped {
            Some(dropped) => {
                let item = dropped.item.clone();
                self.on_drop.run(dropped);
                focus_in(self.root, format!("[data-id=\"{item}\"] button.handle"));
            }
            None => self.announcer.say(format!("“{name}” stays where it was.")),
        }
    }

    fn put_back(&self) {
        match self.held.take() {
            Held::Nothing => return,
            Held::Pointer(drag) => drag.end(),
            Held::Keyboard(lifted) => lifted.end(),
        }
        place::hide(self.marker());
    }

    fn hold(&self, held: Held) {
        self.held.replace(held);
    }

    fn held(&self) -> Held {
        self.held.borrow().clone()
    }

    fn marker(&self) -> Option<HtmlElement> {
        self.marker.get_untracked().map(Into::into)
    }
}

/// The handle that an event came from.
fn handle_of(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest("button.handle").ok().flatten()
}

/// Gives the focus to what `selector` finds, once the lists have followed the data.
pub fn focus_in(root: NodeRef<Div>, selector: String) {
    request_animation_frame(move || {
        let Some(root) = root.get_untracked() else { return };
        let found = root.query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            _ = element.focus();
        }
    });
}
