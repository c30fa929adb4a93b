//! What presses and keys on the outline's rows mean. The rows are the server's HTML: what happens to them is heard where
//! it comes up to the editor, and their buttons say in `data-act` what they are for.

use super::asking::Asking;
use super::page;
use super::state::Editor;
use super::writing::{self, Field};
use crate::components::dom::{attribute, closest, first, focus, is_writing, within};
use crate::domain::id::LessonId;
use crate::domain::lesson::LessonStatus;
use crate::domain::outline_edit::{Intent, Row};
use crate::domain::step::Step;
use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, HtmlElement, HtmlInputElement};

#[derive(Clone, Copy)]
pub struct Hands {
    pub editor: Editor,
    pub asking: Asking,
    /// The row whose status is about to be chosen.
    pub choosing: StoredValue<Option<Row>>,
    /// The lesson that was selected last: where a range begins.
    pub anchor: StoredValue<Option<LessonId>>,
}

impl Hands {
    pub fn click(self, event: &MouseEvent) {
        let target = event.target();
        if let Some(pick) = closest(target.clone(), "input.pick") {
            return self.pick(&pick, event.shift_key());
        }
        if let Some(choice) = closest(target.clone(), "#status-menu [data-set]") {
            return self.choose(&attribute(&choice, "data-set"));
        }
        let Some(button) = closest(target.clone(), "[data-act]") else {
            if let Some(summary) = closest(target, ".menu > summary") {
                self.open_menu(&summary);
            }
            return;
        };
        let Some(element) = closest(Some(button.clone().into()), "[data-id]") else { return };
        let Some(row) = page::row(&element) else { return };
        let act = attribute(&button, "data-act");
        // What opens a field or a choice takes the focus there; else it goes back to the menu's button.
        close_menu(&button, matches!(act.as_str(), "pick-all" | "publish" | "delete"));
        match act.as_str() {
            "fold" => page::fold(&element, !element.has_attribute("data-folded")),
            "pick-all" => self.pick_section(&element),
            "rename" => writing::open(self.editor, Field::Rename(row)),
            "add-below" => writing::open(self.editor, Field::AddAfter(row)),
            "status" => self.open_statuses(&button, row),
            "publish" => {
                event.prevent_default();
                self.publish(row);
            }
            "delete" => {
                event.prevent_default();
                self.asking.ask(self.editor, vec![row]);
            }
            _ => {}
        }
    }

    /// A name is changed where it stands.
    pub fn double_click(self, event: &MouseEvent) {
        let name = closest(event.target(), ".editor-name");
        let row = name.and_then(|name| closest(Some(name.into()), "[data-id]")).and_then(|row| page::row(&row));
        if let Some(row) = row {
            event.prevent_default();
            writing::open(self.editor, Field::Rename(row));
        }
    }

    pub fn key(self, event: &KeyboardEvent) {
        let key = event.key();
        let menu = closest(event.target(), "details.menu[open]");
        if key == "Escape"
            && let Some(menu) = menu
        {
            return close_menu(&menu, true);
        }
        if let Some(choice) = closest(event.target(), "#status-menu [data-set]") {
            let to = match key.as_str() {
                "ArrowDown" => choice.next_element_sibling(),
                "ArrowUp" => choice.previous_element_sibling(),
                _ => return,
            };
            event.prevent_default();
            if let Some(to) = to {
                focus(&to);
            }
            return;
        }
        if is_writing() {
            return;
        }
        if let Some(pick) = closest(event.target(), "input.pick") {
            self.key_on_pick(event, &pick);
        }
        let row = closest(event.target(), "[data-id]").and_then(|row| page::row(&row));
        if let (Some(row), "F2") = (row, key.as_str()) {
            event.prevent_default();
            writing::open(self.editor, Field::Rename(row));
        }
    }

    /// Keys on the box that selects a lesson, as lists of several choices have them (WAI-ARIA, listbox).
    fn key_on_pick(self, event: &KeyboardEvent, pick: &Element) {
        let all = event.ctrl_key() || event.meta_key();
        let to = match event.key().as_str() {
            "ArrowDown" => beside(pick, 1),
            "ArrowUp" => beside(pick, -1),
            "a" if all => {
                event.prevent_default();
                return self.editor.select(shown().filter_map(|row| lesson(&row)).collect());
            }
            "Escape" => return self.editor.select(Vec::new()),
            "Delete" => {
                event.prevent_default();
                return self.delete_selected();
            }
            _ => return,
        };
        event.prevent_default();
        let Some(to) = to else { return };
        focus(&to);
        if event.shift_key() {
            for pick in [pick, &to] {
                if let Some(id) = closest(Some(pick.clone().into()), "[data-id]").and_then(|row| lesson(&row)) {
                    self.add(id);
                }
            }
        }
    }

    pub fn submit(self, event: &SubmitEvent) {
        let Some(form) = closest(event.target(), "form") else { return };
        let button = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
        let step = button.filter(|button| button.name() == "step").and_then(|button| button.value().parse().ok());
        if let Some(step) = step {
            event.prevent_default();
            return self.step(step);
        }
        let Some(field) = first(&form, "input[name='form[name]']").and_then(|field| field.dyn_into().ok()) else {
            return;
        };
        let field: HtmlInputElement = field;
        let name = field.value();
        let section = closest(Some(form.clone().into()), "[data-id]").and_then(|row| page::row(&row));
        let intent = match (attribute(&form, "data-add").as_str(), section) {
            ("section", _) => Intent::AddSection { name },
            ("lesson", Some(Row::Section(section))) => Intent::AddLesson { section, after: None, name },
            _ => return,
        };
        event.prevent_default();
        self.editor.act(intent);
        field.set_value("");
        focus(&field);
    }

    /// One place up or down; the focus goes along.
    fn step(self, step: Step) {
        let intent = self.editor.with(|tree| {
            let row = [Row::Section(crate::domain::id::SectionId(step.row)), Row::Lesson(LessonId(step.row))];
            let row = row.into_iter().find(|row| tree.name(*row).is_some())?;
            Intent::step(tree, row, step.up)
        });
        match intent {
            Some(intent) => self.editor.act(intent),
            None => self.editor.announcer.say("It is at the end of its list already."),
        }
        // The menu stays open under the hand.
        if let Ok(Some(summary)) = document().query_selector(".editor .menu[open] > summary") {
            self.open_menu(&summary);
            // A button at a list's end is none any more: the focus stays in the menu.
            let pressed = document().active_element();
            let usable = |button: Element| button.closest(".menu button:not(:disabled)").ok().flatten();
            if pressed.and_then(usable).is_none() {
                focus(&summary);
            }
        }
    }

    pub fn delete_selected(self) {
        let rows: Vec<Row> = self.editor.selected.with_untracked(|ids| ids.iter().map(|id| Row::Lesson(*id)).collect());
        if !rows.is_empty() {
            self.asking.ask(self.editor, rows);
        }
    }

    /// Selects a lesson or not, with Shift all from the one that was selected last.
    fn pick(self, pick: &Element, range: bool) {
        let Some(id) = closest(Some(pick.clone().into()), "[data-id]").and_then(|row| lesson(&row)) else { return };
        let on = pick.dyn_ref::<HtmlInputElement>().is_some_and(HtmlInputElement::checked);
        let from = self.anchor.get_value().filter(|_| range);
        self.anchor.set_value(Some(id));
        let ids: Vec<LessonId> = shown().filter_map(|row| lesson(&row)).collect();
        let place = |id: LessonId| ids.iter().position(|other| *other == id);
        let these = match (from.and_then(place), place(id)) {
            (Some(from), Some(to)) => ids[from.min(to)..=from.max(to)].to_vec(),
            _ => vec![id],
        };
        let mut selected = self.editor.selected.get_untracked();
        selected.retain(|id| !these.contains(id));
        if on {
            selected.extend(these);
        }
        self.editor.select(selected);
    }

    fn add(self, id: LessonId) {
        let mut selected = self.editor.selected.get_untracked();
        if !selected.contains(&id) {
            selected.push(id);
            self.editor.select(selected);
        }
    }

    /// All lessons of a section, or none where all of them are selected.
    fn pick_section(self, section: &Element) {
        let ids: Vec<LessonId> =
            within(section, "[data-kind=lesson] > [data-id]").filter_map(|row| lesson(&row)).collect();
        let mut selected = self.editor.selected.get_untracked();
        let all = ids.iter().all(|id| selected.contains(id));
        selected.retain(|id| !ids.contains(id));
        if !all {
            selected.extend(ids);
        }
        self.editor.select(selected);
    }

    fn open_statuses(self, button: &Element, row: Row) {
        self.choosing.set_value(Some(row));
        let Some(menu) = document().get_element_by_id("status-menu") else { return };
        let Ok(menu) = menu.dyn_into::<HtmlElement>() else { return };
        _ = menu.toggle_attribute_with_force("data-of-section", matches!(row, Row::Section(_)));
        // Beside the button, and within the window, which the style sheet's units know.
        let at = button.get_bounding_client_rect();
        let (left, top) = (at.left() as i32, at.bottom() as i32 + 4);
        _ = menu.style().set_property("left", &format!("max(0.5rem, min({left}px, 100vi - 20.5rem))"));
        _ = menu.style().set_property("top", &format!("min({top}px, 100vb - 15rem)"));
        _ = menu.toggle_popover();
        if let Some(choice) = first(&menu, "[data-set]") {
            focus(&choice);
        }
    }

    fn choose(self, value: &str) {
        if let Some(menu) =
            document().get_element_by_id("status-menu").and_then(|menu| menu.dyn_into::<HtmlElement>().ok())
        {
            _ = menu.toggle_popover();
        }
        let status = LessonStatus::ALL.into_iter().find(|status| status.value() == value);
        if let (Some(row), Some(status)) = (self.choosing.get_value(), status) {
            self.editor.act(Intent::SetStatus { rows: vec![row], status });
            if let Some(button) = page::element(row).and_then(|row| first(&row, "[data-act=status]")) {
                focus(&button);
            }
        }
    }

    /// Makes a section public with all of its drafts; previews stay what they are.
    fn publish(self, row: Row) {
        let Row::Section(id) = row else { return };
        let rows = self.editor.with(|tree| {
            let lessons = tree.section(id).into_iter().flat_map(|section| &section.lessons);
            let drafts = lessons.filter(|lesson| lesson.status == LessonStatus::Private);
            [row].into_iter().chain(drafts.map(|lesson| Row::Lesson(lesson.id))).collect::<Vec<_>>()
        });
        self.editor.act(Intent::SetStatus { rows, status: LessonStatus::Public });
    }

    /// At the ends of a list there is nothing to move past.
    fn open_menu(self, summary: &Element) {
        let Some(row) = closest(Some(summary.clone().into()), "[data-id]").and_then(|row| page::row(&row)) else {
            return;
        };
        let menu = summary.parent_element();
        for button in menu.into_iter().flat_map(|menu| within(&menu, "button[name=step]")) {
            let up = attribute(&button, "value").contains(".up.");
            let possible = self.editor.with(|tree| Intent::step(tree, row, up).is_some());
            _ = button.toggle_attribute_with_force("disabled", !possible);
        }
    }
}

/// Closes the menu that an element is in, and gives the focus back to what opened it, where that is wanted.
fn close_menu(within_menu: &Element, refocus: bool) {
    let Some(menu) = closest(Some(within_menu.clone().into()), "details.menu") else { return };
    _ = menu.remove_attribute("open");
    if refocus && let Some(summary) = menu.first_element_child() {
        focus(&summary);
    }
}

fn lesson(row: &Element) -> Option<LessonId> {
    match page::row(row)? {
        Row::Lesson(id) => Some(id),
        Row::Section(_) => None,
    }
}

/// The rows of lessons that a search and folded sections leave.
fn shown() -> impl Iterator<Item = Element> {
    page::lessons().filter(|row| {
        row.dyn_ref::<HtmlElement>().is_some_and(|row| !row.hidden())
            && row.closest("[data-folded], [hidden]").is_ok_and(|folded| folded.is_none())
    })
}

/// The box of the row so many rows below.
fn beside(pick: &Element, by: isize) -> Option<Element> {
    let row = closest(Some(pick.clone().into()), "[data-id]")?;
    let rows: Vec<Element> = shown().collect();
    let at = rows.iter().position(|other| *other == row)?.checked_add_signed(by)?;
    first(rows.get(at)?, "input.pick")
}
