use crate::domain::id::PaymentFlagId;
use crate::domain::ledger::Ledger;
use crate::error::AppError;
use leptos::prelude::*;

/// What the payment provider told: all that is not applied, and the latest; and what does not fit.
#[server(endpoint = "admin/get_ledger")]
pub async fn get_ledger() -> Result<Ledger, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    Ok(Ledger {
        provider: state.gateways.stripe.is_some(),
        counts: db::ledger::counts(&state.db, &admin).await?,
        matters: db::ledger::matters(&state.db, &admin).await?,
        events: db::ledger::events(&state.db, &admin, 100).await?,
    })
}

/// Asks the payment provider about all that is open, now.
#[server(endpoint = "admin/reconcile_payments")]
pub async fn reconcile_payments() -> Result<(), AppError> {
    use crate::server::{context, payments};
    let admin = context::viewer().admin()?;
    payments::reconciler::reconcile_now(&context::state()?, admin).await
}

/// Applies an event that failed; one that was applied stays as it is. The id is the provider's.
#[server(endpoint = "admin/replay_event")]
pub async fn replay_event(id: String) -> Result<(), AppError> {
    use crate::server::{context, payments};
    let admin = context::viewer().admin()?;
    payments::webhook::replay_by_hand(&context::state()?, &admin, &id).await
}

/// Puts away what a person has looked at.
#[server(endpoint = "admin/resolve_flag")]
pub async fn resolve_flag(id: PaymentFlagId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::ledger::resolve_flag(tx, &admin, id).await })).await
}
