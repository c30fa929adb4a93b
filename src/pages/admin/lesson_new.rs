use super::super::load::show;
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use super::lesson_form::LessonFields;
use crate::api::admin::lessons::CreateLesson;
use crate::api::admin::sections::GetSection;
use crate::components::form::Submit;
use crate::domain::lesson::LessonForm;
use crate::domain::section::Section;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn LessonNewPage() -> impl IntoView {
    let id = params::text("section");
    view! {
        <Title text="New lesson" />
        <AdminPage class="page page--form">
            {show::<GetSection>(
                params::argument("id", "section"),
                move |section| view! { <New id section /> }.into_any(),
            )}
        </AdminPage>
    }
}

#[component]
fn New(id: String, section: Section) -> impl IntoView {
    let create = FormTarget::of::<CreateLesson>();
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
        <Form to=create class="form">
            <input type="hidden" name="course" value=section.course_id.to_string() />
            <input type="hidden" name="section" value=id.clone() />
            <LessonFields form=LessonForm::default() />
            <div class="form-actions">
                <Submit>"Create lesson"</Submit>
                <a class="button button--quiet" href=course>"Cancel"</a>
            </div>
        </Form>
    }
    .into_any()
}
