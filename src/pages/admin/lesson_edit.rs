use super::super::field::typed;
use super::super::load::show;
use super::super::params;
use super::super::preload::Preload;
use super::layout::{AdminPage, Breadcrumb};
use super::lesson_form::LessonFields;
use crate::api::admin::files::{DeleteCaptions, DeleteLessonFile};
use crate::api::admin::lessons::{GetLessonEdit, UpdateLesson};
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::domain::lesson::{Lesson, LessonForm};
use crate::islands::form::{Form, FormTarget, SavedNote, VersionField};
use crate::islands::uploader::Uploader;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn LessonEditPage() -> impl IntoView {
    let id = params::text("lesson");
    view! {
        <AdminPage class="page page--form">
            {show::<GetLessonEdit>(
                params::argument("id", "lesson"),
                move |lesson| view! { <Edit id lesson /> }.into_any(),
            )}
        </AdminPage>
    }
}

#[component]
fn Edit(id: String, lesson: Lesson) -> impl IntoView {
    let Ok(lesson_id) = id.parse() else { return ().into_any() };
    let (delete_file, delete_captions) = (FormTarget::of::<DeleteLessonFile>(), FormTarget::of::<DeleteCaptions>());
    let update = FormTarget::of::<UpdateLesson>();
    let course = format!("/admin/courses/{}/edit", lesson.course_id);
    let steps = vec![("/admin/courses".into(), "Courses".into()), (course, lesson.course_title)];
    let form = LessonForm {
        name: lesson.name.clone(),
        status: lesson.status,
        video_url: lesson.video_url.unwrap_or_default(),
        by_hand: !lesson.completes_by_watching,
        markdown: lesson.markdown.unwrap_or_default(),
    };
    view! {
        <Title text=format!("{} · Edit", lesson.name) />
        <Breadcrumb steps here=lesson.name />
        <div class="page-header">
            <div>
                <h1>"Edit lesson"</h1>
                <p class="lede">{format!("In “{}”", lesson.section_name)}</p>
            </div>
            <div class="cluster">
                <a class="button" href=format!("/courses/{}/lessons/{id}", lesson.course_id)>
                    <IconView icon=Icon::Eye />
                    "View lesson"
                </a>
                <a class="button" href=format!("/admin/lessons/{id}/versions")><IconView icon=Icon::Clock />"Versions"</a>
                <a class="button" href=format!("/admin/lessons/{id}/move")><IconView icon=Icon::FolderMove />"Move"</a>
                <a class="button button--danger" href=format!("/admin/lessons/{id}/delete")>
                    <IconView icon=Icon::Trash />
                    "Delete"
                </a>
            </div>
        </div>
        <Form to=update class="form">
            <input type="hidden" name="id" value=id.clone() />
            <VersionField value=typed("version").unwrap_or(lesson.version) />
            <LessonFields form />
            <div class="form-actions">
                <Submit>"Save lesson"</Submit>
                <SavedNote />
            </div>
        </Form>
        <section class="files" id="files" aria-labelledby="files-title">
            <h2 id="files-title">"Files"</h2>
            <p class="muted">
                "One video (mp4 or webm), which plays instead of the address above; captions (.vtt, .srt); pictures for "
                "the text; anything to download."
            </p>
            <Preload island="uploader" />
            <Uploader lesson=lesson_id files=lesson.files captions=lesson.captions delete_file delete_captions />
        </section>
    }
    .into_any()
}
