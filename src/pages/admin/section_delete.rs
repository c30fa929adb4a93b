use super::super::params;
use super::layout::AdminPage;
use crate::api::admin::sections::{DeleteSection, get_section_deletion};
use crate::components::delete_form::DeleteForm;
use crate::components::load::Load;
use crate::domain::id::SectionId;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the section, or what forbids it, and asks.
#[component]
pub fn SectionDeletePage() -> impl IntoView {
    let id = params::id::<SectionId>("section");
    let delete = ServerAction::<DeleteSection>::new();
    let deletion = Resource::new_blocking(
        move || id.get(),
        async |id| {
            let id = id?;
            get_section_deletion(id).await.map(|deletion| (id, deletion))
        },
    );
    view! {
        <Title text="Delete a section" />
        <AdminPage class="page page--form">
            <Load
                data=deletion
                view=move |(id, deletion)| {
                    view! { <DeleteForm what="section" id=id.to_string() deletion action=delete /> }.into_any()
                }
            />
        </AdminPage>
    }
}
