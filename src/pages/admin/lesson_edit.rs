use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use super::lesson_form::LessonFields;
use crate::api::admin::lessons::{UpdateLesson, get_lesson_edit};
use crate::components::form::{FormErrors, Submit, failure};
use crate::components::icon::{Icon, IconView};
use crate::components::load::Load;
use crate::domain::id::LessonId;
use crate::domain::lesson::{Lesson, LessonForm};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn LessonEditPage() -> impl IntoView {
    let id = params::id::<LessonId>("lesson");
    let lesson = Resource::new_blocking(
        move || id.get(),
        async |id| {
            let id = id?;
            get_lesson_edit(id).await.map(|lesson| (id, lesson))
        },
    );
    view! {
        <AdminPage class="page page--form">
            <Load data=lesson view=|(id, lesson)| view! { <Edit id lesson /> }.into_any() />
        </AdminPage>
    }
}

#[component]
fn Edit(id: LessonId, lesson: Lesson) -> impl IntoView {
    let update = ServerAction::<UpdateLesson>::new();
    let (failure, value) = (failure(update), update.value());
    // After a save the form edits what was saved.
    let version = RwSignal::new(lesson.version);
    Effect::new(move |_| {
        if let Some(Ok(saved)) = value.get() {
            version.set(saved);
        }
    });
    let course = format!("/admin/courses/{}/edit", lesson.course_id);
    let steps = vec![("/admin/courses".into(), "Courses".into()), (course, lesson.course_title)];
    let form = LessonForm {
        name: lesson.name.clone(),
        status: lesson.status,
        video_url: lesson.video_url.unwrap_or_default(),
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
                <a class="button" href=format!("/admin/lessons/{id}/move")><IconView icon=Icon::FolderMove />"Move"</a>
                <a class="button button--danger" href=format!("/admin/lessons/{id}/delete")>
                    <IconView icon=Icon::Trash />
                    "Delete"
                </a>
            </div>
        </div>
        <FormErrors failure />
        <ActionForm action=update attr:class="form">
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="version" value=move || version.get() />
            <LessonFields form failure />
            <div class="form-actions">
                <Submit pending=update.pending()>"Save lesson"</Submit>
                <span class="form-status" role="status">{move || matches!(value.get(), Some(Ok(_))).then_some("Saved")}</span>
            </div>
        </ActionForm>
    }
    .into_any()
}
