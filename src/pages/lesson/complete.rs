//! Marking a lesson completed and taking that back: shown in the same frame, true once the server said so.

use super::Place;
use crate::api::player::CompleteLesson;
use crate::components::icon::{Icon, IconView};
use crate::components::form::failure;
use crate::domain::id::LessonId;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[component]
pub fn LessonBar(place: Place, lesson: LessonId) -> impl IntoView {
    let complete = ServerAction::<CompleteLesson>::new();
    let (value, failure) = (complete.value(), failure(complete));
    let completions = place.completions;
    let done = Memo::new(move |_| completions.get(lesson));
    // What is stored, as far as was answered: where a failed press goes back to.
    let stored = StoredValue::new(done.get_untracked());

    let press = move |event: SubmitEvent| {
        // One press at a time: the last one answered is the one that holds.
        if complete.pending().get_untracked() {
            event.prevent_default();
            return;
        }
        completions.set(lesson, !done.get_untracked());
    };
    Effect::new(move |_| match value.get() {
        Some(Ok(answered)) => {
            stored.set_value(answered);
            completions.set(lesson, answered);
        }
        Some(Err(_)) => completions.set(lesson, stored.get_value()),
        None => {}
    });
    let failed = move || failure.get().filter(|_| !complete.pending().get());
    let state = move || match (failed().is_some(), done.get()) {
        (true, _) => "failed",
        (false, true) => "done",
        (false, false) => "open",
    };
    let course = place.course().to_string();
    let button = move || match (failed().is_some(), done.get()) {
        (true, _) => view! { <button class="button" type="submit"><IconView icon=Icon::Retry />"Retry"</button> }.into_any(),
        (false, true) => {
            view! { <button class="button button--quiet button--small" type="submit">"Undo"</button> }.into_any()
        }
        (false, false) => view! {
            <button class="button button--primary" type="submit"><IconView icon=Icon::Check />"Mark as complete"</button>
        }
        .into_any(),
    };
    view! {
        <div class="lesson-bar" data-state=state>
            {move || {
                (failed().is_none() && done.get())
                    .then(|| {
                        view! {
                            <p class="lesson-done" role="status"><IconView icon=Icon::CheckCircle />"Completed"</p>
                        }
                    })
            }}
            <ActionForm action=complete on:submit:capture=press>
                <input type="hidden" name="course" value=course />
                <input type="hidden" name="lesson" value=lesson.to_string() />
                <input type="hidden" name="done" value=move || (!done.get()).to_string() />
                {button}
            </ActionForm>
            {move || {
                failed()
                    .map(|error| {
                        view! { <p role="alert">{format!("This was not saved. {error}")}</p> }
                    })
            }}
        </div>
    }
    .into_any()
}

