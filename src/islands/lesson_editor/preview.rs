//! The text as the player shows it, by the same renderer, while it is written.

use super::fields::{field, text};
use crate::api::admin::drafts::PreviewLesson;
use crate::api::submit::Call;
use crate::components::live::{effect, on_document, spawn};
use crate::domain::id::LessonId;
use leptos::html::Div;
use leptos::prelude::*;
use std::time::Duration;

/// How long a text rests until it is shown.
const REST: Duration = Duration::from_millis(350);

#[component]
pub fn Preview(lesson: LessonId) -> impl IntoView {
    let shown = NodeRef::<Div>::new();
    // Counts what was typed: only the last of it is shown, and only the last answer.
    let typed = StoredValue::new(0_u32);
    let show = move || {
        let number = typed.try_update_value(|typed| {
            *typed += 1;
            *typed
        });
        set_timeout(
            move || {
                if typed.try_get_value() == number {
                    spawn(render(lesson, shown, typed, number));
                }
            },
            REST,
        );
    };
    effect(show);
    on_document("input", move |event| {
        let of_text = event
            .target()
            .zip(field())
            .is_some_and(|(target, field)| *AsRef::<web_sys::EventTarget>::as_ref(&field) == target);
        if of_text {
            show();
        }
    });
    view! {
        <section class="preview" aria-labelledby="preview-title">
            <h2 class="preview-title" id="preview-title">"Preview"</h2>
            <div class="prose preview-text" node_ref=shown></div>
        </section>
    }
    .into_any()
}

async fn render(lesson: LessonId, shown: NodeRef<Div>, typed: StoredValue<u32>, number: Option<u32>) {
    let answer = Call::json(&PreviewLesson { id: lesson, markdown: text() }).send().await;
    let html = answer.ok().and_then(|json| serde_json::from_str::<String>(&json).ok());
    if let (Some(html), Some(shown)) = (html, shown.get_untracked())
        && typed.try_get_value() == number
    {
        shown.set_inner_html(&html);
    }
}
