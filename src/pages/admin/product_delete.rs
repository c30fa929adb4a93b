use super::super::form::Submission;
use super::super::load::{load, show};
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::products::{DeleteProduct, GetProductDeletion};
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the product, or what forbids it, and asks.
#[component]
pub fn ProductDeletePage() -> impl IntoView {
    let id = params::text("product");
    let delete = Submission::to::<DeleteProduct>();
    let deletion = load::<GetProductDeletion>(params::argument("id", "product"));
    view! {
        <Title text="Delete a product" />
        <AdminPage class="page page--form">
            {show(
                deletion,
                move |deletion| {
                    view! { <DeleteForm what="product" id=id() deletion to=delete /> }.into_any()
                },
            )}
        </AdminPage>
    }
}
