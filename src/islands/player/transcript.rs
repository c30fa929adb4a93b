//! What is said in the video, beside it: HTML of the server's, in which each line leads to its second and the one that
//! is spoken is marked.

use crate::components::dom;
use leptos::ev::MouseEvent;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Above the spoken line stay this many pixels of what was said before.
const LEAD: i32 = 48;

/// The millisecond that a click on a line leads to.
pub fn asked(event: &MouseEvent) -> Option<u32> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("[data-at]").ok()??.get_attribute("data-at")?.parse().ok()
}

/// Shows it in a language; in the first one where there is none in that.
pub fn show(language: &str) {
    let Some(text) = document().get_element_by_id("lesson") else { return };
    let lists: Vec<Element> = dom::within(&text, ".transcript ol").collect();
    let chosen = lists.iter().position(|list| list.get_attribute("lang").as_deref() == Some(language)).unwrap_or(0);
    for (at, list) in lists.iter().enumerate() {
        _ = list.toggle_attribute_with_force("hidden", at != chosen);
    }
}

/// Marks the line that is spoken at this millisecond.
pub fn follow(millis: u32) {
    let Ok(Some(list)) = document().query_selector(".transcript ol:not([hidden])") else { return };
    let lines = list.children();
    let button = |at: u32| lines.item(at).and_then(|line| line.first_element_child());
    let begins = |at: u32| button(at).and_then(|button| button.get_attribute("data-at")?.parse::<u32>().ok());
    // The last one that has begun: lines are in the order of their times.
    let (mut low, mut high) = (0, lines.length());
    while low < high {
        let middle = low + (high - low) / 2;
        if begins(middle).is_some_and(|begins| begins <= millis) { low = middle + 1 } else { high = middle }
    }
    let spoken = low.checked_sub(1).and_then(button);
    let marked = list.query_selector("[aria-current]").ok().flatten();
    if spoken == marked {
        return;
    }
    if let Some(marked) = marked {
        _ = marked.remove_attribute("aria-current");
    }
    let Some(spoken) = spoken else { return };
    _ = spoken.set_attribute("aria-current", "true");
    // Whoever reads or points at the list moves it themselves.
    if let Some(spoken) =
        spoken.dyn_ref::<HtmlElement>().filter(|_| !list.matches(":hover, :focus-within").unwrap_or(true))
    {
        list.set_scroll_top(spoken.offset_top() - LEAD);
    }
}
