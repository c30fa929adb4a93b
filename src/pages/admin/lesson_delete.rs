use super::super::form::Submission;
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::lessons::{DeleteLesson, get_lesson_deletion};
use crate::components::load::{load, show};
use crate::domain::deletion::Deletion;
use crate::domain::id::LessonId;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the lesson, or what forbids it, and asks.
#[component]
pub fn LessonDeletePage() -> impl IntoView {
    let id = params::text("lesson");
    let delete = Submission::to::<DeleteLesson>();
    let deletion = load(
        id,
        async |id| {
            let id = params::id(&id)?;
            get_lesson_deletion(id).await.map(|deletion| (id, deletion))
        },
    );
    view! {
        <Title text="Delete a lesson" />
        <AdminPage class="page page--form">
            {show(
                deletion,
                move |(id, deletion): (LessonId, Deletion)| {
                    view! { <DeleteForm what="lesson" id=id.to_string() deletion to=delete /> }.into_any()
                },
            )}
        </AdminPage>
    }
}
