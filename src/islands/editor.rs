//! The outline editor: a course's sections and lessons in the author's hands.
//!
//! Its rows are the server's HTML, so that a thousand of them cost no more than their HTML does: they are read once as
//! a tree (`page.rs`), and follow it from then on. What the author does is an intent, which becomes a change of the tree
//! (`domain/outline_edit.rs`), is shown at once, and goes to the server in its turn (`state.rs`). Without script the rows
//! are what they are: links and plain forms.

mod asking;
mod hands;
mod live;
mod page;
mod state;
mod tools;
mod words;
mod writing;

use crate::components::announcer::{Announcer, LiveRegion};
use crate::components::live::{effect, live as follows, on_document, on_window};
use crate::components::notice::{Notice, NoticeKind};
use crate::components::sortable::{Dropped, Sortable};
use crate::domain::id::{CourseId, LessonId, SectionId};
use crate::domain::outline_edit::Intent;
use crate::error::{AppError, Conflict};
use asking::{AskDialog, Asking};
use hands::Hands;
use leptos::prelude::*;
use state::{Editor, Trouble};
use tools::{Selection, Tools};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

#[island(lazy)]
pub fn OutlineEditor(
    course: CourseId,
    /// Why a change that was sent without script was refused.
    trouble: Option<AppError>,
    /// The rows, and what else of the outline is the server's.
    children: Children,
) -> impl IntoView {
    let announcer = Announcer::new();
    let editor = Editor::new(course, trouble, announcer);
    let asking = Asking::new();
    let hands = Hands { editor, asking, choosing: StoredValue::new(None), anchor: StoredValue::new(None) };
    listen(editor);
    let on_drop = Callback::new(move |dropped: Dropped| dropped_at(editor, &dropped));
    let said =
        follows(move || editor.trouble.get().map(|trouble| view! { <TroubleNotice trouble editor /> }).into_any());
    view! {
        <div
            class="outline-editor"
            on:click=move |event| hands.click(&event)
            on:dblclick=move |event| hands.double_click(&event)
            on:keydown=move |event| hands.key(&event)
            on:submit=move |event| hands.submit(&event)
        >
            <Tools editor />
            <div data-stale>{said}</div>
            <p class="visually-hidden" id="reorder-help">
                "Press Space to lift, arrow keys to move, Space to drop, Escape to put it back."
            </p>
            <Sortable on_drop announcer>{children()}</Sortable>
            <Selection editor hands />
            <AskDialog asking editor />
            <LiveRegion announcer />
        </div>
    }
    .into_any()
}

/// What comes from outside of the editor: keys for undo, other authors, and leaving the page.
fn listen(editor: Editor) {
    on_document("keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() || crate::components::dom::is_writing() {
            return;
        }
        match (event.key().as_str(), event.shift_key()) {
            ("z", false) => editor.undo(),
            ("z" | "Z", true) | ("y", false) => editor.redo(),
            _ => return,
        }
        event.prevent_default();
    });
    on_window("beforeunload", move |event| {
        if editor.is_busy() {
            event.prevent_default();
        }
    });
    effect(move || {
        editor.start();
        live::follow(editor);
    });
}

/// A lesson that is selected takes the selection along.
fn dropped_at(editor: Editor, dropped: &Dropped) {
    let id = |text: &str| text.parse::<Uuid>().ok();
    let before = dropped.before.as_deref().and_then(id);
    let (Some(item), Some(to)) = (id(&dropped.item), id(&dropped.to)) else { return };
    editor.act(if dropped.kind == "section" {
        Intent::MoveSection { section: SectionId(item), before: before.map(SectionId) }
    } else {
        let item = LessonId(item);
        let selected = editor.selected.get_untracked();
        let lessons = if selected.contains(&item) { selected } else { vec![item] };
        Intent::MoveLessons { lessons, to: SectionId(to), before: before.map(LessonId) }
    });
}

/// Why the last change was not saved, and the way to do it on what is there now.
#[component]
fn TroubleNotice(trouble: Trouble, editor: Editor) -> impl IntoView {
    let Trouble { error, offers } = trouble;
    let (title, sentence) = match error {
        AppError::Conflict(Conflict::Stale(_)) => {
            ("Someone else changed the outline".to_owned(), "What you see now is how it is.".to_owned())
        }
        error => ("Your change was not saved".to_owned(), error.to_string()),
    };
    // What they were about may be gone.
    let offers: Vec<Intent> =
        offers.into_iter().filter(|intent| editor.with(|tree| intent.plan(tree, Uuid::nil).is_some())).collect();
    let words: Vec<String> = offers.iter().map(|intent| editor.with(|tree| words::of(tree, intent))).collect();
    let words = (!words.is_empty()).then(|| words.join(", "));
    let again = words.is_some().then(|| {
        let press = move |_| {
            editor.trouble.set(None);
            for intent in offers.clone() {
                editor.act(intent);
            }
        };
        view! { <button class="button button--small button--primary" type="button" on:click=press>"Do it now"</button> }
    });
    let kept = match words {
        Some(words) => format!(" Not saved: {words}. Do you still want it?"),
        None => " Your last change was not saved.".to_owned(),
    };
    view! {
        <Notice kind=NoticeKind::Warning title>
            <p>{sentence}{kept}</p>
            <div class="cluster">
                {again}
                <button class="button button--small" type="button" on:click=move |_| editor.trouble.set(None)>
                    "Leave it"
                </button>
            </div>
        </Notice>
    }
    .into_any()
}
