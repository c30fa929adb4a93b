//! What one can do with the outline beside the lesson: search it, fold it for good, and put it away.

use super::memory;
use super::rows;
use crate::components::dom;
use crate::components::live::{effect, on_document};
use crate::domain::id::CourseId;
use js_sys::JsString;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// On the document while the outline is put away.
const AWAY: &str = "data-focus";

pub fn tools(course: CourseId) {
    let folds = StoredValue::new(format!("folds-{course}"));
    effect(move || {
        if memory::number("focus") == Some(1) {
            put_away(true);
        }
        restore(&folds.get_value());
    });
    on_document("click", move |event| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let within = |selector: &str| target.closest(selector).is_ok_and(|found| found.is_some());
        if within("[data-focus-toggle]") {
            let away = document().document_element().is_some_and(|html| !html.has_attribute(AWAY));
            put_away(away);
            memory::keep("focus", u32::from(away));
        } else if within(".outline-section > summary") {
            // The section opens or closes after the click.
            request_animation_frame(move || keep(&folds.get_value()));
        }
    });
    on_document("input", move |event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = field.filter(|field| field.id() == "outline-search") {
            search(&field.value());
            if field.value().is_empty() {
                restore(&folds.get_value());
            }
        }
    });
}

fn put_away(away: bool) {
    if let Some(html) = document().document_element() {
        _ = html.toggle_attribute_with_force(AWAY, away);
    }
    if let Ok(Some(button)) = document().query_selector("[data-focus-toggle]") {
        _ = button.set_attribute("aria-pressed", if away { "true" } else { "false" });
    }
}

fn keep(folds: &str) {
    let open: Vec<String> =
        rows::sections().filter(|section| section.has_attribute("open")).map(|section| section.id()).collect();
    memory::keep_text(folds, &open.join(" "));
}

/// Opens the sections that were open, and the one with the lesson.
fn restore(folds: &str) {
    let Some(kept) = memory::text(folds) else { return };
    for section in rows::sections() {
        let id = section.id();
        let here = section.query_selector("[aria-current]").is_ok_and(|row| row.is_some());
        _ = section.toggle_attribute_with_force("open", here || kept.split(' ').any(|open| open == id));
    }
}

/// Shows the lessons whose names hold the words, in sections that open for it.
fn search(words: &str) {
    let lower = |text: &str| String::from(JsString::from(text).to_lower_case());
    let words = lower(words.trim());
    for section in rows::sections() {
        let mut found = false;
        for row in dom::within(&section, "li").filter_map(|row| row.dyn_into::<HtmlElement>().ok()) {
            let fits = lower(&row.text_content().unwrap_or_default()).contains(&words);
            row.set_hidden(!fits);
            found |= fits;
        }
        if let Some(section) = section.dyn_ref::<HtmlElement>() {
            section.set_hidden(!found);
        }
        if found && !words.is_empty() {
            _ = section.set_attribute("open", "");
        }
    }
}
