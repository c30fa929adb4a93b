//! The fields of a lesson's form: they are the server's, and read and written where they stand.

use crate::components::dom::within;
use crate::domain::draft::DraftMark;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FormData, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, UrlSearchParams};

/// The id of a lesson's text in its form.
const TEXT: &str = "markdown";

pub fn field() -> Option<HtmlTextAreaElement> {
    document().get_element_by_id(TEXT)?.dyn_into().ok()
}

pub fn form() -> Option<HtmlFormElement> {
    field()?.form()
}

/// What is typed, URL-encoded, without what only says where it goes.
pub fn fields() -> String {
    form().and_then(|form| fields_of(&form)).unwrap_or_default()
}

/// The same as the server rendered it.
pub fn said_fields() -> String {
    let said = || {
        let copy = form()?.clone_node_with_deep(true).ok()?.unchecked_into::<HtmlFormElement>();
        copy.reset();
        fields_of(&copy)
    };
    said().unwrap_or_default()
}

fn fields_of(form: &HtmlFormElement) -> Option<String> {
    let data = FormData::new_with_form(form).ok()?;
    for name in ["id", VERSION, DraftMark::HAND, DraftMark::SEEN] {
        data.delete(name);
    }
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string().as_string()
}

pub fn text() -> String {
    field().map(|field| field.value()).unwrap_or_default()
}

/// Which state of the lesson was edited.
pub const VERSION: &str = "version";

/// One field's value.
pub fn value(name: &str) -> String {
    inputs(&format!("input[name=\"{name}\"]")).next().map(|field| field.value()).unwrap_or_default()
}

/// Whose hand writes here, and what it has seen.
pub fn mark() -> DraftMark {
    DraftMark { hand: value(DraftMark::HAND), seen: value(DraftMark::SEEN).parse().unwrap_or_default() }
}

/// Puts a text into the form, and on what it is written in.
pub fn set_text(text: &str) {
    let Some(field) = field() else { return };
    field.set_value(text);
    for event in ["input", "lectern-text"] {
        if let Ok(event) = Event::new(event) {
            _ = field.dispatch_event(&event);
        }
    }
}

/// Puts fields back into the form.
pub fn fill(fields: &str) {
    let Ok(fields) = UrlSearchParams::new_with_str(fields) else { return };
    for input in inputs("input[name^='form[']") {
        write(&input, fields.get(&input.name()).as_deref());
    }
    set_text(&fields.get("form[markdown]").unwrap_or_default());
}

/// Sets one field of the form; none unticks it.
pub fn put(name: &str, value: Option<&str>) {
    if let Some(form) = form() {
        put_in(&form, name, value);
    }
}

/// The same of any form.
pub fn put_in(form: &Element, name: &str, value: Option<&str>) {
    for input in inputs_in(form, &format!("input[name=\"{name}\"]")) {
        write(&input, value);
    }
}

fn inputs(selector: &str) -> impl Iterator<Item = HtmlInputElement> + use<> {
    form().map(|form| inputs_in(&form, selector)).into_iter().flatten()
}

fn inputs_in(form: &Element, selector: &str) -> impl Iterator<Item = HtmlInputElement> + use<> {
    within(form, selector).filter_map(|input| input.dyn_into().ok())
}

fn write(input: &HtmlInputElement, value: Option<&str>) {
    match input.type_().as_str() {
        "radio" | "checkbox" => input.set_checked(value == Some(&input.value())),
        _ => input.set_value(value.unwrap_or_default()),
    }
}

/// What the server says of the form, on the element around it.
pub fn said(name: &str) -> Option<String> {
    form()?.closest("[data-section]").ok().flatten()?.get_attribute(name)
}
