//! Giving money back: written down first, then asked of the gateway under a key that makes it one refund, now or, where
//! the gateway is away, later.

use super::gateway::GatewayError;
use super::settle::settle_returns;
use crate::domain::id::PurchaseId;
use crate::domain::refund::RefundFields;
use crate::error::AppError;
use crate::server::auth::Admin;
use crate::server::context::AppState;
use crate::server::db::{self, refunds::Requested};

/// Gives money of a purchase back. A gateway that does not answer now is asked again later: the refund waits for it.
pub async fn request(
    state: &AppState,
    admin: Admin,
    purchase: PurchaseId,
    fields: RefundFields,
) -> Result<(), AppError> {
    let ask = state.db.write(move |tx| {
        Box::pin(async move {
            let Some(refund) = db::refunds::request(tx, &admin, purchase, fields).await? else { return Ok(None) };
            Ok(db::refunds::take_due(tx, Some(refund), 1).await?.pop())
        })
    });
    match ask.await? {
        Some(requested) => perform(state, requested).await,
        None => Ok(()),
    }
}

/// Asks the gateway for a refund, or what became of it, and writes down the answer.
pub async fn perform(state: &AppState, requested: Requested) -> Result<(), AppError> {
    let gateway = state.gateways.of_session(&requested.session)?;
    let answer = gateway.refund(&requested).await;
    let Requested { id, purchase, session, .. } = requested;
    state
        .db
        .write(move |tx| {
            Box::pin(async move {
                match answer {
                    Ok(refund) => {
                        // Whoever settles the session meanwhile takes the same lock first.
                        let checkout = db::checkouts::lock(tx, &session, None).await?.ok_or(AppError::NotFound)?;
                        db::refunds::answered(tx, id, &refund).await?;
                        settle_returns(tx, checkout.id, purchase).await
                    }
                    Err(GatewayError::Away(why)) => {
                        tracing::warn!(why, "a refund waits for the payment provider");
                        db::refunds::note_silence(tx, id, &why).await
                    }
                    Err(GatewayError::Refused(why)) => {
                        tracing::error!(why, "the payment provider refuses a refund");
                        db::refunds::fail(tx, id, &why).await
                    }
                    Err(GatewayError::NotFound) => db::refunds::fail(tx, id, "the payment was not found").await,
                    Err(GatewayError::Ours(error)) => Err(error),
                }
            })
        })
        .await
}
