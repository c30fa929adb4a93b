use super::super::form::{Form, Submission};
use super::super::load::{load, show};
use super::super::params;
use super::editor::OutlineEditor;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::courses::{GetCourse, UpdateCourse};
use crate::api::admin::lessons::SwapLesson;
use crate::api::admin::sections::SwapSection;
use crate::components::field::{FieldText, TextArea, TextField};
use crate::components::form::{FormErrors, Submit, of_field};
use crate::components::icon::{Icon, IconView};
use crate::domain::course::CourseForm;
use crate::domain::outline::Outline;
use crate::domain::validate::{DESCRIPTION_MAX, NAME_MAX};
use crate::error::AppError;
use leptos::prelude::*;
use leptos_meta::Title;

/// A course's details and its whole outline.
#[component]
pub fn CourseEditPage() -> impl IntoView {
    let course = load::<GetCourse>(params::argument("id", "course"));
    // A move that was refused is said above the outline that is loaded next.
    // Where the page was reached by a button without script that was refused, it begins with that.
    let buttons = [Submission::to::<SwapSection>(), Submission::to::<SwapLesson>()];
    let trouble = RwSignal::new(buttons.iter().find_map(|button| button.failure().get_untracked()));
    let reload = Callback::new(move |()| course.refetch());
    view! {
        <AdminPage class="page page--form">
            {show(course, move |outline| view! { <Course outline trouble reload /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Course(outline: Outline, trouble: RwSignal<Option<AppError>>, reload: Callback<()>) -> impl IntoView {
    let id = outline.course_id;
    view! {
        <Title text=format!("{} · Edit", outline.title) />
        <Breadcrumb steps=vec![("/admin/courses".into(), "Courses".into())] here=outline.title.clone() />
        <div class="page-header">
            <div><h1>{outline.title.clone()}</h1></div>
            <div class="cluster">
                <a class="button" href=format!("/courses/{id}")><IconView icon=Icon::Eye />"View course"</a>
                <a class="button button--danger" href=format!("/admin/courses/{id}/delete")>
                    <IconView icon=Icon::Trash />
                    "Delete"
                </a>
            </div>
        </div>
        <div class="stack stack--l">
            <Details outline=outline.clone() />
            <OutlineEditor outline trouble reload />
        </div>
    }
    .into_any()
}

#[component]
fn Details(outline: Outline) -> impl IntoView {
    let update = Submission::to::<UpdateCourse>();
    let failure = update.failure();
    let form = CourseForm { title: outline.title, description: outline.description };
    view! {
        <section class="admin-section" aria-labelledby="details-h">
            <header><h2 id="details-h">"Details"</h2></header>
            <FormErrors failure />
            <Form to=update class="form">
                <input type="hidden" name="id" value=outline.course_id.to_string() />
                <CourseFields form failure />
                <div class="form-actions">
                    <Submit pending=update.pending()>"Save details"</Submit>
                    <span class="form-status" role="status">
                        {update.saved()}
                    </span>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

/// The two fields of a course, to make or to edit one.
#[component]
pub fn CourseFields(form: CourseForm, failure: Signal<Option<AppError>>) -> impl IntoView {
    view! {
        <TextField
            text=FieldText::new("form[title]", "Title")
            error=of_field(failure, "title")
            value=form.title
            max=NAME_MAX
        />
        <TextArea
            text=FieldText::new("form[description]", "Description")
                .optional()
                .hint("Shown above the outline. A sentence or two.")
            error=of_field(failure, "description")
            value=form.description
            max=DESCRIPTION_MAX
        />
    }
    .into_any()
}
