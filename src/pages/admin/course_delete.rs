use super::super::form::Submission;
use super::super::load::{load, show};
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::courses::{DeleteCourse, GetCourseDeletion};
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the course, or what forbids it, and asks.
#[component]
pub fn CourseDeletePage() -> impl IntoView {
    let id = params::text("course");
    let delete = Submission::to::<DeleteCourse>();
    let deletion = load::<GetCourseDeletion>(params::argument("id", "course"));
    view! {
        <Title text="Delete a course" />
        <AdminPage class="page page--form">
            {show(
                deletion,
                move |deletion| {
                    view! { <DeleteForm what="course" id=id() deletion to=delete /> }.into_any()
                },
            )}
        </AdminPage>
    }
}
