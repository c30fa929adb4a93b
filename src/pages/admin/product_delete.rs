use super::super::form::Submission;
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::products::{DeleteProduct, get_product_deletion};
use crate::components::load::{load, show};
use crate::domain::deletion::Deletion;
use crate::domain::id::ProductId;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the product, or what forbids it, and asks.
#[component]
pub fn ProductDeletePage() -> impl IntoView {
    let id = params::text("product");
    let delete = Submission::to::<DeleteProduct>();
    let deletion = load(
        id,
        async |id| {
            let id = params::id(&id)?;
            get_product_deletion(id).await.map(|deletion| (id, deletion))
        },
    );
    view! {
        <Title text="Delete a product" />
        <AdminPage class="page page--form">
            {show(
                deletion,
                move |(id, deletion): (ProductId, Deletion)| {
                    view! { <DeleteForm what="product" id=id.to_string() deletion to=delete /> }.into_any()
                },
            )}
        </AdminPage>
    }
}
