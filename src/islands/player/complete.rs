//! Marking a lesson completed and taking that back: shown in the same frame, kept in this browser, and stored as soon
//! as the server can be reached. What it refuses is taken back and said.

use super::super::queue::{Press, Queue};
use super::rows;
use crate::api::player::CompleteLesson;
use crate::components::icon::{Icon, IconView};
use crate::components::live::{effect, live};
use crate::domain::id::{CourseId, LessonId, UserId};
use crate::error::AppError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[derive(Clone, Copy)]
pub struct Completing {
    course: CourseId,
    queue: Option<Queue>,
    /// The open lesson, and whether it is completed as the learner sees it.
    open: RwSignal<(LessonId, bool)>,
    /// Whether the open lesson's press is kept and not stored yet.
    waits: RwSignal<bool>,
    refused: RwSignal<Option<AppError>>,
    /// Whether the last press finished the course.
    finished: RwSignal<bool>,
}

impl Completing {
    /// `open` is the lesson that the page was loaded with, as it is stored.
    pub fn of(course: CourseId, learner: Option<UserId>, open: (LessonId, bool)) -> Self {
        let (open, waits, refused) = (RwSignal::new(open), RwSignal::new(false), RwSignal::new(None));
        let queue = learner.map(|learner| {
            let answered = Callback::new(move |(press, answer): (Press, Result<(), AppError>)| {
                let here = open.get_untracked().0 == press.lesson;
                if here {
                    waits.set(false);
                }
                let Err(error) = answer else { return };
                rows::mark(press.lesson, !press.done);
                rows::tell_progress();
                if here {
                    open.set((press.lesson, !press.done));
                    refused.set(Some(error));
                }
            });
            Queue::of(learner, answered)
        });
        let finished = RwSignal::new(false);
        let completing = Self { course, queue, open, waits, refused, finished };
        // What a visit before could not store is shown as it was left.
        effect(move || {
            let kept = completing.queue.map(Queue::kept).unwrap_or_default();
            for press in kept.iter().filter(|press| press.course == course) {
                rows::mark(press.lesson, press.done);
            }
            if !kept.is_empty() {
                rows::tell_progress();
                let (lesson, stored) = open.get_untracked();
                completing.show(lesson, stored);
            }
        });
        completing
    }

    /// A lesson was opened; the server says whether it is completed, unless the learner said otherwise since. The
    /// outline was loaded before the lesson was: what came last is what is true.
    pub fn show(self, lesson: LessonId, stored: bool) {
        let Some(queue) = self.queue else { return };
        let wish = queue.wish(lesson);
        self.refused.set(None);
        self.finished.set(false);
        self.waits.set(wish.is_some());
        self.set(lesson, wish.unwrap_or(stored));
    }

    /// In the same frame everywhere on the page.
    fn set(self, lesson: LessonId, done: bool) {
        self.open.set((lesson, done));
        rows::mark(lesson, done);
        rows::tell_progress();
        if let Some(text) = document().get_element_by_id("lesson") {
            _ = if done { text.set_attribute("data-completed", "") } else { text.remove_attribute("data-completed") };
        }
    }

    /// The server completed a lesson by itself, for nearly all of its video was played.
    pub fn was_watched(self, lesson: LessonId) {
        if self.queue.is_some_and(|queue| queue.wish(lesson).is_some()) {
            return;
        }
        if self.open.get_untracked().0 == lesson {
            self.set(lesson, true);
        } else {
            rows::mark(lesson, true);
        }
        self.finished.set(rows::tell_progress().is_complete());
    }

    fn press(self) {
        let Some(queue) = self.queue else { return };
        let (lesson, done) = self.open.get_untracked();
        self.refused.set(None);
        self.waits.set(true);
        self.set(lesson, !done);
        self.finished.set(!done && rows::tell_progress().is_complete());
        queue.push(Press { course: self.course, lesson, done: !done });
    }

    fn state(self) -> &'static str {
        match (self.refused.with(Option::is_some), self.open.get()) {
            (true, _) => "failed",
            (false, (_, true)) => "done",
            (false, (_, false)) => "open",
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
pub fn LessonBar(completing: Completing) -> impl IntoView {
    // The form's fields are for a browser without script, which loads the page anew for every lesson.
    let (lesson, wanted) = completing.open.with_untracked(|(lesson, done)| (lesson.to_string(), (!done).to_string()));
    let done = Signal::derive(move || completing.open.get().1);
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
    let course = format!("/courses/{}", completing.course);
    let finished = live(move || match completing.finished.get() {
        true => view! {
            <p class="finished" role="status">
                <IconView icon=Icon::CheckCircle />
                <strong>"You finished the course."</strong>
                <a href=course.clone()>"See what you did"</a>
            </p>
        }
        .into_any(),
        false => ().into_any(),
    });
    let press = move |event: SubmitEvent| {
        event.prevent_default();
        completing.press();
    };
    view! {
        <div class="lesson-bar" data-state=state>
            {completed}
            <form method="post" action=CompleteLesson::PATH on:submit=press>
                <input type="hidden" name="course" value=completing.course.to_string() />
                <input type="hidden" name="lesson" value=lesson />
                <input type="hidden" name="done" value=wanted />
                <button class=class type="submit">{face}</button>
            </form>
            {words}
            {finished}
        </div>
    }
    .into_any()
}
