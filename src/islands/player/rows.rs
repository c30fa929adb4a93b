//! The outline beside the lesson. It is the server's HTML, read and marked where it stands.

use crate::components::outline::row_icon;
use crate::domain::id::LessonId;
use crate::domain::outline::Place;
use crate::domain::progress::Progress;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, NodeList};

/// Every lesson that can be opened.
const ROWS: &str = "#outline a.outline-link";

/// What stands around a lesson.
pub fn place(lesson: LessonId) -> Place {
    let Some(rows) = all(ROWS) else { return Place::default() };
    let at = |index: u32| rows.get(index).and_then(|row| row.dyn_into::<Element>().ok());
    let here = (0..rows.length()).find(|index| at(*index).and_then(|row| id(&row)) == Some(lesson));
    let Some(here) = here else { return Place::default() };
    let named = |row: Element| Some((id(&row)?, text(&row, "span")));
    Place {
        section: at(here)
            .and_then(|row| section(&row))
            .map(|section| text(&section, "summary > span"))
            .unwrap_or_default(),
        previous: here.checked_sub(1).and_then(at).and_then(named),
        next: at(here + 1).and_then(named),
    }
}

/// Shows a lesson as completed or not, and counts its section anew.
pub fn mark(lesson: LessonId, completed: bool) {
    let Some(row) = row(lesson) else { return };
    if row.get_attribute("data-state").as_deref() == Some("preview") {
        return;
    }
    _ = row.set_attribute("data-state", if completed { "completed" } else { "open" });
    dress(&row);
    if let Some(section) = section(&row) {
        let progress = count(&section);
        if let Ok(Some(counter)) = section.query_selector(".outline-done") {
            counter.set_text_content(Some(&format!("{}/{}", progress.completed, progress.total)));
        }
    }
}

/// How far one is, as the rows show it.
pub fn progress() -> Progress {
    document().get_element_by_id("outline").map(|outline| count(&outline)).unwrap_or_default()
}

/// Says which lesson is open, and shows its row.
pub fn show_current(lesson: LessonId) {
    if let Ok(Some(before)) = document().query_selector("#outline [aria-current=page]") {
        _ = before.remove_attribute("aria-current");
        dress(&before);
    }
    let Some(row) = row(lesson) else { return };
    _ = row.set_attribute("aria-current", "page");
    dress(&row);
    if let Some(section) = section(&row) {
        _ = section.set_attribute("open", "");
    }
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    row.scroll_into_view_with_scroll_into_view_options(&options);
}

fn row(lesson: LessonId) -> Option<Element> {
    document().query_selector(&format!("{ROWS}[href$='{lesson}']")).ok().flatten()
}

fn section(row: &Element) -> Option<Element> {
    row.closest(".outline-section").ok().flatten()
}

/// The lesson that a row leads to.
fn id(row: &Element) -> Option<LessonId> {
    row.get_attribute("href")?.rsplit('/').next()?.parse().ok()
}

fn text(within: &Element, selector: &str) -> String {
    within.query_selector(selector).ok().flatten().and_then(|element| element.text_content()).unwrap_or_default()
}

/// Gives a row the icon of its state.
fn dress(row: &Element) {
    let state = row.get_attribute("data-state");
    let Ok(Some(drawing)) = row.query_selector("svg") else { return };
    if state.as_deref() == Some("preview") {
        return;
    }
    let (icon, label) = row_icon(state.as_deref() == Some("completed"), row.has_attribute("aria-current"));
    drawing.set_inner_html(&icon.markup());
    _ = drawing.set_attribute("aria-label", label);
}

fn count(within: &Element) -> Progress {
    let number = |selector| within.query_selector_all(selector).map_or(0, |rows| rows.length());
    Progress { completed: number("[data-counts][data-state=completed]"), total: number("[data-counts]") }
}

fn all(selector: &str) -> Option<NodeList> {
    document().query_selector_all(selector).ok()
}
