use super::super::form::Submission;
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::courses::{DeleteCourse, get_course_deletion};
use crate::components::load::{load, show};
use crate::domain::deletion::Deletion;
use crate::domain::id::CourseId;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the course, or what forbids it, and asks.
#[component]
pub fn CourseDeletePage() -> impl IntoView {
    let id = params::text("course");
    let delete = Submission::to::<DeleteCourse>();
    let deletion = load(
        id,
        async |id| {
            let id = params::id(&id)?;
            get_course_deletion(id).await.map(|deletion| (id, deletion))
        },
    );
    view! {
        <Title text="Delete a course" />
        <AdminPage class="page page--form">
            {show(
                deletion,
                move |(id, deletion): (CourseId, Deletion)| {
                    view! { <DeleteForm what="course" id=id.to_string() deletion to=delete /> }.into_any()
                },
            )}
        </AdminPage>
    }
}
