//! From a press on Buy to access, and back: a checkout is written down, a gateway takes the payment, and [`settle`] is
//! the one way from what a gateway says to a purchase.

pub mod coupons;
#[cfg(test)]
mod fault_tests;
mod gateway;
mod payment;
pub mod reconciler;
pub mod refunds;
mod settle;
pub mod stripe;
pub mod webhook;

pub use gateway::{Gateway, Gateways};
pub use payment::{Payment, ProviderDispute, ProviderRefund, SessionState};
pub use settle::{Settled, settle};

use super::auth::SignedIn;
use super::context::AppState;
use super::db::{self, checkouts::CheckoutStatus};
use crate::domain::id::{CheckoutId, ProductId, PurchaseId};
use crate::domain::money::Cents;
use crate::domain::purchase::{CheckoutReturn, ReturnState};
use crate::error::AppError;
use gateway::{GatewayError, Order};

/// What follows a press on Buy.
pub enum Started {
    /// The buyer is sent to pay there: a path on this site or a provider's page.
    PayAt(String),
    /// Nothing was to be paid.
    Bought(PurchaseId),
}

/// Opens a checkout for a product that is for sale to this buyer, with what their coupon's code takes off. Where it says
/// what price the buyer saw, it is that price or none. The gateway is called outside any transaction, with the
/// checkout's id as its idempotency key.
pub async fn start(
    state: &AppState,
    buyer: SignedIn,
    product: ProductId,
    coupon: Option<&str>,
    seen: Option<Cents>,
) -> Result<Started, AppError> {
    if let Some(code) = coupon {
        give_up_with(state, &buyer, code).await?;
    }
    let viewer = super::auth::Viewer::SignedIn(buyer.clone());
    let offer = db::offers::offer(&state.db, product, &viewer).await?.ok_or(AppError::NotFound)?;
    if offer.owned {
        return Err(AppError::refused("You own this already."));
    }
    if offer.courses.is_empty() {
        return Err(AppError::refused("There is no course in this product yet."));
    }
    let (name, email, gateways) = (offer.name.clone(), buyer.email.clone(), state.gateways.clone());
    let coupon = coupon.map(str::to_owned);
    let code = coupon.clone();
    let opened = state.db.write(move |tx| {
        Box::pin(async move {
            let (price, coupon) = coupons::agree(tx, &offer, coupon.as_deref(), seen).await?;
            let gateway = gateways.for_price(price)?;
            let (checkout, opened_at) = db::checkouts::open(tx, &buyer, &offer, price, coupon).await?;
            Ok((gateway, price, checkout, opened_at))
        })
    });
    let (gateway, price, checkout, opened_at) = opened.await?;
    let order = Order { checkout, opened_at, product, name, price, email, coupon: code };
    let session = match gateway.create(&state.db, &order).await {
        Ok(session) => session,
        Err(error) => {
            // One that was refused can never be paid; of one that was not answered nobody knows.
            if matches!(error, GatewayError::Refused(_) | GatewayError::NotFound) {
                state.db.write(move |tx| Box::pin(async move { db::checkouts::close(tx, checkout).await })).await?;
            }
            return Err(match error.into() {
                AppError::NotFound => AppError::Unavailable,
                error => error,
            });
        }
    };
    let id = session.id.clone();
    let noted = state.db.write(move |tx| Box::pin(async move { db::checkouts::set_session(tx, checkout, &id).await }));
    if !noted.await? {
        // Its buyer gave it up while the gateway was asked: nobody may pay it any more.
        gateway.expire(&session.id).await?;
        return Err(AppError::refused("This was given up meanwhile. Nothing was charged."));
    }
    match session.pay_at {
        Some(address) => Ok(Started::PayAt(address)),
        None => fulfil(state, &session.id).await.map(Started::Bought),
    }
}

/// Turns a paid session into its purchase and access, once, however often and by whomever it is called: the
/// provider's word decides, and the unique session id lets one caller in.
pub async fn fulfil(state: &AppState, session: &str) -> Result<PurchaseId, AppError> {
    settle(state, session).await?.purchase()
}

/// What a buyer finds who comes back from paying: the purchase, whether or not the provider has told of it yet.
pub async fn returned(state: &AppState, buyer: &SignedIn, checkout: CheckoutId) -> Result<CheckoutReturn, AppError> {
    let own = db::checkouts::own(&state.db, buyer, checkout).await?.ok_or(AppError::NotFound)?;
    let product_id = own.product_id;
    let settled = match (own.purchase, own.session) {
        // Nobody is asked again about what is known.
        (Some(purchase), _) => Settled::Bought(purchase),
        (None, Some(session)) => settle(state, &session).await?,
        (None, None) if own.status == CheckoutStatus::Open => Settled::Open,
        (None, None) => Settled::Closed,
    };
    let state = match settled {
        Settled::Bought(purchase) => ReturnState::Bought(purchase),
        Settled::Open => ReturnState::Open,
        Settled::UnderWay => ReturnState::UnderWay,
        Settled::Closed => ReturnState::Closed,
        Settled::Differs => ReturnState::Differs,
        Settled::Unknown => return Err(AppError::NotFound),
    };
    Ok(CheckoutReturn { product_id, state })
}

/// Gives up a checkout of one's own that is still open, after which it cannot be paid; one that was paid meanwhile is
/// bought. Returns the product.
pub async fn cancel(state: &AppState, buyer: &SignedIn, checkout: CheckoutId) -> Result<ProductId, AppError> {
    let own = db::checkouts::own(&state.db, buyer, checkout).await?.ok_or(AppError::NotFound)?;
    if own.status != CheckoutStatus::Open {
        return Err(AppError::NotFound);
    }
    let session = match own.session {
        Some(session) => session,
        None => {
            let closed =
                state.db.write(move |tx| Box::pin(async move { db::checkouts::close_unopened(tx, checkout).await }));
            if closed.await? {
                return Ok(own.product_id);
            }
            // It was opened in this moment.
            let own = db::checkouts::own(&state.db, buyer, checkout).await?;
            own.and_then(|own| own.session).ok_or(AppError::NotFound)?
        }
    };
    let gateway = state.gateways.of_session(&session)?;
    gateway.expire(&session).await?;
    match settle(state, &session).await? {
        Settled::Bought(_) | Settled::Closed => Ok(own.product_id),
        Settled::UnderWay | Settled::Differs => {
            Err(AppError::refused("This payment is on its way, and cannot be given up any more."))
        }
        // Our own page takes no money for what is closed; a provider would.
        Settled::Open if matches!(gateway, Gateway::Demo) => {
            state.db.write(move |tx| Box::pin(async move { db::checkouts::close(tx, checkout).await })).await?;
            Ok(own.product_id)
        }
        Settled::Open => Err(AppError::Unavailable),
        Settled::Unknown => Err(AppError::NotFound),
    }
}

/// Gives up what a buyer has open with a coupon: paid besides another try, it would use the coupon twice.
async fn give_up_with(state: &AppState, buyer: &SignedIn, code: &str) -> Result<(), AppError> {
    for earlier in db::coupons::own_open(&state.db, buyer, code).await? {
        match cancel(state, buyer, earlier).await {
            // Somebody else closed it meanwhile.
            Ok(_) | Err(AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The press on Pay of the demo's payment page.
pub async fn pay_demo(state: &AppState, buyer: &SignedIn, checkout: CheckoutId) -> Result<PurchaseId, AppError> {
    if !state.gateways.demo {
        return Err(AppError::NotFound);
    }
    // A press that comes after another's payment went through leads to the same receipt.
    let own = db::checkouts::own(&state.db, buyer, checkout).await?.ok_or(AppError::NotFound)?;
    let session = own.session.filter(|session| own.status != CheckoutStatus::Expired && session.starts_with("demo_"));
    let session = session.ok_or(AppError::NotFound)?;
    let id = session.clone();
    state.db.write(move |tx| Box::pin(async move { db::demo_payments::pay(tx, &id).await })).await?;
    fulfil(state, &session).await
}
