//! Marking a lesson completed and taking that back: shown in the same frame, true once the server said so.

use super::super::form::{Submission, SubmissionForm};
use super::Place;
use crate::components::icon::{Icon, IconView};
use crate::components::live::live;
use crate::domain::id::LessonId;
use leptos::prelude::*;

#[component]
pub fn LessonBar(place: Place, lesson: LessonId) -> impl IntoView {
    let complete = Submission::new(place.take_complete());
    let completions = place.completions;
    let done = Memo::new(move |_| completions.get(lesson));
    // What is stored, as far as was answered: where a failed press goes back to.
    let stored = StoredValue::new(done.get_untracked());
    let pressed = Callback::new(move |()| completions.set(lesson, !done.get_untracked()));
    complete.on_answer(move |answer| {
        if let Some(answered) = answer.ok().and_then(|json| json.parse().ok()) {
            stored.set_value(answered);
        }
        completions.set(lesson, stored.get_value());
    });

    let (failure, pending) = (complete.failure(), complete.pending());
    let failed = Memo::new(move |_| failure.get().filter(|_| !pending.get()).map(|error| error.to_string()));
    let state: Signal<&'static str> = Memo::new(move |_| match (failed.with(Option::is_some), done.get()) {
        (true, _) => "failed",
        (false, true) => "done",
        (false, false) => "open",
    })
    .into();
    let button = live(move || {
        match state.get() {
        "failed" => view! { <button class="button" type="submit"><IconView icon=Icon::Retry />"Retry"</button> }.into_any(),
        "done" => view! { <button class="button button--quiet button--small" type="submit">"Undo"</button> }.into_any(),
        _ => view! {
            <button class="button button--primary" type="submit"><IconView icon=Icon::Check />"Mark as complete"</button>
        }
        .into_any(),
    }
    });
    let words = live(move || match state.get() {
        "done" => {
            view! { <p class="lesson-done" role="status"><IconView icon=Icon::CheckCircle />"Completed"</p> }.into_any()
        }
        _ => ().into_any(),
    });
    let trouble = live(move || match failed.get() {
        Some(error) => view! { <p role="alert">{format!("This was not saved. {error}")}</p> }.into_any(),
        None => ().into_any(),
    });
    view! {
        <div class="lesson-bar" data-state=state>
            {words}
            <SubmissionForm submission=complete pressed>
                <input type="hidden" name="course" value=place.course().to_string() />
                <input type="hidden" name="lesson" value=lesson.to_string() />
                <input type="hidden" name="done" value=Signal::derive(move || (!done.get()).to_string()) />
                {button}
            </SubmissionForm>
            {trouble}
        </div>
    }
    .into_any()
}
