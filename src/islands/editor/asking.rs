//! Asks before something is deleted, and says what goes with it.

use super::state::Editor;
use super::words;
use crate::api::admin::outline::GetRowsDeletion;
use crate::api::submit::Call;
use crate::components::dom::focus;
use crate::components::icon::{Icon, IconView};
use crate::components::live::{effect, live, spawn};
use crate::domain::outline_edit::{Intent, Row};
use leptos::html::Dialog;
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct Asking {
    about: RwSignal<Option<Question>>,
    goes: RwSignal<Vec<String>>,
}

#[derive(Clone)]
struct Question {
    rows: Vec<Row>,
    what: String,
}

impl Asking {
    pub fn new() -> Self {
        Self { about: RwSignal::new(None), goes: RwSignal::new(Vec::new()) }
    }

    /// Asks, and finds out meanwhile what goes with the rows.
    pub fn ask(self, editor: Editor, rows: Vec<Row>) {
        self.goes.set(Vec::new());
        let what = editor.with(|tree| words::rows(tree, rows.iter().copied()));
        let (mut sections, mut lessons) = (Vec::new(), Vec::new());
        for row in &rows {
            match row {
                Row::Section(id) => sections.push(*id),
                Row::Lesson(id) => lessons.push(*id),
            }
        }
        self.about.set(Some(Question { rows: rows.clone(), what }));
        let call = Call::json(&GetRowsDeletion { course: editor.course, sections, lessons });
        spawn(async move {
            let found = call.send().await.ok().and_then(|json| serde_json::from_str(&json).ok());
            // Another question may have been asked by then.
            if self.about.with_untracked(|about| about.as_ref().is_some_and(|question| question.rows == rows)) {
                self.goes.try_set(found.unwrap_or_default());
            }
        });
    }
}

#[component]
pub fn AskDialog(asking: Asking, editor: Editor) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    effect(move || {
        let Some(dialog) = dialog.get() else { return };
        if asking.about.with(Option::is_some) {
            _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    let title = live(move || {
        asking.about.get().map(|question| format!("Delete {}?", question.what)).unwrap_or_default().into_any()
    });
    let goes = live(move || {
        let goes = asking.goes.get().into_iter().map(|sentence| view! { <li>{sentence}</li> });
        goes.collect_view().into_any()
    });
    let delete = move |_| {
        if let Some(question) = asking.about.get_untracked() {
            asking.about.set(None);
            editor.act(Intent::Delete { rows: question.rows });
            // The row is gone, and with it what was focused: the way back is next.
            request_animation_frame(|| {
                if let Ok(Some(undo)) = document().query_selector(".editor-tools button") {
                    focus(&undo);
                }
            });
        }
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="ask-title" on:close=move |_| asking.about.set(None)>
            <h2 id="ask-title">{title}</h2>
            <p>"This goes along. All of it can be undone here, and restored below the outline for a day."</p>
            <ul class="consequences">{goes}</ul>
            <div class="form-actions">
                <button class="button button--danger-solid" type="button" on:click=delete>
                    <IconView icon=Icon::Trash />
                    "Delete"
                </button>
                <button class="button" type="button" on:click=move |_| asking.about.set(None)>"Keep"</button>
            </div>
        </dialog>
    }
    .into_any()
}
