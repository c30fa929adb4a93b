//! Reordering by pointer (mouse, touch, pen) and by keyboard, over lists that somebody else renders.
//!
//! It reads the DOM and moves nothing in it: while something is dragged, one row follows the pointer and one marker
//! shows where it would land, so a step costs the same in a list of five and of five hundred. What is dropped goes to
//! `on_drop`, which changes the data; the lists follow that.
//!
//! The markup it works on, within its children:
//! - a list is an element with `data-list`, its id, and `data-kind`, what it holds;
//! - its items are its direct children with `data-id` and `data-name`;
//! - an item's handle is a `button` of class `handle` that is nearer to it than to any other item. A finger that rests
//!   on an item takes it as well.

mod drag;
mod place;

use super::announcer::Announcer;
use super::dom::{closest, first};
use drag::Drag;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;
use place::Lifted;
pub use place::{first_item, next_item};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// How long a finger rests on an item until it holds it.
const REST: Duration = Duration::from_millis(450);

/// An item dropped at a place that differs from where it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// What the lists hold: their `data-kind`.
    pub kind: String,
    pub item: String,
    pub from: String,
    pub to: String,
    /// The item of `to` that it lands before; none at its end.
    pub before: Option<String>,
}

#[component]
pub fn Sortable(on_drop: Callback<Dropped>, announcer: Announcer, children: Children) -> impl IntoView {
    let (root, marker) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    let hands = Hands { held: Rc::default(), root, marker, on_drop, announcer };
    let (down, step, up, cancel, keys) = (hands.clone(), hands.clone(), hands.clone(), hands.clone(), hands.clone());
    let (touch, menu, click, left) = (hands.clone(), hands.clone(), hands.clone(), hands);
    view! {
        <div
            class="sortable"
            node_ref=root
            on:pointerdown=move |event| down.press(&event)
            on:pointermove=move |event| step.drag(&event)
            on:pointerup=move |_| up.release()
            on:pointercancel=move |_| cancel.put_back()
            on:keydown=move |event| keys.key(&event)
            on:touchmove=move |event| touch.keep_still(&event)
            on:contextmenu=move |event| menu.keep_still(&event)
            on:click:capture=move |event| click.swallow(&event)
            on:focusout=move |_| left.leave()
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
    /// Nothing yet: a finger rests on an item, and takes it in a moment.
    Resting(Drag),
    /// Nothing any more: what ended just now was no click.
    Ended,
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
        if event.pointer_type() == "touch" && handle_of(event.target()).is_none() {
            return self.rest(event);
        }
        if let Some(drag) = handle_of(event.target()).and_then(|handle| Drag::press(&handle, event)) {
            self.put_back();
            // The press would select text, and keep the focus from the handle.
            event.prevent_default();
            drag.focus();
            self.hold(Held::Pointer(drag));
        }
    }

    /// A finger on a row may be about to scroll, to press what is there, or to take the row.
    fn rest(&self, event: &PointerEvent) {
        let busy = closest(event.target(), "input, select, textarea, summary, .menu-panel").is_some();
        let handle = closest(event.target(), "[data-id]").and_then(|item| first(&item, "button.handle"));
        let Some(drag) = handle.filter(|_| !busy).and_then(|handle| Drag::press(&handle, event)) else { return };
        self.put_back();
        self.hold(Held::Resting(drag));
        let hands = self.clone();
        set_timeout(
            move || {
                if let Held::Resting(mut drag) = hands.held() {
                    drag.take();
                    hands.hold(Held::Pointer(drag));
                }
            },
            REST,
        );
    }

    /// The page neither scrolls nor opens a menu while a finger holds an item.
    fn keep_still(&self, event: &web_sys::Event) {
        if matches!(self.held(), Held::Pointer(_)) {
            event.prevent_default();
        }
    }

    /// The press that a drag ends with is not one on what lies there.
    fn swallow(&self, event: &web_sys::Event) {
        if matches!(self.held(), Held::Ended) {
            self.hold(Held::Nothing);
            event.prevent_default();
            event.stop_propagation();
        }
    }

    fn drag(&self, event: &PointerEvent) {
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        match &mut *self.held.borrow_mut() {
            Held::Pointer(drag) => {
                if drag.step(x, y, self.marker()) {
                    self.scroll_on();
                }
                return;
            }
            // It scrolls after all.
            Held::Resting(drag) if drag.is_away(x, y) => {}
            _ => return,
        }
        self.hold(Held::Nothing);
    }

    /// At the window's edge the page goes on by itself, however still the pointer is.
    fn scroll_on(&self) {
        let hands = self.clone();
        request_animation_frame(move || {
            let goes_on = match &mut *hands.held.borrow_mut() {
                Held::Pointer(drag) => drag.scroll(hands.marker()),
                _ => false,
            };
            if goes_on {
                hands.scroll_on();
            }
        });
    }

    fn release(&self) {
        let Held::Pointer(drag) = self.held() else { return self.put_back() };
        if drag.is_moving() {
            self.drop(drag.dropped(), &drag.name());
            self.hold(Held::Ended);
            let hands = self.clone();
            set_timeout(move || hands.forget(), Duration::ZERO);
        } else {
            self.put_back();
        }
    }

    fn key(&self, event: &KeyboardEvent) {
        let held = self.held();
        let key = event.key();
        if key == "Escape" && matches!(held, Held::Pointer(_) | Held::Keyboard(_)) {
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
            None => self.announcer.say(format!("{name} stays where it was.")),
        }
    }

    /// Whoever goes elsewhere lets go of what the keyboard holds.
    fn leave(&self) {
        if matches!(self.held(), Held::Keyboard(_)) {
            self.put_back();
        }
    }

    /// No click came of it.
    fn forget(&self) {
        if matches!(self.held(), Held::Ended) {
            self.hold(Held::Nothing);
        }
    }

    fn put_back(&self) {
        match self.held.take() {
            Held::Nothing | Held::Resting(_) | Held::Ended => return,
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
    closest(target, "button.handle")
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
