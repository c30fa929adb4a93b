//! One drag by a pointer, from the press to the drop.

use super::super::dom::closest;
use super::Dropped;
use super::place::{self, Item, Place, first_item, next_item};
use leptos::ev::PointerEvent;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Pixels that a pressed pointer moves before the press is a drag.
const SLOP: f64 = 5.0;
/// How near the window's edge a drag scrolls, in pixels.
const EDGE: f64 = 56.0;
/// How far it scrolls in a frame, in pixels.
const SCROLL: f64 = 9.0;

#[derive(Clone)]
pub struct Drag {
    item: Item,
    handle: Element,
    start: (f64, f64),
    /// Where the window was scrolled to at the press: the row follows the pointer over a page that moves.
    scrolled: f64,
    moving: bool,
    /// Where the pointer is.
    at: (f64, f64),
    place: Option<Place>,
}

impl Drag {
    pub fn press(handle: &Element, event: &PointerEvent) -> Option<Self> {
        let item = Item::of_handle(handle)?;
        // The handle keeps getting the pointer's events wherever it goes; a finger that rests elsewhere keeps its own.
        if closest(event.target(), "button.handle").as_ref() == Some(handle) {
            handle.set_pointer_capture(event.pointer_id()).ok()?;
        }
        Some(Self {
            item,
            handle: handle.clone(),
            start: (f64::from(event.client_x()), f64::from(event.client_y())),
            at: (f64::from(event.client_x()), f64::from(event.client_y())),
            scrolled: window().scroll_y().unwrap_or_default(),
            moving: false,
            place: None,
        })
    }

    pub fn focus(&self) {
        if let Some(handle) = self.handle.dyn_ref::<HtmlElement>() {
            _ = handle.focus();
        }
    }

    pub fn is_moving(&self) -> bool {
        self.moving
    }

    pub fn name(&self) -> String {
        self.item.name()
    }

    /// Whether (x, y) of the window is further off than a press goes.
    pub fn is_away(&self, x: f64, y: f64) -> bool {
        (x - self.start.0).hypot(y - self.start.1) >= SLOP
    }

    /// Takes the item up without a move.
    pub fn take(&mut self) {
        self.moving = true;
        _ = self.item.element.set_attribute("data-dragging", "");
    }

    /// Follows the pointer to (x, y) of the window. True where it came to the window's edge, and [`Self::scroll`] is to
    /// be called in every frame.
    pub fn step(&mut self, x: f64, y: f64, marker: Option<HtmlElement>) -> bool {
        let was_at_edge = self.moving && at_edge(self.at.1) != 0.0;
        self.at = (x, y);
        if !self.moving {
            if !self.is_away(x, y) {
                return false;
            }
            self.take();
        }
        self.follow(marker);
        !was_at_edge && at_edge(y) != 0.0
    }

    /// Scrolls by one frame's part, as long as the pointer is at the window's edge.
    pub fn scroll(&mut self, marker: Option<HtmlElement>) -> bool {
        let by = at_edge(self.at.1);
        if by != 0.0 {
            window().scroll_by_with_x_and_y(0.0, by);
            self.follow(marker);
        }
        by != 0.0
    }

    fn follow(&mut self, marker: Option<HtmlElement>) {
        let (x, y) = self.at;
        let by = window().scroll_y().unwrap_or_default() - self.scrolled;
        if let Some(element) = self.item.element.dyn_ref::<HtmlElement>() {
            let offset = place::pixels(x - self.start.0, y - self.start.1 + by);
            _ = element.style().set_property("translate", &offset);
        }
        self.place = self.place_at(x, y).or(self.place.take());
        match &self.place {
            Some(place) => place::show(place, marker),
            None => place::hide(marker),
        }
    }

    /// The place under a point: beside the item that is there, or in the list that the item there holds.
    fn place_at(&self, x: f64, y: f64) -> Option<Place> {
        let kind = self.item.kind();
        let mut under = document().element_from_point(x as f32, y as f32)?;
        loop {
            if let Some(list) = under.parent_element().filter(|list| is_list_of(list, &kind))
                && under.has_attribute("data-id")
            {
                return Some(beside(&list, &under, y));
            }
            if is_list_of(&under, &kind) {
                return self.place_in_list(under);
            }
            // The head of a section stands above its list: what is dropped on it becomes first.
            if under.has_attribute("data-id")
                && let Ok(Some(list)) = under.query_selector(&format!("[data-list][data-kind=\"{kind}\"]"))
            {
                let below = y > list.get_bounding_client_rect().top();
                let before = if below { None } else { first_item(&list) };
                return Some(Place { list, before });
            }
            under = under.parent_element()?;
        }
    }

    /// Where nothing but a list is under the pointer: in its own list that is the row's own empty place, in an empty
    /// one the only place there is, and between two rows of another the last place holds.
    fn place_in_list(&self, list: Element) -> Option<Place> {
        if list == self.item.list {
            return Some(Place { before: Some(self.item.element.clone()), list });
        }
        first_item(&list).is_none().then_some(Place { before: None, list })
    }

    pub fn dropped(&self) -> Option<Dropped> {
        self.item.dropped_at(self.place.as_ref()?)
    }

    pub fn end(&self) {
        _ = self.item.element.remove_attribute("data-dragging");
        if let Some(element) = self.item.element.dyn_ref::<HtmlElement>() {
            _ = element.style().remove_property("translate");
        }
    }
}

fn is_list_of(element: &Element, kind: &str) -> bool {
    element.has_attribute("data-list") && element.get_attribute("data-kind").as_deref() == Some(kind)
}

/// Before an item in its upper half, after it in its lower one.
fn beside(list: &Element, item: &Element, y: f64) -> Place {
    let rect = item.get_bounding_client_rect();
    let before = if y < rect.top() + rect.height() / 2.0 { Some(item.clone()) } else { next_item(item) };
    Place { list: list.clone(), before }
}

/// Pixels to scroll by in a frame, where a pointer is at an edge of the window.
fn at_edge(y: f64) -> f64 {
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    if y < EDGE {
        -SCROLL
    } else if y > height - EDGE {
        SCROLL
    } else {
        0.0
    }
}
