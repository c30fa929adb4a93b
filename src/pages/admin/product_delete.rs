use super::super::params;
use super::layout::AdminPage;
use crate::api::admin::products::{DeleteProduct, get_product_deletion};
use crate::components::delete_form::DeleteForm;
use crate::components::load::Load;
use crate::domain::id::ProductId;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with the product, or what forbids it, and asks.
#[component]
pub fn ProductDeletePage() -> impl IntoView {
    let id = params::id::<ProductId>("product");
    let delete = ServerAction::<DeleteProduct>::new();
    let deletion = Resource::new_blocking(
        move || id.get(),
        async |id| {
            let id = id?;
            get_product_deletion(id).await.map(|deletion| (id, deletion))
        },
    );
    view! {
        <Title text="Delete a product" />
        <AdminPage class="page page--form">
            <Load
                data=deletion
                view=move |(id, deletion)| {
                    view! { <DeleteForm what="product" id=id.to_string() deletion action=delete /> }.into_any()
                }
            />
        </AdminPage>
    }
}
