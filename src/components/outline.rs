//! A course's outline as learners see it: on the product's page, the course's and beside a lesson.

use super::icon::{Icon, IconView};
use super::live::live;
use crate::domain::access::{LessonAccess, Standing};
use crate::domain::id::{CourseId, LessonId};
use crate::domain::outline::{Outline, OutlineLesson, OutlineSection, progress_of};
use crate::domain::progress::Progress;
use leptos::prelude::*;
use std::collections::HashMap;

/// What is completed, as the learner sees it: a signal a lesson, so that one press redraws one row.
#[derive(Clone, Copy)]
pub struct Completions(StoredValue<HashMap<LessonId, RwSignal<bool>>>);

impl Completions {
    pub fn of(outline: &Outline) -> Self {
        Self(StoredValue::new(outline.lessons().map(|lesson| (lesson.id, RwSignal::new(lesson.completed))).collect()))
    }

    pub fn get(self, lesson: LessonId) -> bool {
        self.signal(lesson).is_some_and(|signal| signal.get())
    }

    pub fn set(self, lesson: LessonId, completed: bool) {
        if let Some(signal) = self.signal(lesson).filter(|signal| signal.get_untracked() != completed) {
            signal.set(completed);
        }
    }

    pub fn progress(self, lessons: &[OutlineLesson]) -> Progress {
        progress_of(lessons, |lesson| self.get(lesson.id))
    }

    fn signal(self, lesson: LessonId) -> Option<RwSignal<bool>> {
        self.0.with_value(|signals| signals.get(&lesson).copied())
    }
}

/// Every section with its lessons. `current` is the lesson that is open; its section is unfolded, all are where there
/// is none and `unfolded` says so.
#[component]
pub fn OutlineView(
    outline: Outline,
    completions: Completions,
    #[prop(optional, into)] current: Option<Signal<Option<LessonId>>>,
    #[prop(optional)] unfolded: bool,
) -> impl IntoView {
    let learner = outline.standing.keeps_progress();
    let (course, standing) = (outline.course_id, outline.standing);
    let sections = outline.sections.into_iter().map(|section| {
        view! { <SectionView section course standing completions current unfolded learner /> }
    });
    sections.collect_view().into_any()
}

#[component]
fn SectionView(
    section: OutlineSection,
    course: CourseId,
    standing: Standing,
    completions: Completions,
    current: Option<Signal<Option<LessonId>>>,
    unfolded: bool,
    learner: bool,
) -> impl IntoView {
    let holds_current = {
        let ids: Vec<LessonId> = section.lessons.iter().map(|lesson| lesson.id).collect();
        move || current.and_then(|current| current.get()).is_some_and(|current| ids.contains(&current))
    };
    let count = section.lessons.len();
    let lessons = StoredValue::new(section.lessons.clone());
    let counter = live(move || {
        if learner {
            let progress = lessons.with_value(|lessons| completions.progress(lessons));
            view! {
                <span class="visually-hidden">"Completed "</span>
                {format!("{}/{}", progress.completed, progress.total)}
            }
            .into_any()
        } else {
            view! { {if count == 1 { "1 lesson".to_owned() } else { format!("{count} lessons") }} }.into_any()
        }
    });
    let rows = section.lessons.into_iter().map(|lesson| {
        view! { <LessonRow lesson course standing completions current /> }
    });
    view! {
        <details class="outline-section" open=Signal::derive(move || unfolded || holds_current())>
            <summary>
                <IconView icon=Icon::ChevronRight />
                <span>{section.name}</span>
                <span class="outline-count">{counter}</span>
            </summary>
            <ul class="outline-lessons" role="list">{rows.collect_view()}</ul>
        </details>
    }
    .into_any()
}

#[component]
fn LessonRow(
    lesson: OutlineLesson,
    course: CourseId,
    standing: Standing,
    completions: Completions,
    current: Option<Signal<Option<LessonId>>>,
) -> impl IntoView {
    if lesson.access == LessonAccess::Locked {
        return view! {
            <li>
                <span class="outline-link" data-state="locked">
                    <IconView icon=Icon::Lock label="Locked" />
                    <span>{lesson.name}</span>
                </span>
            </li>
        }
        .into_any();
    }
    let id = lesson.id;
    let is_current = move || current.is_some_and(|current| current.get() == Some(id));
    let preview = !matches!(standing, Standing::Entitled | Standing::Admin { .. });
    let note = match (preview, lesson.counts) {
        (true, _) => Some("Preview"),
        (false, false) => Some("Draft"),
        (false, true) => None,
    };
    let icon = live(move || match (preview, completions.get(id), is_current()) {
        (true, ..) => view! { <IconView icon=Icon::Play /> }.into_any(),
        (_, true, _) => view! { <IconView icon=Icon::CheckCircle label="Completed" /> }.into_any(),
        (_, false, true) => view! { <IconView icon=Icon::CircleDot label="Not completed" /> }.into_any(),
        (_, false, false) => view! { <IconView icon=Icon::Circle label="Not completed" /> }.into_any(),
    });
    let state = Signal::derive(move || match (preview, completions.get(id)) {
        (true, _) => "preview",
        (false, true) => "completed",
        (false, false) => "open",
    });
    view! {
        <li>
            <a
                class="outline-link"
                data-state=state
                aria-current=Signal::derive(move || is_current().then_some("page"))
                href=format!("/courses/{course}/lessons/{id}")
            >
                {icon}
                <span>{lesson.name}</span>
                {note.map(|note| view! { <span class="outline-note">{note}</span> })}
            </a>
        </li>
    }
    .into_any()
}
