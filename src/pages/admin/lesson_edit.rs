use super::super::error::ErrorView;
use super::super::field::typed;
use super::super::load::{load, shown};
use super::super::params;
use super::super::preload::Preload;
use super::layout::{AdminPage, Breadcrumb, ViewAs};
use super::lesson_form::{DraftMarkFields, LessonFields};
use crate::api::admin::drafts::{DiscardDraft, GetDrafts};
use crate::api::admin::files::{DeleteCaptions, DeleteLessonFile};
use crate::api::admin::lessons::{GetLessonEdit, UpdateLesson};
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::components::notice::{Notice, NoticeKind};
use crate::domain::draft::{DraftMark, Drafts, OtherDraft};
use crate::domain::lesson::Lesson;
use crate::domain::time::Timestamp;
use crate::islands::form::{Form, FormTarget, SavedNote, VersionField, action};
use crate::islands::lesson_editor::LessonEditor;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn LessonEditPage() -> impl IntoView {
    let id = params::text("lesson");
    let (lesson, drafts) =
        (load::<GetLessonEdit>(params::argument("id", "lesson")), load::<GetDrafts>(params::argument("id", "lesson")));
    view! {
        <AdminPage>
            {shown(async move {
                match (lesson.await, drafts.await) {
                    (Ok(lesson), Ok(drafts)) => view! { <Edit id lesson drafts /> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </AdminPage>
    }
}

#[component]
fn Edit(id: String, lesson: Lesson, drafts: Drafts) -> impl IntoView {
    let Ok(lesson_id) = id.parse() else { return ().into_any() };
    let (delete_file, delete_captions) = (FormTarget::of::<DeleteLessonFile>(), FormTarget::of::<DeleteCaptions>());
    let update = FormTarget::of::<UpdateLesson>();
    let course = format!("/admin/courses/{}/edit", lesson.course_id);
    let saved = lesson.form();
    let steps = vec![("/admin/courses".into(), "Courses".into()), (course, lesson.course_title)];
    let seen = drafts.own.as_ref().map(|draft| draft.revision).unwrap_or_default();
    let draft = drafts.own.filter(|draft| draft.form != saved);
    let draft_by = draft.as_ref().map(|draft| draft.hand.clone());
    let notice = draft.as_ref().map(|draft| view! { <DraftNotice id=id.clone() at=draft.at.clone() seen /> });
    let (form, version) = draft.map_or((saved, lesson.version), |draft| (draft.form, draft.version));
    view! {
        <Title text=format!("{} · Edit", lesson.name) />
        <Preload island="lesson_editor" />
        <Breadcrumb steps here=lesson.name />
        <div class="page-header">
            <div>
                <h1>"Edit lesson"</h1>
                <p class="lede">{format!("In “{}”", lesson.section_name)}</p>
            </div>
            <div class="cluster">
                <ViewAs next=format!("/courses/{}/lessons/{id}", lesson.course_id) />
                <a class="button" href=format!("/admin/lessons/{id}/versions")><IconView icon=Icon::Clock />"Versions"</a>
                <a class="button" href=format!("/admin/lessons/{id}/move")><IconView icon=Icon::FolderMove />"Move"</a>
                <a class="button button--danger" href=format!("/admin/lessons/{id}/delete")>
                    <IconView icon=Icon::Trash />
                    "Delete"
                </a>
            </div>
        </div>
        <LessonEditor
            lesson=lesson_id
            files=lesson.files
            captions=lesson.captions
            delete_file
            delete_captions
        >
            <div class="stack" data-course=lesson.course_id.to_string() data-section=lesson.section_id.to_string() data-draft-by=draft_by>
            <OtherDrafts others=drafts.others />
            {notice}
            <Form to=update class="form">
                <input type="hidden" name="id" value=id.clone() />
                <VersionField value=typed("version").unwrap_or(version) />
                <DraftMarkFields seen=typed(DraftMark::SEEN).unwrap_or(seen.to_string()) />
                <LessonFields form />
                <div class="form-actions">
                    <Submit>"Save lesson"</Submit>
                    <SavedNote />
                </div>
            </Form>
            </div>
        </LessonEditor>
    }
    .into_any()
}

/// Says who else has a draft; script keeps it true while one writes.
#[component]
fn OtherDrafts(others: Vec<OtherDraft>) -> impl IntoView {
    let words: Vec<String> = others.iter().map(OtherDraft::words).collect();
    let none = words.is_empty();
    view! {
        <div id="other-drafts" role="status" hidden=none>
            <Notice kind=NoticeKind::Info title="Not only you">
                <p data-words="">{words.join(" ")}</p>
                <p>"Whoever saves second is told, and can merge the two."</p>
            </Notice>
        </div>
    }
    .into_any()
}

/// Says that the form holds a draft, and the ways to compare it and to be rid of it.
#[component]
fn DraftNotice(id: String, at: Timestamp, seen: i64) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Info title=format!("Your draft of {} UTC", at.minute())>
            <p>"It is in the form, and not saved yet."</p>
            <form class="cluster" method="post" action={action::<DiscardDraft>()}>
                <input type="hidden" name="id" value=id.clone() />
                <DraftMarkFields seen=seen.to_string() />
                <a class="button button--small" href=format!("/admin/lessons/{id}/draft")>"Compare"</a>
                <button class="button button--small" type="submit">"Discard draft"</button>
            </form>
        </Notice>
    }
    .into_any()
}
