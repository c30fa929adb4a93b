//! From a press on Buy to access: a checkout is written down, a gateway takes the payment, and [`fulfil`] is the
//! one way from a paid session to a purchase.

mod gateway;

pub use gateway::{Gateway, Gateways, Session, SessionState};

use super::auth::SignedIn;
use super::context::AppState;
use super::db;
use crate::domain::id::{CheckoutId, ProductId, PurchaseId};
use crate::error::AppError;

/// What follows a press on Buy.
pub enum Started {
    /// The buyer is sent to pay there: a path on this site or a provider's page.
    PayAt(String),
    /// Nothing was to be paid.
    Bought(PurchaseId),
}

/// Opens a checkout for a product that is for sale to this buyer. The gateway is called outside any transaction,
/// with the checkout's id as its idempotency key.
pub async fn start(state: &AppState, buyer: SignedIn, product: ProductId) -> Result<Started, AppError> {
    let viewer = super::auth::Viewer::SignedIn(buyer.clone());
    let offer = db::products::offer(&state.db, product, &viewer).await?.ok_or(AppError::NotFound)?;
    if offer.owned {
        return Err(AppError::refused("You own this already."));
    }
    if offer.courses.is_empty() {
        return Err(AppError::refused("There is no course in this product yet."));
    }
    let gateway = state.gateways.for_price(offer.price)?;
    let price = offer.price;
    let checkout =
        state.db.write(move |tx| Box::pin(async move { db::checkouts::open(tx, &buyer, &offer).await })).await?;
    let session = gateway.create(&state.db, checkout, price).await?;
    let id = session.id.clone();
    state.db.write(move |tx| Box::pin(async move { db::checkouts::set_session(tx, checkout, &id).await })).await?;
    match session.pay_at {
        Some(address) => Ok(Started::PayAt(address)),
        None => fulfil(state, &session.id).await.map(Started::Bought),
    }
}

/// Turns a paid session into its purchase and access, once, however often and by whomever it is called: the
/// provider's word decides, and the unique session id lets one caller in.
pub async fn fulfil(state: &AppState, session: &str) -> Result<PurchaseId, AppError> {
    let paid = state.gateways.of_session(session)?.state(&state.db, session).await?;
    if !paid.paid {
        return Err(AppError::refused("This payment has not gone through."));
    }
    let session = session.to_owned();
    state
        .db
        .write(move |tx| {
            Box::pin(async move {
                let agreed = db::checkouts::lock_by_session(tx, &session).await?.ok_or(AppError::NotFound)?;
                if agreed.price != paid.amount || paid.currency != gateway::CURRENCY {
                    tracing::error!(session, agreed = agreed.price.0, paid = paid.amount.0, "amount differs");
                    return Err(AppError::refused("The amount paid is not the price agreed. Write to the author."));
                }
                if let Some(purchase) = db::purchases::record(tx, &agreed, &session).await? {
                    db::access::grant_purchase(tx, agreed.user_id, purchase, &agreed.courses).await?;
                    db::checkouts::complete(tx, agreed.id).await?;
                    return Ok(purchase);
                }
                db::purchases::by_session(tx, &session).await?.ok_or(AppError::Internal)
            })
        })
        .await
}

/// The press on Pay of the demo's payment page.
pub async fn pay_demo(state: &AppState, buyer: &SignedIn, checkout: CheckoutId) -> Result<PurchaseId, AppError> {
    if !state.config.is_demo() {
        return Err(AppError::NotFound);
    }
    // A press that comes after another's payment went through leads to the same receipt.
    let session = db::checkouts::session(&state.db, buyer, checkout).await?.ok_or(AppError::NotFound)?;
    let id = session.clone();
    state.db.write(move |tx| Box::pin(async move { db::demo_payments::pay(tx, &id).await })).await?;
    fulfil(state, &session).await
}
