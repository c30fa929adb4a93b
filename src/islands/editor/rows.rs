//! The editor's rows: a section with its lessons, a lesson, and what can be done with each.

use super::super::form::{Submission, SubmissionForm};
use super::state::{EditedSection, Editor};
use super::taken;
use crate::components::badge::{Badge, BadgeKind};
use crate::components::form::{ErrorSummary, Submit};
use crate::components::icon::{Icon, IconView};
use crate::domain::deletion::count;
use crate::domain::id::{CourseId, LessonId, SectionId};
use crate::domain::outline::OutlineLesson;
use crate::domain::step::Step;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

#[component]
pub fn SectionRow(section: EditedSection, course: CourseId, editor: Editor) -> impl IntoView {
    let EditedSection { id, name, status, lessons, .. } = section;
    let page = format!("/admin/sections/{id}");
    let size = Signal::derive(move || lessons.with(|lessons| count(lessons.len() as i64, "lesson", "lessons")));
    let sections = editor.sections();
    let neighbours = Memo::new(move |_| sections.with(|all| around(all.iter().map(|section| section.id.0), id.0)));
    let new_lesson = view! { <NewLesson course section=id name=name.clone() editor /> };
    view! {
        <li class="editor-section" data-id=id.to_string() data-name=name.clone()>
            <div class="editor-row editor-head">
                <Handle name=name.clone() />
                <div class="editor-name">
                    <h3>{name.clone()}</h3>
                    <span class="editor-count">{size}</span>
                </div>
                <Badge kind=BadgeKind::from(status) text=status.label() />
                <div class="editor-actions">
                    <a
                        class="button button--quiet button--icon button--small button--wide-only"
                        href=format!("{page}/edit")
                        aria-label=format!("Edit “{name}”")
                    >
                        <IconView icon=Icon::Pencil />
                    </a>
                    <Menu name=name.clone()>
                        <a class="menu-item" href=format!("{page}/edit")><IconView icon=Icon::Pencil />"Edit section"</a>
                        <a class="menu-item" href=format!("{page}/lessons/new")><IconView icon=Icon::Plus />"Write a lesson"</a>
                        <Steps form="swap-section" row=id.0 neighbours />
                        <a class="menu-item menu-item--danger" href=format!("{page}/delete")>
                            <IconView icon=Icon::Trash />
                            "Delete section"
                        </a>
                    </Menu>
                </div>
            </div>
            <ol
                class="editor-lessons"
                role="list"
                aria-label=format!("Lessons in {name}")
                data-list=id.to_string()
                data-kind="lesson"
            >
                <For each=move || lessons.get() key=|lesson| lesson.id let:lesson>
                    <LessonRow lesson lessons />
                </For>
            </ol>
            {new_lesson}
        </li>
    }
    .into_any()
}

#[component]
fn LessonRow(lesson: OutlineLesson, lessons: RwSignal<Vec<OutlineLesson>>) -> impl IntoView {
    let LessonId(id) = lesson.id;
    let page = format!("/admin/lessons/{id}");
    let name = lesson.name.clone();
    let neighbours = Memo::new(move |_| lessons.with(|all| around(all.iter().map(|lesson| lesson.id.0), id)));
    view! {
        <li data-id=id.to_string() data-name=lesson.name.clone()>
            <div class="editor-row">
                <Handle name=lesson.name.clone() />
                <div class="editor-name"><a href=format!("{page}/edit")>{lesson.name.clone()}</a></div>
                <Badge kind=BadgeKind::from(lesson.status) text=lesson.status.label() />
                <div class="editor-actions">
                    <Menu name>
                        <Steps form="swap-lesson" row=id neighbours />
                        <a class="menu-item" href=format!("{page}/move")><IconView icon=Icon::FolderMove />"Move to…"</a>
                        <a class="menu-item menu-item--danger" href=format!("{page}/delete")>
                            <IconView icon=Icon::Trash />
                            "Delete lesson"
                        </a>
                    </Menu>
                </div>
            </div>
        </li>
    }
    .into_any()
}

/// The rows beside one, above and below.
type Neighbours = (Option<Uuid>, Option<Uuid>);

fn around(ids: impl Iterator<Item = Uuid>, id: Uuid) -> Neighbours {
    let ids: Vec<Uuid> = ids.collect();
    let Some(at) = ids.iter().position(|other| *other == id) else { return (None, None) };
    (at.checked_sub(1).map(|above| ids[above]), ids.get(at + 1).copied())
}

#[component]
fn Handle(name: String) -> impl IntoView {
    view! {
        <button class="handle" type="button" aria-label=format!("Reorder “{name}”") aria-describedby="reorder-help">
            <IconView icon=Icon::Grip />
        </button>
    }
    .into_any()
}

#[component]
fn Menu(name: String, children: Children) -> impl IntoView {
    let close = |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close_menu(event.current_target());
        }
    };
    view! {
        <details class="menu" name="row-menu" on:keydown=close>
            <summary class="button button--quiet button--icon button--small" aria-label=format!("Actions for “{name}”")>
                <IconView icon=Icon::More />
            </summary>
            <div class="menu-panel">{children()}</div>
        </details>
    }
    .into_any()
}

/// Closes a menu, and gives the focus back to what opened it.
fn close_menu(menu: Option<EventTarget>) {
    let Some(menu) = menu.and_then(|menu| menu.dyn_into::<Element>().ok()) else { return };
    _ = menu.remove_attribute("open");
    let summary = menu.first_element_child().and_then(|summary| summary.dyn_into::<HtmlElement>().ok());
    _ = summary.map(|summary| summary.focus());
}

/// Move up and Move down, as buttons of the one form of their kind.
#[component]
fn Steps(form: &'static str, row: Uuid, neighbours: Memo<Neighbours>) -> impl IntoView {
    let button = move |up: bool| {
        let neighbour = move || neighbours.with(|(above, below)| if up { *above } else { *below });
        let (icon, text) = if up { (Icon::ArrowUp, "Move up") } else { (Icon::ArrowDown, "Move down") };
        view! {
            <button
                class="menu-item"
                type="submit"
                form=form
                name="step"
                value=Signal::derive(move || Step { row, neighbour: neighbour(), up }.to_string())
                disabled=Signal::derive(move || neighbour().is_none())
            >
                <IconView icon />
                {text}
            </button>
        }
    };
    view! {
        {button(true)}
        {button(false)}
    }
    .into_any()
}

/// A name is enough for a draft; its text comes later.
#[component]
fn NewLesson(course: CourseId, section: SectionId, name: String, editor: Editor) -> impl IntoView {
    let create = Submission::new(editor.new_lesson());
    let typed = NodeRef::<Input>::new();
    create.on_success(move |id: LessonId| editor.add_lesson(section, id, taken(typed)));
    view! {
        <details class="editor-new">
            <summary class="button button--quiet button--small"><IconView icon=Icon::Plus />"Add lesson"</summary>
            <ErrorSummary failure=create.failure() />
            <SubmissionForm submission=create class="editor-add">
                <input type="hidden" name="course" value=course.to_string() />
                <input type="hidden" name="section" value=section.to_string() />
                <input type="hidden" name="stay" value="true" />
                <input
                    class="input input--small"
                    id=format!("new-lesson-{section}")
                    aria-label=format!("Name of the new lesson in {name}")
                    name="form[name]"
                    placeholder="Name of the lesson"
                    required
                    node_ref=typed
                />
                <Submit class="button button--small">"Add"</Submit>
            </SubmissionForm>
        </details>
    }
    .into_any()
}
