//! What stands above the rows (undo, search, folding, what is being saved), and what can be done with a selection.

use super::hands::Hands;
use super::page;
use super::state::{Done, Editor, Saving};
use super::words;
use crate::components::icon::{Icon, IconView};
use crate::components::live::live;
use crate::domain::deletion::count;
use crate::domain::id::SectionId;
use crate::domain::lesson::LessonStatus;
use crate::domain::outline_edit::{Intent, Row};
use leptos::prelude::*;

#[component]
pub fn Tools(editor: Editor) -> impl IntoView {
    let fold = move |folded: bool| {
        for section in page::sections() {
            page::fold(&section, folded);
        }
    };
    view! {
        <div class="editor-tools" role="group" aria-label="Outline tools">
            <Step list=editor.past what="Undo" keys="Control+Z" icon=Icon::Undo press=Callback::new(move |()| editor.undo()) />
            <Step
                list=editor.future
                what="Redo"
                keys="Control+Shift+Z"
                icon=Icon::Redo
                press=Callback::new(move |()| editor.redo())
            />
            <input
                class="input input--small"
                type="search"
                aria-label="Search the outline"
                placeholder="Search"
                autocomplete="off"
                on:input=move |event| page::search(&event_target_value(&event))
            />
            <button class="button button--small button--quiet" type="button" on:click=move |_| fold(true)>"Fold all"</button>
            <button class="button button--small button--quiet" type="button" on:click=move |_| fold(false)>"Unfold all"</button>
            <SaveState editor />
        </div>
    }
    .into_any()
}

/// One step back or forth: it says what it takes back, and is none where there is nothing.
#[component]
fn Step(
    list: RwSignal<Vec<Done>>,
    what: &'static str,
    keys: &'static str,
    icon: Icon,
    press: Callback<()>,
) -> impl IntoView {
    let words = Signal::derive(move || {
        list.with(|list| list.last().map_or(what.to_owned(), |done| format!("{what} {}", done.words)))
    });
    view! {
        <button
            class="button button--small button--icon"
            type="button"
            aria-keyshortcuts=keys
            aria-label=words
            title=words
            disabled=Signal::derive(move || list.with(Vec::is_empty))
            on:click=move |_| press.run(())
        >
            <IconView icon />
        </button>
    }
    .into_any()
}

/// What became of the last change.
#[component]
fn SaveState(editor: Editor) -> impl IntoView {
    let words = live(move || match editor.saving.get() {
        Saving::Nothing => ().into_any(),
        Saving::UnderWay => view! { "Saving…" }.into_any(),
        Saving::Waiting => view! { <IconView icon=Icon::Warning />"No answer. Trying again…" }.into_any(),
        Saving::Saved => view! { <IconView icon=Icon::Check />"Saved" }.into_any(),
        Saving::Followed(who) => view! { <IconView icon=Icon::User />{words::followed(&who)} }.into_any(),
    });
    view! { <p class="save-state" role="status">{words}</p> }.into_any()
}

/// The lessons that are selected, and what can be done with all of them.
#[component]
pub fn Selection(editor: Editor, hands: Hands) -> impl IntoView {
    let selected = editor.selected;
    let how_many =
        live(move || format!("{} selected", count(selected.with(Vec::len) as i64, "lesson", "lessons")).into_any());
    let sections = live(move || {
        let options =
            editor.sections.get().into_iter().map(|(id, name)| view! { <option value=id.to_string()>{name}</option> });
        options.collect_view().into_any()
    });
    let statuses = LessonStatus::ALL.map(|status| view! { <option value=status.value()>{status.label()}</option> });
    let move_to = move |event| {
        if let Ok(to) = event_target_value(&event).parse::<SectionId>() {
            editor.act(Intent::MoveLessons { lessons: selected.get_untracked(), to, before: None });
        }
        reset(&event);
    };
    let set_status = move |event| {
        let value = event_target_value(&event);
        if let Some(status) = LessonStatus::ALL.into_iter().find(|status| status.value() == value) {
            let rows = selected.get_untracked().into_iter().map(Row::Lesson).collect();
            editor.act(Intent::SetStatus { rows, status });
        }
        reset(&event);
    };
    view! {
        <div class="editor-selection" role="group" aria-label="Selected lessons" hidden=Signal::derive(move || selected.with(Vec::is_empty))>
            <strong role="status">{how_many}</strong>
            <select class="input input--small" aria-label="Move the selected lessons to" on:change=move_to>
                <option value="">"Move to…"</option>
                {sections}
            </select>
            <select class="input input--small" aria-label="Set the status of the selected lessons" on:change=set_status>
                <option value="">"Status…"</option>
                {statuses.collect_view()}
            </select>
            <button class="button button--small button--danger" type="button" on:click=move |_| hands.delete_selected()>
                <IconView icon=Icon::Trash />
                "Delete"
            </button>
            <button class="button button--small button--quiet" type="button" on:click=move |_| editor.select(Vec::new())>
                "Clear"
            </button>
        </div>
    }
    .into_any()
}

/// A choice that does something is none any more once it is done.
fn reset(event: &leptos::ev::Event) {
    event_target::<web_sys::HtmlSelectElement>(event).set_selected_index(0);
}
