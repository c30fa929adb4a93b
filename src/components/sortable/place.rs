//! Places in lists: between two items, found from a point or by steps.

use super::Dropped;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// A place for an item: in a list, before a child or at its end.
#[derive(Clone, PartialEq)]
pub struct Place {
    pub list: Element,
    pub before: Option<Element>,
}

/// An item and the list that it is in.
#[derive(Clone)]
pub struct Item {
    pub element: Element,
    pub list: Element,
}

impl Item {
    pub fn of_handle(handle: &Element) -> Option<Self> {
        let element = handle.closest("[data-id]").ok().flatten()?;
        let list = element.parent_element()?;
        list.has_attribute("data-list").then_some(Self { element, list })
    }

    /// What is held, in words: its name, or how many there are of what is selected with it.
    pub fn name(&self) -> String {
        match self.element.get_attribute("data-picked") {
            Some(count) if count != "1" => format!("{count} of them"),
            _ => format!("“{}”", self.element.get_attribute("data-name").unwrap_or_default()),
        }
    }

    pub fn kind(&self) -> String {
        self.list.get_attribute("data-kind").unwrap_or_default()
    }

    /// The drop at this place; none where the item is there already.
    pub fn dropped_at(&self, place: &Place) -> Option<Dropped> {
        let same_list = place.list == self.list;
        if same_list && (place.before.as_ref() == Some(&self.element) || place.before == next_item(&self.element)) {
            return None;
        }
        Some(Dropped {
            kind: self.kind(),
            item: self.element.get_attribute("data-id")?,
            from: self.list.get_attribute("data-list")?,
            to: place.list.get_attribute("data-list")?,
            before: place.before.as_ref().and_then(|item| item.get_attribute("data-id")),
        })
    }
}

/// An item that the keyboard holds.
#[derive(Clone)]
pub struct Lifted {
    item: Item,
    place: Place,
    /// Every list of the item's kind, in the page's order.
    lists: Vec<Element>,
    /// Position in the list of the place, from 0, the item itself left out.
    index: u32,
}

impl Lifted {
    pub fn lift(handle: &Element, root: &Element) -> Option<Self> {
        let item = Item::of_handle(handle)?;
        let all = root.query_selector_all(&format!("[data-list][data-kind=\"{}\"]", item.kind())).ok()?;
        let lists = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into().ok()).collect();
        let place = Place { list: item.list.clone(), before: next_item(&item.element) };
        let mut index = 0;
        let mut above = previous_item(&item.element);
        while let Some(element) = above {
            index += 1;
            above = previous_item(&element);
        }
        _ = item.element.set_attribute("data-lifted", "");
        _ = handle.set_attribute("aria-pressed", "true");
        Some(Self { item, place, lists, index })
    }

    /// Moves the place by one, on into the next list at a list's end.
    pub fn step(&mut self, down: bool) {
        let own = self.item.element.clone();
        if down {
            match self.place.before.clone() {
                Some(before) => {
                    self.place.before = next_item_but(&before, &own);
                    self.index += 1;
                }
                None => self.enter_list(1),
            }
        } else {
            let above = match &self.place.before {
                Some(before) => previous_item_but(before, &own),
                None => last_item_but(&self.place.list, &own),
            };
            match above {
                Some(above) => {
                    self.place.before = Some(above);
                    self.index = self.index.saturating_sub(1);
                }
                None => self.enter_list(-1),
            }
        }
    }

    fn enter_list(&mut self, by: isize) {
        let at = self.lists.iter().position(|list| *list == self.place.list);
        let next = at.and_then(|at| at.checked_add_signed(by)).and_then(|at| self.lists.get(at)).cloned();
        let Some(list) = next else { return };
        let first = first_item(&list).and_then(|first| skip(Some(first), &self.item.element, next_item));
        if by > 0 {
            self.place = Place { list, before: first };
            self.index = 0;
        } else {
            self.index = self.others(&list);
            self.place = Place { list, before: None };
        }
    }

    /// How many items a list has, the held one left out.
    fn others(&self, list: &Element) -> u32 {
        list.child_element_count() - u32::from(*list == self.item.list)
    }

    pub fn name(&self) -> String {
        self.item.name()
    }

    pub fn dropped(&self) -> Option<Dropped> {
        self.item.dropped_at(&self.place)
    }

    pub fn say_lifted(&self) -> String {
        format!(
            "{} is lifted, {}. Arrow keys move it, Space drops it, Escape puts it back.",
            self.name(),
            self.say_position()
        )
    }

    /// Where it would land, in words.
    pub fn say_position(&self) -> String {
        let list = self.place.list.get_attribute("aria-label").unwrap_or_default();
        format!("position {} of {} in {list}", self.index + 1, self.others(&self.place.list) + 1)
    }

    /// Shows the marker at the place and brings it into view.
    pub fn show(&self, marker: Option<HtmlElement>) {
        let near = self.place.before.clone().or_else(|| last_item(&self.place.list));
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        near.as_ref().unwrap_or(&self.place.list).scroll_into_view_with_scroll_into_view_options(&options);
        show(&self.place, marker);
    }

    pub fn end(&self) {
        _ = self.item.element.remove_attribute("data-lifted");
        if let Ok(Some(handle)) = self.item.element.query_selector("button.handle") {
            _ = handle.remove_attribute("aria-pressed");
        }
    }
}

/// Puts the marker between the two items of a place. It is fixed in the window: nothing else is laid out anew.
pub fn show(place: &Place, marker: Option<HtmlElement>) {
    let Some(marker) = marker else { return };
    let list = place.list.get_bounding_client_rect();
    let y = match (&place.before, last_item(&place.list)) {
        (Some(before), _) => before.get_bounding_client_rect().top(),
        (None, Some(last)) => last.get_bounding_client_rect().bottom(),
        (None, None) => list.top(),
    };
    let style = marker.style();
    _ = style.set_property("translate", &pixels(list.left(), y));
    _ = style.set_property("inline-size", &format!("{}px", list.width() as i32));
    marker.set_hidden(false);
}

/// A CSS length for each direction, in whole pixels: to spell fractions would bring 8 kB into the wasm.
pub fn pixels(x: f64, y: f64) -> String {
    format!("{}px {}px", x.round() as i32, y.round() as i32)
}

pub fn hide(marker: Option<HtmlElement>) {
    if let Some(marker) = marker {
        marker.set_hidden(true);
    }
}

fn is_item(element: &Element) -> bool {
    element.has_attribute("data-id")
}

/// The first of a row of neighbours, from `start` on, that is an item.
fn item_from(start: Option<Element>, next: fn(&Element) -> Option<Element>) -> Option<Element> {
    let mut at = start;
    while let Some(element) = at {
        if is_item(&element) {
            return Some(element);
        }
        at = next(&element);
    }
    None
}

fn skip(at: Option<Element>, own: &Element, next: fn(&Element) -> Option<Element>) -> Option<Element> {
    match at {
        Some(element) if element == *own => next(&element),
        other => other,
    }
}

pub fn first_item(list: &Element) -> Option<Element> {
    item_from(list.first_element_child(), Element::next_element_sibling)
}

pub fn last_item(list: &Element) -> Option<Element> {
    item_from(list.last_element_child(), Element::previous_element_sibling)
}

pub fn next_item(item: &Element) -> Option<Element> {
    item_from(item.next_element_sibling(), Element::next_element_sibling)
}

fn previous_item(item: &Element) -> Option<Element> {
    item_from(item.previous_element_sibling(), Element::previous_element_sibling)
}

fn next_item_but(item: &Element, own: &Element) -> Option<Element> {
    skip(next_item(item), own, next_item)
}

fn previous_item_but(item: &Element, own: &Element) -> Option<Element> {
    skip(previous_item(item), own, previous_item)
}

fn last_item_but(list: &Element, own: &Element) -> Option<Element> {
    skip(last_item(list), own, previous_item)
}
