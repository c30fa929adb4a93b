use super::super::form::Submission;
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::sections::{DeleteSection, get_section_deletion};
use crate::components::load::{load, show};
use crate::domain::deletion::Deletion;
use crate::domain::id::SectionId;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the section, or what forbids it, and asks.
#[component]
pub fn SectionDeletePage() -> impl IntoView {
    let id = params::text("section");
    let delete = Submission::to::<DeleteSection>();
    let deletion = load(
        id,
        async |id| {
            let id = params::id(&id)?;
            get_section_deletion(id).await.map(|deletion| (id, deletion))
        },
    );
    view! {
        <Title text="Delete a section" />
        <AdminPage class="page page--form">
            {show(
                deletion,
                move |(id, deletion): (SectionId, Deletion)| {
                    view! { <DeleteForm what="section" id=id.to_string() deletion to=delete /> }.into_any()
                },
            )}
        </AdminPage>
    }
}
