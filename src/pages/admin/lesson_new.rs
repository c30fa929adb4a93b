use super::super::form::{Form, Submission};
use super::super::load::{load, show};
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use super::lesson_form::LessonFields;
use crate::api::admin::lessons::CreateLesson;
use crate::api::admin::sections::GetSection;
use crate::components::form::{FormErrors, Submit};
use crate::domain::lesson::LessonForm;
use crate::domain::section::Section;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn LessonNewPage() -> impl IntoView {
    let id = params::text("section");
    let section = load::<GetSection>(params::argument("id", "section"));
    view! {
        <Title text="New lesson" />
        <AdminPage class="page page--form">
            {show(section, move |section| view! { <New id=id() section /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn New(id: String, section: Section) -> impl IntoView {
    let create = Submission::to::<CreateLesson>();
    let failure = create.failure();
    let course = format!("/admin/courses/{}/edit", section.course_id);
    let steps = vec![("/admin/courses".into(), "Courses".into()), (course.clone(), section.course_title)];
    view! {
        <Breadcrumb steps here="New lesson" />
        <div class="page-header">
            <div>
                <h1>"New lesson"</h1>
                <p class="lede">{format!("At the end of “{}”", section.name)}</p>
            </div>
        </div>
        <FormErrors failure />
        <Form to=create class="form">
            <input type="hidden" name="course" value=section.course_id.to_string() />
            <input type="hidden" name="section" value=id.clone() />
            <LessonFields form=LessonForm::default() failure />
            <div class="form-actions">
                <Submit pending=create.pending()>"Create lesson"</Submit>
                <a class="button button--quiet" href=course>"Cancel"</a>
            </div>
        </Form>
    }
    .into_any()
}
