use super::super::params;
use super::layout::AdminPage;
use crate::api::admin::lessons::{DeleteLesson, get_lesson_deletion};
use crate::components::delete_form::DeleteForm;
use crate::components::load::Load;
use crate::domain::id::LessonId;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the lesson, or what forbids it, and asks.
#[component]
pub fn LessonDeletePage() -> impl IntoView {
    let id = params::id::<LessonId>("lesson");
    let delete = ServerAction::<DeleteLesson>::new();
    let deletion = Resource::new_blocking(
        move || id.get(),
        async |id| {
            let id = id?;
            get_lesson_deletion(id).await.map(|deletion| (id, deletion))
        },
    );
    view! {
        <Title text="Delete a lesson" />
        <AdminPage class="page page--form">
            <Load
                data=deletion
                view=move |(id, deletion)| {
                    view! { <DeleteForm what="lesson" id=id.to_string() deletion action=delete /> }.into_any()
                }
            />
        </AdminPage>
    }
}
