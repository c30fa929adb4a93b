use crate::domain::id::{CheckoutId, ProductId, PurchaseId};
use crate::domain::money::Cents;
use crate::domain::purchase::{CheckoutPage, CheckoutReturn, Purchase};
use crate::error::AppError;
use leptos::prelude::*;

/// Opens a checkout and leads to where it is paid; what is free is bought at once. With a coupon's code, where there is
/// one, and at the price that the buyer saw, in cents, where that is said.
#[server(endpoint = "start_checkout")]
pub async fn start_checkout(
    product: ProductId,
    #[server(default)] coupon: String,
    #[server(default)] price: Option<Cents>,
) -> Result<(), AppError> {
    use crate::server::context;
    use crate::server::payments::{self, Started};
    let buyer = context::viewer().signed_in()?;
    let coupon = Some(coupon.trim()).filter(|code| !code.is_empty());
    match payments::start(&context::state()?, buyer, product, coupon, price).await? {
        Started::PayAt(address) => leptos_axum::redirect(&address),
        Started::Bought(purchase) => leptos_axum::redirect(&format!("/purchases/{purchase}")),
    }
    Ok(())
}

/// A checkout of one's own that is still open.
#[server(endpoint = "get_checkout")]
pub async fn get_checkout(id: CheckoutId) -> Result<CheckoutPage, AppError> {
    use crate::server::{context, db};
    let buyer = context::viewer().signed_in()?;
    db::checkouts::open_page(&context::state()?.db, &buyer, id).await?.ok_or(AppError::NotFound)
}

/// Pays on the demo's payment page and leads to the receipt.
#[server(endpoint = "pay_demo_checkout")]
pub async fn pay_demo_checkout(id: CheckoutId) -> Result<(), AppError> {
    use crate::server::{context, payments};
    let buyer = context::viewer().signed_in()?;
    let purchase = payments::pay_demo(&context::state()?, &buyer, id).await?;
    leptos_axum::redirect(&format!("/purchases/{purchase}"));
    Ok(())
}

/// Gives a checkout up and leads back to the product.
#[server(endpoint = "cancel_checkout")]
pub async fn cancel_checkout(id: CheckoutId) -> Result<(), AppError> {
    use crate::server::{context, payments};
    let buyer = context::viewer().signed_in()?;
    let product = payments::cancel(&context::state()?, &buyer, id).await?;
    leptos_axum::redirect(&format!("/products/{product}"));
    Ok(())
}

/// What became of a checkout of one's own that the buyer comes back from: where it was paid, it is bought by now, and
/// the way leads to the receipt.
#[server(endpoint = "return_from_checkout")]
pub async fn return_from_checkout(id: CheckoutId) -> Result<CheckoutReturn, AppError> {
    use crate::domain::purchase::ReturnState;
    use crate::server::{context, payments};
    let buyer = context::viewer().signed_in()?;
    let returned = payments::returned(&context::state()?, &buyer, id).await?;
    if let ReturnState::Bought(purchase) = returned.state {
        leptos_axum::redirect(&format!("/purchases/{purchase}"));
    }
    Ok(returned)
}

/// The viewer's purchases, refunded ones too, newest first.
#[server(endpoint = "list_purchases")]
pub async fn list_purchases() -> Result<Vec<Purchase>, AppError> {
    use crate::server::{context, db};
    let buyer = context::viewer().signed_in()?;
    Ok(db::purchases::of_user(&context::state()?.db, &buyer, None).await?)
}

/// One purchase of the viewer's own.
#[server(endpoint = "get_purchase")]
pub async fn get_purchase(id: PurchaseId) -> Result<Purchase, AppError> {
    use crate::server::{context, db};
    let buyer = context::viewer().signed_in()?;
    db::purchases::of_user(&context::state()?.db, &buyer, Some(id)).await?.pop().ok_or(AppError::NotFound)
}
