//! The outline's rows on the page. They are the server's HTML: read as a tree, and made to follow one.

use crate::components::dom::{attribute, first, focus, within};
use crate::components::sortable::{first_item, next_item};
use crate::domain::deletion::count;
use crate::domain::id::{LessonId, SectionId};
use crate::domain::lesson::LessonStatus;
use crate::domain::outline_edit::{Branch, Leaf, Row, Tree};
use crate::domain::section::SectionStatus;
use js_sys::JsString;
use leptos::prelude::document;
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, Node};

/// The list of sections.
pub const ROWS: &str = "outline-rows";
/// What was deleted and can be restored.
pub const DELETED: &str = "deleted";

/// The outline that a page shows.
pub fn read(page: &Document) -> Option<Tree> {
    let root = page.get_element_by_id(ROWS)?;
    let sections = within(&root, ":scope > [data-id]").filter_map(|section| {
        let lessons = within(&section, "[data-kind=lesson] > [data-id]").filter_map(|lesson| {
            let value = attribute(&lesson, "data-status");
            Some(Leaf {
                id: LessonId(id(&lesson)?),
                name: attribute(&lesson, "data-name"),
                status: LessonStatus::ALL.into_iter().find(|status| status.value() == value)?,
            })
        });
        let value = attribute(&section, "data-status");
        Some(Branch {
            id: SectionId(id(&section)?),
            name: attribute(&section, "data-name"),
            status: SectionStatus::ALL.into_iter().find(|status| status.value() == value)?,
            lessons: lessons.collect(),
        })
    });
    Some(Tree::new(sections.collect()))
}

/// Shows this outline: rows go to their places, those that differ are written anew, and what is focused stays so.
pub fn follow(tree: &Tree) {
    let Some(root) = document().get_element_by_id(ROWS) else { return };
    let focused = document().active_element();
    let mut rows: Vec<(Uuid, Element)> = within(&root, "[data-id]").filter_map(|row| Some((id(&row)?, row))).collect();
    let mut row = |kind: &str, id: Uuid, name: &str, status: &str| {
        // Most stand where they are looked for: at the front of what is left.
        let there = rows.iter().position(|(row, _)| *row == id).map(|at| rows.remove(at).1);
        let row = there.or_else(|| made(kind, id))?;
        dress(&row, name, status);
        Some(row)
    };
    let mut sections = Vec::new();
    for section in &tree.sections {
        let Some(element) = row("section", section.id.0, &section.name, section.status.value()) else { continue };
        let lessons = section.lessons.iter();
        let lessons: Vec<Element> =
            lessons.filter_map(|lesson| row("lesson", lesson.id.0, &lesson.name, lesson.status.value())).collect();
        if let Some(list) = first(&element, "[data-kind=lesson]") {
            arrange(&list, &lessons);
        }
        if let Some(size) = first(&element, ".editor-count") {
            size.set_text_content(Some(&count(lessons.len() as i64, "lesson", "lessons")));
        }
        sections.push(element);
    }
    arrange(&root, &sections);
    for (_, gone) in rows {
        gone.remove();
    }
    if let Some(focused) = focused.filter(|element| element.closest("html").is_ok_and(|page| page.is_some())) {
        focus(&focused);
    }
}

/// Puts rows into a list, in this order. One that moved is the only one that is touched.
fn arrange(list: &Element, rows: &[Element]) {
    let mut at = first_item(list);
    for row in rows {
        // One that goes further down is taken out, and comes in where it is due.
        if let Some(here) = at.clone()
            && here != *row
            && next_item(&here).as_ref() == Some(row)
        {
            here.remove();
            at = Some(row.clone());
        }
        if at.as_ref() == Some(row) {
            at = next_item(row);
        } else {
            _ = list.insert_before(row, at.as_ref().map(AsRef::<Node>::as_ref));
        }
    }
}

/// Puts an element behind another one.
pub fn put_after(before: &Element, element: &Element) {
    if let Some(parent) = before.parent_element() {
        let next = before.next_element_sibling();
        _ = parent.insert_before(element, next.as_ref().map(AsRef::<Node>::as_ref));
    }
}

/// A row that the page has not had yet, from the template of its kind.
fn made(kind: &str, id: Uuid) -> Option<Element> {
    let template = document().get_element_by_id(&format!("row-{kind}"))?;
    let html = template.inner_html().replace(&Uuid::nil().to_string(), &id.to_string());
    let around = document().create_element("ol").ok()?;
    around.set_inner_html(&html);
    around.first_element_child()
}

/// Gives a row its name and its status, wherever they are said.
fn dress(row: &Element, name: &str, status: &str) {
    let old = attribute(row, "data-name");
    if old != name {
        _ = row.set_attribute("data-name", name);
        if let Some(text) = first(row, ".editor-name > :is(a, h3)") {
            text.set_text_content(Some(name));
        }
        let own = ":scope > :is(.editor-row, .editor-new) [aria-label], :scope > ol[aria-label]";
        for labelled in within(row, own) {
            let label = attribute(&labelled, "aria-label").replace(&format!("“{old}”"), &format!("“{name}”"));
            _ = labelled.set_attribute("aria-label", &label);
        }
    }
    if attribute(row, "data-status") != status {
        _ = row.set_attribute("data-status", status);
        let badge = format!("#status-menu [data-set={status}] > :first-child");
        let badge = document().query_selector(&badge).ok().flatten();
        if let (Some(place), Some(badge)) = (first(row, ".editor-status"), badge) {
            place.set_inner_html(&badge.inner_html());
        }
    }
}

/// What another reading of the page says can be restored takes the place of what this one said.
pub fn follow_deleted(page: &Document) {
    let now = page.get_element_by_id(DELETED);
    if let (Some(old), Some(now)) = (document().get_element_by_id(DELETED), now) {
        // What is focused there stays so where nothing changed.
        if old.inner_html() == now.inner_html() {
            return;
        }
        old.set_inner_html(&now.inner_html());
        _ = old.toggle_attribute_with_force("hidden", now.has_attribute("hidden"));
    }
}

/// Marks the lessons that are selected.
pub fn mark(selected: &[LessonId]) {
    let count = selected.len().to_string();
    for row in lessons() {
        let picked = id(&row).is_some_and(|id| selected.contains(&LessonId(id)));
        if let Some(box_) = first(&row, "input.pick").and_then(|pick| pick.dyn_into::<HtmlInputElement>().ok()) {
            box_.set_checked(picked);
        }
        if picked {
            _ = row.set_attribute("data-picked", &count);
        } else {
            _ = row.remove_attribute("data-picked");
        }
    }
}

/// Shows the lessons whose names hold the words, and the sections that have such, or whose own name does.
pub fn search(words: &str) {
    let lower = |text: &str| String::from(JsString::from(text).to_lower_case());
    let words = lower(words.trim());
    let fits = |row: &Element| lower(&attribute(row, "data-name")).contains(&words);
    let hide = |row: &Element, hidden| _ = row.dyn_ref::<HtmlElement>().map(|row| row.set_hidden(hidden));
    for section in sections() {
        let whole = !words.is_empty() && fits(&section);
        let mut found = words.is_empty() || whole;
        for lesson in within(&section, "[data-kind=lesson] > [data-id]") {
            let shown = whole || fits(&lesson);
            hide(&lesson, !shown);
            found |= shown;
        }
        hide(&section, !found);
    }
    if let Some(root) = document().get_element_by_id(ROWS) {
        _ = root.toggle_attribute_with_force("data-searching", !words.is_empty());
    }
}

/// Folds a section's lessons away, or unfolds them.
pub fn fold(section: &Element, folded: bool) {
    _ = section.toggle_attribute_with_force("data-folded", folded);
    if let Some(button) = first(section, "[data-act=fold]") {
        _ = button.set_attribute("aria-expanded", if folded { "false" } else { "true" });
    }
}

pub fn sections() -> impl Iterator<Item = Element> {
    document().get_element_by_id(ROWS).into_iter().flat_map(|root| within(&root, ":scope > [data-id]"))
}

/// Every lesson's row, in the order of the page.
pub fn lessons() -> impl Iterator<Item = Element> {
    document().get_element_by_id(ROWS).into_iter().flat_map(|root| within(&root, "[data-kind=lesson] > [data-id]"))
}

/// The row of the page that shows this one.
pub fn element(row: Row) -> Option<Element> {
    let (Row::Section(SectionId(id)) | Row::Lesson(LessonId(id))) = row;
    first(&document().get_element_by_id(ROWS)?, &format!("[data-id=\"{id}\"]"))
}

/// What a row of the page is.
pub fn row(element: &Element) -> Option<Row> {
    let id = id(element)?;
    let list = element.parent_element()?;
    Some(if attribute(&list, "data-kind") == "section" {
        Row::Section(SectionId(id))
    } else {
        Row::Lesson(LessonId(id))
    })
}

fn id(row: &Element) -> Option<Uuid> {
    attribute(row, "data-id").parse().ok()
}
