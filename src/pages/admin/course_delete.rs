use super::super::params;
use super::layout::AdminPage;
use crate::api::admin::courses::{DeleteCourse, get_course_deletion};
use crate::components::delete_form::DeleteForm;
use crate::components::load::Load;
use crate::domain::id::CourseId;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the course, or what forbids it, and asks.
#[component]
pub fn CourseDeletePage() -> impl IntoView {
    let id = params::id::<CourseId>("course");
    let delete = ServerAction::<DeleteCourse>::new();
    let deletion = Resource::new_blocking(
        move || id.get(),
        async |id| {
            let id = id?;
            get_course_deletion(id).await.map(|deletion| (id, deletion))
        },
    );
    view! {
        <Title text="Delete a course" />
        <AdminPage class="page page--form">
            <Load
                data=deletion
                view=move |(id, deletion)| {
                    view! { <DeleteForm what="course" id=id.to_string() deletion action=delete /> }.into_any()
                }
            />
        </AdminPage>
    }
}
