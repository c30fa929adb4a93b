//! The outline beside the lesson. It is the server's HTML, read and marked where it stands.

use crate::components::dom::within;
use crate::components::outline::row_icon;
use crate::domain::id::LessonId;
use crate::domain::progress::Progress;
use leptos::prelude::document;
use web_sys::Element;

/// Every lesson that can be opened.
const ROWS: &str = "#outline a.outline-link";

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

/// Says everywhere on the page how far one is, as the rows show it.
pub fn tell_progress() -> Progress {
    let progress = document().get_element_by_id("outline").map(|outline| count(&outline)).unwrap_or_default();
    let tell = |selector: &str, words: &str| {
        if let Ok(Some(element)) = document().query_selector(selector) {
            element.set_text_content(Some(words));
        }
    };
    let [percent, of] = progress.words();
    tell("#outline .progress span:first-child", &percent);
    tell("#outline .progress span:last-child", &of);
    tell("[data-percent]", &format!("{} %", progress.percent()));
    if let Ok(Some(bar)) = document().query_selector("#outline progress") {
        _ = bar.set_attribute("value", &progress.completed.to_string());
    }
    progress
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

/// Every section.
pub fn sections() -> impl Iterator<Item = Element> {
    document().get_element_by_id("outline").into_iter().flat_map(|outline| within(&outline, ".outline-section"))
}

fn row(lesson: LessonId) -> Option<Element> {
    document().query_selector(&format!("{ROWS}[href$='{lesson}']")).ok().flatten()
}

fn section(row: &Element) -> Option<Element> {
    row.closest(".outline-section").ok().flatten()
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
