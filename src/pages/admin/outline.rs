//! A course's outline as its editor and the browser without script have it: links, and plain forms.

use crate::api::admin::copies::{CopyLesson, CopySection};
use crate::api::admin::lessons::{CreateLesson, SwapLesson};
use crate::api::admin::outline::RestoreDeletion;
use crate::api::admin::sections::{CreateSection, PublishSection, SwapSection};
use crate::components::badge::{Badge, BadgeKind};
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::domain::deletion::{DeletedRows, count};
use crate::domain::id::{CourseId, LessonId, SectionId};
use crate::domain::lesson::LessonStatus;
use crate::domain::outline::{OutlineLesson, OutlineSection};
use crate::domain::section::SectionStatus;
use crate::domain::step::Step;
use crate::islands::form::action;
use leptos::prelude::*;
use uuid::Uuid;

/// The rows, the forms that their buttons belong to, and what a row that is made by script is made from.
#[component]
pub fn OutlineRows(course: CourseId, sections: Vec<OutlineSection>) -> impl IntoView {
    let ids: Vec<Uuid> = sections.iter().map(|section| section.id.0).collect();
    let rows = sections.into_iter().enumerate().map(|(at, section)| {
        let around = around(&ids, at);
        view! { <SectionRow section course around /> }
    });
    let blank = OutlineSection {
        id: SectionId(Uuid::nil()),
        name: String::new(),
        status: SectionStatus::default(),
        lessons: Vec::new(),
    };
    view! {
        <StepForm id="swap-section" action={action::<SwapSection>()} course />
        <StepForm id="swap-lesson" action={action::<SwapLesson>()} course />
        <form id="publish-section" method="post" action={action::<PublishSection>()}></form>
        <form id="copy-section" method="post" action={action::<CopySection>()}></form>
        <form id="copy-lesson" method="post" action={action::<CopyLesson>()}></form>
        <ol class="editor" id="outline-rows" role="list" aria-label="Sections" data-list=course.to_string() data-kind="section">
            {rows.collect_view()}
        </ol>
        <NewSection course />
        <StatusMenu />
        <template id="row-section"><SectionRow section=blank course around=(None, None) /></template>
        <template id="row-lesson"><LessonRow lesson=blank_lesson() around=(None, None) /></template>
    }
    .into_any()
}

fn blank_lesson() -> OutlineLesson {
    OutlineLesson {
        id: LessonId(Uuid::nil()),
        name: String::new(),
        status: LessonStatus::default(),
        access: crate::domain::access::LessonAccess::Open,
        counts: false,
        completed: false,
        has_video: false,
    }
}

/// The rows beside one, above and below.
type Neighbours = (Option<Uuid>, Option<Uuid>);

fn around(ids: &[Uuid], at: usize) -> Neighbours {
    (at.checked_sub(1).map(|above| ids[above]), ids.get(at + 1).copied())
}

/// The form that every Move up and Move down button of a kind belongs to: one for all rows, for a row of its own each
/// would be most of the page.
#[component]
fn StepForm(id: &'static str, action: String, course: CourseId) -> impl IntoView {
    view! {
        <form id=id method="post" action=action>
            <input type="hidden" name="course" value=course.to_string() />
        </form>
    }
}

#[component]
fn SectionRow(section: OutlineSection, course: CourseId, around: Neighbours) -> impl IntoView {
    let OutlineSection { id, name, status, lessons } = section;
    let page = format!("/admin/sections/{id}");
    let size = count(lessons.len() as i64, "lesson", "lessons");
    let ids: Vec<Uuid> = lessons.iter().map(|lesson| lesson.id.0).collect();
    let rows = lessons.into_iter().enumerate().map(|(at, lesson)| {
        let around = self::around(&ids, at);
        view! { <LessonRow lesson around /> }
    });
    view! {
        <li class="editor-section" data-id=id.to_string() data-name=name.clone() data-status=status.value()>
            <div class="editor-row editor-head">
                <Handle name=name.clone() />
                <button
                    class="editor-fold"
                    type="button"
                    data-act="fold"
                    aria-expanded="true"
                    aria-label=format!("Lessons of “{name}”")
                >
                    <IconView icon=Icon::ChevronDown />
                </button>
                <div class="editor-name">
                    <h3>{name.clone()}</h3>
                    <span class="editor-count">{size}</span>
                </div>
                <Status name=name.clone() kind=status.into() text=status.label() />
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
                    <Act act="rename" icon=Icon::Pencil text="Rename" />
                    <Act act="pick-all" icon=Icon::Check text="Select its lessons" />
                    <button
                        class="menu-item"
                        type="submit"
                        form="publish-section"
                        name="section"
                        value=id.to_string()
                        data-act="publish"
                    >
                        <IconView icon=Icon::Eye />
                        "Publish with all lessons"
                    </button>
                    <Duplicate form="copy-section" id=id.to_string() />
                    <Steps form="swap-section" row=id.0 around />
                    <Delete href=format!("{page}/delete") text="Delete section" />
                </Menu>
                </div>
            </div>
            <ol
                class="editor-lessons"
                role="list"
                aria-label=format!("Lessons in “{name}”")
                data-list=id.to_string()
                data-kind="lesson"
            >
                {rows.collect_view()}
            </ol>
            <NewLesson course section=id name=name.clone() />
        </li>
    }
    .into_any()
}

#[component]
fn LessonRow(lesson: OutlineLesson, around: Neighbours) -> impl IntoView {
    let LessonId(id) = lesson.id;
    let page = format!("/admin/lessons/{id}");
    let name = lesson.name;
    view! {
        <li data-id=id.to_string() data-name=name.clone() data-status=lesson.status.value()>
            <div class="editor-row">
                <Handle name=name.clone() />
                <input class="pick" type="checkbox" autocomplete="off" aria-label=format!("Select “{name}”") />
                <div class="editor-name"><a href=format!("{page}/edit")>{name.clone()}</a></div>
                <Status name=name.clone() kind=lesson.status.into() text=lesson.status.label() />
                <Menu name=name.clone()>
                    <Act act="rename" icon=Icon::Pencil text="Rename" />
                    <Act act="add-below" icon=Icon::Plus text="Add lesson below" />
                    <Duplicate form="copy-lesson" id=id.to_string() />
                    <Steps form="swap-lesson" row=id around />
                    <a class="menu-item" href=format!("{page}/move")><IconView icon=Icon::FolderMove />"Move to…"</a>
                    <Delete href=format!("{page}/delete") text="Delete lesson" />
                </Menu>
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn Handle(name: String) -> impl IntoView {
    view! {
        <button class="handle" type="button" aria-label=format!("Reorder “{name}”") aria-describedby="reorder-help">
            <IconView icon=Icon::Grip />
        </button>
    }
}

/// A row's status. With script it opens the choice of another one.
#[component]
fn Status(name: String, kind: BadgeKind, text: &'static str) -> impl IntoView {
    view! {
        <button
            class="editor-status"
            type="button"
            data-act="status"
            aria-haspopup="menu"
            aria-description=format!("Status of “{name}”")
        >
            <Badge kind text />
        </button>
    }
}

#[component]
fn Menu(name: String, children: Children) -> impl IntoView {
    view! {
        <details class="menu" name="row-menu">
            <summary class="button button--quiet button--icon button--small" aria-label=format!("Actions for “{name}”")>
                <IconView icon=Icon::More />
            </summary>
            <div class="menu-panel">{children()}</div>
        </details>
    }
}

/// What only script can do.
#[component]
fn Act(act: &'static str, icon: Icon, text: &'static str) -> impl IntoView {
    view! { <button class="menu-item by-script" type="button" data-act=act><IconView icon />{text}</button> }
}

#[component]
fn Duplicate(form: &'static str, id: String) -> impl IntoView {
    view! {
        <button class="menu-item" type="submit" form=form name="id" value=id>
            <IconView icon=Icon::Document />
            "Duplicate"
        </button>
    }
}

#[component]
fn Delete(href: String, text: &'static str) -> impl IntoView {
    view! {
        <a class="menu-item menu-item--danger" href=href data-act="delete"><IconView icon=Icon::Trash />{text}</a>
    }
}

/// Move up and Move down, as buttons of the one form of their kind.
#[component]
fn Steps(form: &'static str, row: Uuid, around: Neighbours) -> impl IntoView {
    let (above, below) = around;
    [(true, above, Icon::ArrowUp, "Move up"), (false, below, Icon::ArrowDown, "Move down")]
        .map(|(up, neighbour, icon, text)| {
            view! {
                <button
                    class="menu-item"
                    type="submit"
                    form=form
                    name="step"
                    value=Step { row, neighbour, up }.to_string()
                    disabled=neighbour.is_none()
                >
                    <IconView icon />
                    {text}
                </button>
            }
        })
        .collect_view()
}

/// A name is enough for a draft; its text comes later.
#[component]
fn NewLesson(course: CourseId, section: SectionId, name: String) -> impl IntoView {
    view! {
        <details class="editor-new">
            <summary class="button button--quiet button--small"><IconView icon=Icon::Plus />"Add lesson"</summary>
            <form class="editor-add" method="post" action={action::<CreateLesson>()} data-add="lesson">
                <input type="hidden" name="course" value=course.to_string() />
                <input type="hidden" name="section" value=section.to_string() />
                <input
                    class="input input--small"
                    id=format!("new-lesson-{section}")
                    aria-label=format!("Name of the new lesson in “{name}”")
                    name="form[name]"
                    placeholder="Name of the lesson"
                    autocomplete="off"
                    required
                />
                <Submit class="button button--small">"Add"</Submit>
            </form>
        </details>
    }
    .into_any()
}

#[component]
fn NewSection(course: CourseId) -> impl IntoView {
    view! {
        <form class="editor-add editor-add--section" method="post" action={action::<CreateSection>()} data-add="section">
            <input type="hidden" name="course" value=course.to_string() />
            <input
                class="input input--small"
                id="new-section"
                aria-label="Name of the new section"
                name="form[name]"
                placeholder="New section"
                autocomplete="off"
                required
            />
            <Submit class="button button--small" icon=Icon::Plus>"Add section"</Submit>
        </form>
    }
    .into_any()
}

/// The choice of a status, one for all rows: script opens it beside the one that is pressed.
#[component]
fn StatusMenu() -> impl IntoView {
    let choices = LessonStatus::ALL.map(|status| {
        view! {
            <button class="menu-item status-choice" type="button" role="menuitem" data-set=status.value()>
                <span><Badge kind=status.into() text=status.label() /></span>
                <span>{status.meaning()}</span>
            </button>
        }
    });
    view! {
        <div class="menu-panel status-menu" id="status-menu" popover="auto" role="menu" aria-label="Status">
            {choices.collect_view()}
        </div>
    }
    .into_any()
}

/// What was deleted, and can be had again for a while.
#[component]
pub fn Deleted(course: CourseId, deleted: Vec<DeletedRows>) -> impl IntoView {
    let any = !deleted.is_empty();
    let rows = deleted.into_iter().map(|deleted| {
        view! {
            <li>
                <span>{deleted.words()}</span>
                <span class="muted">"until "<time datetime=deleted.until.0.clone()>{deleted.until.minute()}</time>" UTC"</span>
                <button class="button button--small" type="submit" name="deletion" value=deleted.id.to_string()>
                    <IconView icon=Icon::Retry />
                    "Restore"
                </button>
            </li>
        }
    });
    view! {
        <section class="deleted" id="deleted" aria-labelledby="deleted-title" hidden=!any>
            <h3 id="deleted-title">"Recently deleted"</h3>
            <p class="muted">"With everything that learners completed in it. After this it is gone for good."</p>
            <form method="post" action={action::<RestoreDeletion>()}>
                <input type="hidden" name="course" value=course.to_string() />
                <ul role="list">{rows.collect_view()}</ul>
            </form>
        </section>
    }
    .into_any()
}
