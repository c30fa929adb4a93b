use super::course_edit::CourseFields;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::courses::CreateCourse;
use crate::components::form::Submit;
use crate::domain::course::CourseForm;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn CourseNewPage() -> impl IntoView {
    let create = FormTarget::of::<CreateCourse>();
    view! {
        <Title text="New course" />
        <AdminPage class="page page--form">
            <Breadcrumb steps=vec![("/admin/courses".into(), "Courses".into())] here="New course" />
            <div class="page-header"><div><h1>"New course"</h1></div></div>
            <Form to=create class="form">
                <CourseFields form=CourseForm::default() />
                <div class="form-actions">
                    <Submit>"Create course"</Submit>
                    <a class="button button--quiet" href="/admin/courses">"Cancel"</a>
                </div>
            </Form>
        </AdminPage>
    }
}
