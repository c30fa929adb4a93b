use super::super::load::show;
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::sections::{DeleteSection, GetSectionDeletion};
use crate::islands::form::FormTarget;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the section, or what forbids it, and asks.
#[component]
pub fn SectionDeletePage() -> impl IntoView {
    let id = params::text("section");
    let delete = FormTarget::of::<DeleteSection>();
    view! {
        <Title text="Delete a section" />
        <AdminPage class="page page--form">
            {show::<GetSectionDeletion>(
                params::argument("id", "section"),
                move |deletion| view! { <DeleteForm what="section" id deletion to=delete /> }.into_any(),
            )}
        </AdminPage>
    }
}
