//! Names written where they stand: a row is renamed in place, and a lesson is begun below another one.

use super::page;
use super::state::Editor;
use crate::components::dom::{first, focus};
use crate::domain::id::LessonId;
use crate::domain::outline_edit::{Intent, Row};
use crate::domain::validate::NAME_MAX;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};

/// What a field is for.
#[derive(Clone, Copy)]
pub enum Field {
    Rename(Row),
    /// Below this lesson; Enter goes on with the next.
    AddAfter(Row),
}

pub fn open(editor: Editor, field: Field) {
    _ = match field {
        Field::Rename(row) => rename(editor, row),
        Field::AddAfter(Row::Lesson(lesson)) => add_after(editor, lesson),
        Field::AddAfter(Row::Section(_)) => None,
    };
}

fn rename(editor: Editor, row: Row) -> Option<()> {
    let text = first(&page::element(row)?, ".editor-name > :is(a, h3)")?.dyn_into::<HtmlElement>().ok()?;
    let name = editor.with(|tree| tree.name(row).map(str::to_owned))?;
    let input = input(&format!("New name of “{name}”"), &name)?;
    text.set_hidden(true);
    page::put_after(&text, &input);
    input.select();
    on_end(&input, move |input, end| {
        text.set_hidden(false);
        let written = input.value();
        input.remove();
        if matches!(end, End::Enter | End::Left) {
            editor.act(Intent::Rename { row, name: written });
        }
        if matches!(end, End::Enter | End::Escape) {
            focus(&text);
            if let Some(handle) = page::element(row)
                .and_then(|row| first(&row, "button.handle"))
                .filter(|_| matches!(row, Row::Section(_)))
            {
                focus(&handle);
            }
        }
        true
    });
    Some(())
}

fn add_after(editor: Editor, lesson: LessonId) -> Option<()> {
    let section = editor.with(|tree| tree.place(lesson).map(|(section, _)| section.id))?;
    let name = editor.with(|tree| tree.name(Row::Lesson(lesson)).map(str::to_owned))?;
    let input = input(&format!("Name of the new lesson below “{name}”"), "")?;
    let place = document().create_element("li").ok()?;
    _ = place.set_attribute("class", "editor-adding");
    place.append_child(&input).ok()?;
    page::put_after(&page::element(Row::Lesson(lesson))?, &place);
    focus(&input);
    let above = Rc::new(Cell::new(lesson));
    on_end(&input, move |input, end| {
        let written = input.value();
        if matches!(end, End::Enter | End::Left) && !written.trim().is_empty() {
            editor.act(Intent::AddLesson { section, after: Some(above.get()), name: written });
            let added = editor.with(|tree| {
                let (section, at) = tree.place(above.get())?;
                section.lessons.get(at + 1).map(|lesson| lesson.id)
            });
            if let (Some(added), End::Enter) = (added, end) {
                above.set(added);
                input.set_value("");
                if let Some(row) = page::element(Row::Lesson(added)) {
                    page::put_after(&row, &place);
                }
                focus(input);
                return false;
            }
        }
        place.remove();
        if let (End::Escape | End::Enter, Some(row)) = (end, page::element(Row::Lesson(above.get())))
            && let Some(link) = first(&row, ".editor-name > a")
        {
            focus(&link);
        }
        true
    });
    Some(())
}

fn input(label: &str, value: &str) -> Option<HtmlInputElement> {
    let input = document().create_element("input").ok()?.dyn_into::<HtmlInputElement>().ok()?;
    for (name, value) in [
        ("class", "input input--small editor-input"),
        ("maxlength", &NAME_MAX.to_string()),
        ("aria-label", label),
        ("autocomplete", "off"),
    ] {
        _ = input.set_attribute(name, value);
    }
    input.set_value(value);
    Some(input)
}

/// How one leaves a field.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Enter,
    Escape,
    /// The focus went elsewhere.
    Left,
}

/// Runs at each end until it says that it is over.
fn on_end(input: &HtmlInputElement, run: impl FnMut(&HtmlInputElement, End) -> bool + 'static) {
    // What runs may take the field away, which makes it lose the focus once more.
    let (busy, run) = (Cell::new(false), RefCell::new(run));
    let field = input.clone();
    let end = move |how: End| {
        if !busy.replace(true) {
            busy.set((run.borrow_mut())(&field, how));
        }
    };
    let heard = Closure::<dyn Fn(Event)>::new(move |event: Event| match event.dyn_ref::<KeyboardEvent>() {
        Some(key) if key.is_composing() => {}
        Some(key) if key.key() == "Enter" => {
            key.prevent_default();
            end(End::Enter);
        }
        Some(key) if key.key() == "Escape" => {
            key.stop_propagation();
            end(End::Escape);
        }
        Some(_) => {}
        None => end(End::Left),
    });
    let heard = heard.into_js_value();
    for event in ["keydown", "blur"] {
        _ = AsRef::<Element>::as_ref(input).add_event_listener_with_callback(event, heard.unchecked_ref());
    }
    focus(input);
}
