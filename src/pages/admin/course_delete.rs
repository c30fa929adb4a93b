use super::super::load::show;
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::courses::{DeleteCourse, GetCourseDeletion};
use crate::islands::form::FormTarget;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the course, or what forbids it, and asks.
#[component]
pub fn CourseDeletePage() -> impl IntoView {
    let id = params::text("course");
    let delete = FormTarget::of::<DeleteCourse>();
    view! {
        <Title text="Delete a course" />
        <AdminPage class="page page--form">
            {show::<GetCourseDeletion>(
                params::argument("id", "course"),
                move |deletion| view! { <DeleteForm what="course" id deletion to=delete /> }.into_any(),
            )}
        </AdminPage>
    }
}
