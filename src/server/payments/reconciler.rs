//! What nobody told: from time to time the server itself asks about whatever is still open. Several servers share the
//! work, each taking what no other has taken.

use super::{refunds, settle, webhook};
use crate::error::AppError;
use crate::server::auth::Admin;
use crate::server::context::AppState;
use crate::server::db;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// The pause between two rounds.
const PAUSE: Duration = Duration::from_secs(5 * 60);
/// How long somebody who asked for a round waits for its end: a longer one goes on without them.
const PATIENCE: Duration = Duration::from_secs(20);
/// What is taken at a time.
const BATCH: i64 = 20;
/// How far back missed events are looked for by a server that has not looked yet. Stripe itself tries for three days.
const FIRST_LOOK: TimeDelta = TimeDelta::days(5);
/// How much of what was looked at is looked at again: clocks differ, and an event may be listed late.
const OVERLAP: TimeDelta = TimeDelta::minutes(30);

/// What a round looked at, and how much of it failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub checkouts: usize,
    pub events: usize,
    pub refunds: usize,
    pub failed: usize,
}

impl Round {
    /// Counts what came of one: that it fails again blocks none of the others.
    fn tell<T>(&mut self, outcome: Result<T, AppError>) {
        if let Err(error) = outcome {
            tracing::warn!(%error, "one payment could not be reconciled");
            self.failed += 1;
        }
    }
}

/// Reconciles now and then for as long as the server runs.
pub async fn forever(state: AppState) {
    let mut since = Utc::now() - FIRST_LOOK;
    loop {
        since = look(&state, since).await;
        tokio::time::sleep(PAUSE).await;
    }
}

/// One of these rounds, with the events that were missed since then; returns since when the next one looks for them.
pub async fn look(state: &AppState, since: DateTime<Utc>) -> DateTime<Utc> {
    let began = Utc::now();
    match reconcile_since(state, since).await {
        Ok(round) => {
            if round != Round::default() {
                tracing::info!(?round, "reconciled payments");
            }
            began - OVERLAP
        }
        Err(error) => {
            tracing::warn!(%error, "payments could not be reconciled");
            since
        }
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
/// did not take, and those that failed.
pub async fn reconcile(state: &AppState) -> Result<Round, AppError> {
    reconcile_since(state, Utc::now() - FIRST_LOOK).await
}

/// The same, with the events that were missed since then.
async fn reconcile_since(state: &AppState, since: DateTime<Utc>) -> Result<Round, AppError> {
    let mut round = Round::default();
    checkouts(state, &mut round).await?;
    refunds(state, &mut round).await?;
    let missed = missed_events(state, &mut round, since).await;
    failed_events(state, &mut round).await?;
    // Last, so that the rest was done: the next round looks as far back again.
    missed.map(|()| round)
}

async fn checkouts(state: &AppState, round: &mut Round) -> Result<(), AppError> {
    state.db.write(|tx| Box::pin(db::checkouts::close_unanswered(tx))).await?;
    loop {
        let due = state.db.write(|tx| Box::pin(db::checkouts::take_due(tx, BATCH))).await?;
        if due.is_empty() {
            return Ok(());
        }
        round.checkouts += due.len();
        for session in due {
            round.tell(settle(state, &session).await);
        }
    }
}

async fn refunds(state: &AppState, round: &mut Round) -> Result<(), AppError> {
    loop {
        let due = state.db.write(|tx| Box::pin(db::refunds::take_due(tx, None, BATCH))).await?;
        if due.is_empty() {
            return Ok(());
        }
        round.refunds += due.len();
        for refund in due {
            match refund.answered {
                true => round.tell(settle(state, &refund.session).await),
                false => round.tell(refunds::perform(state, refund).await),
            }
        }
    }
}

/// What the webhook never took. An event that is there already is left to its own pauses.
async fn missed_events(state: &AppState, round: &mut Round, since: DateTime<Utc>) -> Result<(), AppError> {
    let Some(stripe) = &state.gateways.stripe else { return Ok(()) };
    let mut after = None;
    loop {
        let page = stripe.missed_events(since, after.as_deref()).await?;
        let ids: Vec<String> = page.events.iter().map(|(id, _)| id.clone()).collect();
        let known = db::payment_events::known(&state.db, &ids).await?;
        for (id, payload) in page.events {
            if !known.contains(&id) {
                round.events += 1;
                round.tell(webhook::replay(state, payload).await);
            }
        }
        match ids.into_iter().last().filter(|_| page.has_more) {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}

async fn failed_events(state: &AppState, round: &mut Round) -> Result<(), AppError> {
    loop {
        let due = state.db.write(|tx| Box::pin(db::payment_events::take_due(tx, BATCH))).await?;
        if due.is_empty() {
            return Ok(());
        }
        round.events += due.len();
        for payload in due {
            round.tell(webhook::replay(state, payload).await);
        }
    }
}
