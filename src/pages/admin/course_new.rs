use super::course_edit::CourseFields;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::courses::CreateCourse;
use crate::components::form::{FormErrors, Submit, failure};
use crate::domain::course::CourseForm;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn CourseNewPage() -> impl IntoView {
    let create = ServerAction::<CreateCourse>::new();
    let failure = failure(create);
    view! {
        <Title text="New course" />
        <AdminPage class="page page--form">
            <Breadcrumb steps=vec![("/admin/courses".into(), "Courses".into())] here="New course" />
            <div class="page-header"><div><h1>"New course"</h1></div></div>
            <FormErrors failure />
            <ActionForm action=create attr:class="form">
                <CourseFields form=CourseForm::default() failure />
                <div class="form-actions">
                    <Submit pending=create.pending()>"Create course"</Submit>
                    <a class="button button--quiet" href="/admin/courses">"Cancel"</a>
                </div>
            </ActionForm>
        </AdminPage>
    }
}
