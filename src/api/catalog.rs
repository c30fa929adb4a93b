use crate::domain::id::ProductId;
use crate::domain::product::{ProductCard, ProductPage};
use crate::error::AppError;
use leptos::prelude::*;

/// Every public product, newest first.
#[server(endpoint = "get_storefront")]
pub async fn get_storefront() -> Result<Vec<ProductCard>, AppError> {
    use crate::server::{catalog, context};
    catalog::storefront(&context::state()?, &context::viewer()).await
}

/// A product with the outline of every course in it, as the viewer may see them; and what a coupon's code, where they come
/// with one, does to its price.
#[server(endpoint = "get_product")]
pub async fn get_product(id: ProductId, #[server(default)] coupon: String) -> Result<ProductPage, AppError> {
    use crate::server::{catalog, context};
    catalog::product(&context::state()?, &context::viewer(), id, coupon.trim()).await
}
