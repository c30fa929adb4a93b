//! A course's outline as learners see it: on the product's page, the course's and beside a lesson. It is the server's
//! HTML alone: the player marks what changes in it ([`row_icon`], `data-state`), so that a long course costs the
//! browser neither data nor code.

use super::icon::{Icon, IconView};
use crate::domain::access::{LessonAccess, Standing};
use crate::domain::id::{CourseId, LessonId};
use crate::domain::outline::{Outline, OutlineLesson, OutlineSection};
use leptos::prelude::*;

/// Every section with its lessons. `current` is the lesson that is open; its section is unfolded, all are where
/// `unfolded` says so.
#[component]
pub fn OutlineView(
    outline: Outline,
    #[prop(default = None)] current: Option<LessonId>,
    #[prop(optional)] unfolded: bool,
) -> impl IntoView {
    let (course, standing) = (outline.course_id, outline.standing);
    let sections = outline.sections.into_iter().map(|section| {
        view! { <SectionView section course standing current unfolded /> }
    });
    sections.collect_view().into_any()
}

#[component]
fn SectionView(
    section: OutlineSection,
    course: CourseId,
    standing: Standing,
    current: Option<LessonId>,
    unfolded: bool,
) -> impl IntoView {
    let holds_current = current.is_some_and(|current| section.lessons.iter().any(|lesson| lesson.id == current));
    let count = section.lessons.len();
    let counter = if standing.keeps_progress() {
        let progress = section.progress();
        view! {
            <span class="visually-hidden">"Completed "</span>
            <span class="outline-done">{format!("{}/{}", progress.completed, progress.total)}</span>
        }
        .into_any()
    } else {
        view! { {if count == 1 { "1 lesson".to_owned() } else { format!("{count} lessons") }} }.into_any()
    };
    let rows = section.lessons.into_iter().map(|lesson| {
        view! { <LessonRow lesson course standing current /> }
    });
    view! {
        <details class="outline-section" id=format!("section-{}", section.id) open=unfolded || holds_current>
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
fn LessonRow(lesson: OutlineLesson, course: CourseId, standing: Standing, current: Option<LessonId>) -> impl IntoView {
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
    let is_current = current == Some(lesson.id);
    let preview = !matches!(standing, Standing::Entitled | Standing::Previewing | Standing::Admin { .. });
    let note = match (preview, lesson.counts) {
        (true, _) => Some("Preview"),
        (false, false) => Some("Draft"),
        (false, true) => None,
    };
    let icon = if preview {
        view! { <IconView icon=Icon::Play /> }
    } else {
        let (icon, label) = row_icon(lesson.completed, is_current);
        view! { <IconView icon label /> }
    };
    let state = match (preview, lesson.completed) {
        (true, _) => "preview",
        (false, true) => "completed",
        (false, false) => "open",
    };
    view! {
        <li>
            <a
                class="outline-link"
                data-state=state
                data-counts=lesson.counts.then_some("")
                aria-current=is_current.then_some("page")
                href=format!("/courses/{course}/lessons/{}", lesson.id)
            >
                {icon}
                <span>{lesson.name}</span>
                {note.map(|note| view! { <span class="outline-note">{note}</span> })}
            </a>
        </li>
    }
    .into_any()
}

/// What stands before a lesson of one's own, and what it says.
pub fn row_icon(completed: bool, current: bool) -> (Icon, &'static str) {
    match (completed, current) {
        (true, _) => (Icon::CheckCircle, "Completed"),
        (false, true) => (Icon::CircleDot, "Not completed"),
        (false, false) => (Icon::Circle, "Not completed"),
    }
}
