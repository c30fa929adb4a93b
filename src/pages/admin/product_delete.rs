use super::super::load::show;
use super::super::params;
use super::delete_form::DeleteForm;
use super::layout::AdminPage;
use crate::api::admin::products::{DeleteProduct, GetProductDeletion};
use crate::islands::form::FormTarget;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the product, or what forbids it, and asks.
#[component]
pub fn ProductDeletePage() -> impl IntoView {
    let id = params::text("product");
    let delete = FormTarget::of::<DeleteProduct>();
    view! {
        <Title text="Delete a product" />
        <AdminPage class="page page--form">
            {show::<GetProductDeletion>(
                params::argument("id", "product"),
                move |deletion| view! { <DeleteForm what="product" id deletion to=delete /> }.into_any(),
            )}
        </AdminPage>
    }
}
