use super::super::load::show;
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::lessons::{DeleteLesson, GetLessonDeletion};
use crate::islands::form::FormTarget;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the lesson, or what forbids it, and asks.
#[component]
pub fn LessonDeletePage() -> impl IntoView {
    let id = params::text("lesson");
    let delete = FormTarget::of::<DeleteLesson>();
    view! {
        <Title text="Delete a lesson" />
        <AdminPage class="page page--form">
            {show::<GetLessonDeletion>(
                params::argument("id", "lesson"),
                move |deletion| view! { <DeleteForm what="lesson" id deletion to=delete /> }.into_any(),
            )}
        </AdminPage>
    }
}
