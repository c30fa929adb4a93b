use super::super::form::Submission;
use super::super::load::{load, show};
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::lessons::{DeleteLesson, GetLessonDeletion};
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the lesson, or what forbids it, and asks.
#[component]
pub fn LessonDeletePage() -> impl IntoView {
    let id = params::text("lesson");
    let delete = Submission::to::<DeleteLesson>();
    let deletion = load::<GetLessonDeletion>(params::argument("id", "lesson"));
    view! {
        <Title text="Delete a lesson" />
        <AdminPage class="page page--form">
            {show(
                deletion,
                move |deletion| {
                    view! { <DeleteForm what="lesson" id=id() deletion to=delete /> }.into_any()
                },
            )}
        </AdminPage>
    }
}
