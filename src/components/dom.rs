//! Reading the document.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

/// The elements in another that a selector fits.
pub fn within(element: &Element, selector: &str) -> impl Iterator<Item = Element> + use<> {
    let found = element.query_selector_all(selector).ok();
    let length = found.as_ref().map_or(0, |found| found.length());
    (0..length).filter_map(move |at| found.as_ref()?.get(at)?.dyn_into().ok())
}

/// The first element in another that a selector fits.
pub fn first(element: &Element, selector: &str) -> Option<Element> {
    element.query_selector(selector).ok().flatten()
}

/// An attribute's value; empty where it is not there.
pub fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// The element that an event is about, or the nearest around it that a selector fits.
pub fn closest(target: Option<EventTarget>, selector: &str) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}

pub fn focus(element: &Element) {
    _ = element.dyn_ref::<HtmlElement>().map(HtmlElement::focus);
}

/// Whether keys are text where the focus is.
pub fn is_writing() -> bool {
    let field = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";
    document().active_element().is_some_and(|element| element.closest(field).is_ok_and(|field| field.is_some()))
}
