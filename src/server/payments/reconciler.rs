//! What nobody told: from time to time the server itself asks about whatever is still open. Several servers share the
//! work, each taking what no other has taken.

use super::{refunds, settle, webhook};
use crate::error::AppError;
use crate::server::auth::Admin;
use crate::server::context::AppState;
use crate::server::db;
use std::time::Duration;

/// The pause between two rounds.
const PAUSE: Duration = Duration::from_secs(5 * 60);
/// How long somebody who asked for a round waits for its end: a longer one goes on without them.
const PATIENCE: Duration = Duration::from_secs(20);
/// What is taken at a time.
const BATCH: i64 = 20;

/// What a round looked at, and how much of it failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub checkouts: usize,
    pub events: usize,
    pub refunds: usize,
    pub failed: usize,
}

/// Reconciles now and then for as long as the server runs.
pub async fn forever(state: AppState) {
    loop {
        match reconcile(&state).await {
            Ok(round) if round != Round::default() => tracing::info!(?round, "reconciled payments"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "payments could not be reconciled"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// A round over all that is open, due or not.
pub async fn reconcile_now(state: &AppState, admin: Admin) -> Result<(), AppError> {
    state.db.write(move |tx| Box::pin(async move { db::ledger::make_due(tx, &admin).await })).await?;
    let state = state.clone();
    let round = tokio::spawn(async move { reconcile(&state).await });
    match tokio::time::timeout(PATIENCE, round).await {
        Ok(done) => done.unwrap_or(Err(AppError::Internal)).map(|_| ()),
        Err(_) => Ok(()),
    }
}

/// One round over what is due: open checkouts, refunds that were not answered or are on their way, events that the webhook
/// did not take, and those that failed. One that fails again blocks none of the others.
pub async fn reconcile(state: &AppState) -> Result<Round, AppError> {
    let mut round = Round::default();
    let mut tell = |outcome: Result<(), AppError>| {
        if let Err(error) = outcome {
            tracing::warn!(%error, "one payment could not be reconciled");
            round.failed += 1;
        }
    };
    let (mut checkouts, mut events, mut asked) = (0, 0, 0);
    state.db.write(|tx| Box::pin(db::checkouts::close_unanswered(tx))).await?;
    loop {
        let due = state.db.write(|tx| Box::pin(db::checkouts::take_due(tx, BATCH))).await?;
        if due.is_empty() {
            break;
        }
        checkouts += due.len();
        for session in due {
            tell(settle(state, &session).await.map(|_| ()));
        }
    }
    loop {
        let due = state.db.write(|tx| Box::pin(db::refunds::take_due(tx, None, BATCH))).await?;
        if due.is_empty() {
            break;
        }
        asked += due.len();
        for refund in due {
            tell(match refund.answered {
                true => settle(state, &refund.session).await.map(|_| ()),
                false => refunds::perform(state, refund).await,
            });
        }
    }
    // What the webhook never took. An event that is there already is left to its own pauses.
    if let Some(stripe) = &state.gateways.stripe {
        match stripe.missed_events().await {
            Ok(missed) => {
                for payload in missed {
                    let id = payload["id"].as_str().unwrap_or_default();
                    if !db::payment_events::is_known(&state.db, id).await? {
                        events += 1;
                        tell(webhook::replay(state, payload).await);
                    }
                }
            }
            Err(error) => tell(Err(error.into())),
        }
    }
    loop {
        let due = state.db.write(|tx| Box::pin(db::payment_events::take_due(tx, BATCH))).await?;
        if due.is_empty() {
            break;
        }
        events += due.len();
        for payload in due {
            tell(webhook::replay(state, payload).await);
        }
    }
    Ok(Round { checkouts, events, refunds: asked, ..round })
}
