//! Marking a lesson completed and taking that back: shown in the same frame, kept in this browser, and stored as soon
//! as the server can be reached. What it refuses is taken back and said.

use super::super::form::FormTarget;
use super::super::queue::{Press, Queue};
use super::{Course, rows};
use crate::components::icon::{Icon, IconView};
use crate::components::live::live;
use crate::domain::id::LessonId;
use crate::domain::progress::Progress;
use crate::error::AppError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct Completing {
    course: StoredValue<Course>,
    queue: Option<Queue>,
    /// The open lesson, and whether it is completed as the learner sees it.
    open: RwSignal<Option<(LessonId, bool)>>,
    pub progress: RwSignal<Progress>,
    /// Whether the open lesson's press is kept and not stored yet.
    waits: RwSignal<bool>,
    refused: RwSignal<Option<AppError>>,
}

impl Completing {
    /// `open` is the lesson that the page was loaded with, as it is stored.
    pub fn of(course: StoredValue<Course>, progress: Progress, open: Option<(LessonId, bool)>) -> Self {
        let open = RwSignal::new(open);
        let (progress, refused) = (RwSignal::new(progress), RwSignal::new(None));
        let waits = RwSignal::new(false);
        let learner = course.with_value(|course| course.learner);
        let queue = learner.map(|learner| {
            let answered = Callback::new(move |(press, answer): (Press, Result<(), AppError>)| {
                let here = open.get_untracked().is_some_and(|(lesson, _)| lesson == press.lesson);
                if here {
                    waits.set(false);
                }
                let Err(error) = answer else { return };
                rows::mark(press.lesson, !press.done);
                progress.set(rows::progress());
                if here {
                    open.set(Some((press.lesson, !press.done)));
                    refused.set(Some(error));
                }
            });
            Queue::of(learner, answered)
        });
        let completing = Self { course, queue, open, progress, waits, refused };
        // What a visit before could not store is shown as it was left.
        Effect::new(move |_| {
            let kept = completing.queue.map(Queue::kept).unwrap_or_default();
            for press in kept.iter().filter(|press| press.course == course.with_value(|course| course.id)) {
                rows::mark(press.lesson, press.done);
            }
            if !kept.is_empty() {
                progress.set(rows::progress());
                if let Some((lesson, stored)) = open.get_untracked() {
                    completing.show(lesson, stored);
                }
            }
        });
        completing
    }

    /// A lesson was opened; the server says whether it is completed, unless the learner said otherwise since.
    pub fn show(self, lesson: LessonId, stored: bool) {
        let wish = self.queue.and_then(|queue| queue.wish(lesson));
        self.refused.set(None);
        self.waits.set(wish.is_some());
        self.open.set(Some((lesson, wish.unwrap_or(stored))));
    }

    /// Shows in the outline what [`Completing::show`] was told: it was loaded before the lesson was.
    pub fn mark(self) {
        if let Some((lesson, done)) = self.open.get_untracked() {
            rows::mark(lesson, done);
            self.progress.set(rows::progress());
        }
    }

    fn press(self) {
        let Some((queue, (lesson, done))) = self.queue.zip(self.open.get_untracked()) else { return };
        self.refused.set(None);
        self.waits.set(true);
        self.open.set(Some((lesson, !done)));
        self.mark();
        queue.push(Press { course: self.course.with_value(|course| course.id), lesson, done: !done });
    }

    fn state(self) -> &'static str {
        match (self.refused.with(Option::is_some), self.open.get()) {
            (true, _) => "failed",
            (false, Some((_, true))) => "done",
            _ => "open",
        }
    }

    /// What is to be said of the last press, and whether it failed.
    fn words(self) -> Option<(bool, String)> {
        if let Some(error) = self.refused.get() {
            return Some((true, format!("This was not saved. {error}")));
        }
        let trouble = self.queue?.trouble.get().filter(|_| self.waits.get())?;
        Some((
            false,
            match trouble {
                AppError::SignInRequired => "Kept on this device. Sign in again, and it is saved.",
                _ => "Kept on this device. It is saved as soon as the connection is back.",
            }
            .to_owned(),
        ))
    }
}

#[component]
pub fn LessonBar(completing: Completing, target: FormTarget, lesson: LessonId) -> impl IntoView {
    // Without script the page was loaded anew, with what was refused.
    let refusal = target.refusal().map(|error| format!("This was not saved. {error}"));
    let done = Signal::derive(move || completing.open.get().is_some_and(|(_, done)| done));
    let state: Signal<&'static str> = Memo::new(move |_| completing.state()).into();
    let class = Signal::derive(move || match done.get() {
        true => "button button--quiet button--small",
        false => "button button--primary",
    });
    let face = live(move || match state.get() {
        "done" => "Undo".into_any(),
        "failed" => view! { <IconView icon=Icon::Retry />"Retry" }.into_any(),
        _ => view! { <IconView icon=Icon::Check />"Mark as complete" }.into_any(),
    });
    let completed = live(move || match state.get() {
        "done" => {
            view! { <p class="lesson-done" role="status"><IconView icon=Icon::CheckCircle />"Completed"</p> }.into_any()
        }
        _ => ().into_any(),
    });
    let words = live(move || match completing.words() {
        Some((failed, words)) => view! { <p role=if failed { "alert" } else { "status" }>{words}</p> }.into_any(),
        None => ().into_any(),
    });
    let press = move |event: SubmitEvent| {
        event.prevent_default();
        completing.press();
    };
    view! {
        <div class="lesson-bar" data-state=state>
            {completed}
            <form method="post" action=target.path().to_owned() on:submit=press>
                <input type="hidden" name="course" value=completing.course.with_value(|course| course.id.to_string()) />
                <input type="hidden" name="lesson" value=lesson.to_string() />
                <input type="hidden" name="done" value=Signal::derive(move || (!done.get()).to_string()) />
                <button class=class type="submit">{face}</button>
            </form>
            {words}
            {refusal.map(|words| view! { <p role="alert">{words}</p> })}
        </div>
    }
    .into_any()
}
