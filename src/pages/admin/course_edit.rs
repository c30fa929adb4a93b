use super::super::error::ErrorView;
use super::super::field::{FieldText, TextArea, TextField};
use super::super::load::{load, shown};
use super::super::params;
use super::super::preload::Preload;
use super::layout::{AdminPage, Breadcrumb, ViewAs};
use super::outline::{Deleted, OutlineRows};
use crate::api::admin::copies::{CopyCourse, CopyLesson, CopySection};
use crate::api::admin::courses::{GetCourse, UpdateCourse};
use crate::api::admin::lessons::{CreateLesson, SwapLesson};
use crate::api::admin::outline::{ListDeletedRows, RestoreDeletion};
use crate::api::admin::sections::{CreateSection, PublishSection, SwapSection};
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::domain::course::CourseForm;
use crate::domain::deletion::DeletedRows;
use crate::domain::outline::Outline;
use crate::domain::validate::{DESCRIPTION_MAX, NAME_MAX};
use crate::islands::editor::OutlineEditor;
use crate::islands::form::{Form, FormTarget, SavedNote, action};
use leptos::prelude::*;
use leptos_meta::Title;

/// A course's details and its whole outline.
#[component]
pub fn CourseEditPage() -> impl IntoView {
    let (course, deleted) = (
        load::<GetCourse>(params::argument("id", "course")),
        load::<ListDeletedRows>(params::argument("course", "course")),
    );
    view! {
        <AdminPage class="page page--form">
            {shown(async move {
                match (course.await, deleted.await) {
                    (Ok(outline), Ok(deleted)) => view! { <Course outline deleted /> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </AdminPage>
    }
}

#[component]
fn Course(outline: Outline, deleted: Vec<DeletedRows>) -> impl IntoView {
    let id = outline.course_id;
    // Where the page was reached by a button without script that was refused, it begins with that.
    let buttons = [
        FormTarget::of::<SwapSection>(),
        FormTarget::of::<SwapLesson>(),
        FormTarget::of::<CreateSection>(),
        FormTarget::of::<CreateLesson>(),
        FormTarget::of::<PublishSection>(),
        FormTarget::of::<RestoreDeletion>(),
        FormTarget::of::<CopyCourse>(),
        FormTarget::of::<CopySection>(),
        FormTarget::of::<CopyLesson>(),
    ];
    let trouble = buttons.iter().find_map(FormTarget::refusal).cloned();
    view! {
        <Title text=format!("{} · Edit", outline.title) />
        <Preload island="outline_editor" />
        <Breadcrumb steps=vec![("/admin/courses".into(), "Courses".into())] here=outline.title.clone() />
        <div class="page-header">
            <div><h1>{outline.title.clone()}</h1></div>
            <div class="cluster">
                <ViewAs next=format!("/courses/{id}") />
                <a class="button" href=format!("/admin/people?course={id}")><IconView icon=Icon::User />"People"</a>
                <a class="button" href=format!("/admin/courses/{id}/export.zip") download>
                    <IconView icon=Icon::ArrowDown />
                    "Download"
                </a>
                <form method="post" action={action::<CopyCourse>()}>
                    <button class="button" type="submit" name="id" value=id.to_string()>
                        <IconView icon=Icon::Document />
                        "Duplicate"
                    </button>
                </form>
                <a class="button button--danger" href=format!("/admin/courses/{id}/delete")>
                    <IconView icon=Icon::Trash />
                    "Delete"
                </a>
            </div>
        </div>
        <div class="stack stack--l">
            <Details outline=outline.clone() />
            <section class="admin-section" aria-labelledby="outline-h">
                <header><h2 id="outline-h">"Outline"</h2></header>
                <OutlineEditor course=id trouble>
                    <OutlineRows course=id sections=outline.sections />
                </OutlineEditor>
                <Deleted course=id deleted />
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn Details(outline: Outline) -> impl IntoView {
    let update = FormTarget::of::<UpdateCourse>();
    let form = CourseForm { title: outline.title, description: outline.description };
    view! {
        <section class="admin-section" aria-labelledby="details-h">
            <header><h2 id="details-h">"Details"</h2></header>
            <Form to=update class="form">
                <input type="hidden" name="id" value=outline.course_id.to_string() />
                <CourseFields form />
                <div class="form-actions">
                    <Submit>"Save details"</Submit>
                    <SavedNote />
                </div>
            </Form>
        </section>
    }
    .into_any()
}

/// The two fields of a course, to make or to edit one.
#[component]
pub fn CourseFields(form: CourseForm) -> impl IntoView {
    view! {
        <TextField
            text=FieldText::new("form[title]", "Title")
            value=form.title
            max=NAME_MAX
        />
        <TextArea
            text=FieldText::new("form[description]", "Description")
                .optional()
                .hint("Shown above the outline. A sentence or two.")
            value=form.description
            max=DESCRIPTION_MAX
        />
    }
    .into_any()
}
