//! Verified webhooks, each stored as it was received and applied in one transaction.

use super::Db;
use crate::error::AppError;
use sqlx::PgConnection;
use sqlx::types::JsonValue;
use std::collections::HashSet;

/// Attempts after which an event is parked: a person has to look at it.
pub const PARKED_AFTER: i32 = 10;

/// Writes an event down where it is not yet there, and locks it; returns whether it is still to be applied.
pub async fn take(tx: &mut PgConnection, id: &str, kind: &str, payload: &JsonValue) -> Result<bool, AppError> {
    insert(tx, id, kind, payload).await?;
    let open = sqlx::query_scalar!(
        r#"select processed_at is null as "open!" from payment_events where id = $1 for no key update"#,
        id
    )
    .fetch_one(tx)
    .await?;
    Ok(open)
}

async fn insert(tx: &mut PgConnection, id: &str, kind: &str, payload: &JsonValue) -> Result<(), AppError> {
    sqlx::query!(
        "insert into payment_events (id, kind, payload) values ($1, $2, $3) on conflict (id) do nothing",
        id,
        kind,
        payload
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that an event was applied.
pub async fn applied(tx: &mut PgConnection, id: &str) -> Result<(), AppError> {
    sqlx::query!(
        "update payment_events
        set processed_at = now(), attempts = attempts + 1, error = null, retry_at = null
        where id = $1",
        id
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that an event could not be applied, and when that is tried again: after pauses that grow from half a minute,
/// and after [`PARKED_AFTER`] attempts not by itself.
pub async fn failed(
    tx: &mut PgConnection,
    id: &str,
    kind: &str,
    payload: &JsonValue,
    why: &str,
) -> Result<(), AppError> {
    insert(tx, id, kind, payload).await?;
    sqlx::query!(
        "update payment_events
        set attempts = attempts + 1, error = $2,
          retry_at = case when attempts + 1 < $3 then now() + interval '30 seconds' * (1 << least(attempts, 9)) end
        where id = $1 and processed_at is null",
        id,
        why,
        PARKED_AFTER
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes events that it is time to try again; nobody else gets them meanwhile.
pub async fn take_due(tx: &mut PgConnection, limit: i64) -> Result<Vec<JsonValue>, AppError> {
    let payloads = sqlx::query_scalar!(
        "update payment_events
        set retry_at = now() + interval '5 minutes'
        where id in (
          select id
          from payment_events
          where processed_at is null and retry_at <= now()
          order by retry_at
          limit $1
          for no key update skip locked
        )
        returning payload",
        limit
    )
    .fetch_all(tx)
    .await?;
    Ok(payloads)
}

/// Whether an event was applied already.
pub async fn is_applied(db: &Db, id: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payment_events where id = $1 and processed_at is not null) as "applied!""#,
        id
    )
    .fetch_one(db.pool())
    .await
}

/// Of these events, those that were received, applied or not.
pub async fn known(db: &Db, ids: &[String]) -> sqlx::Result<HashSet<String>> {
    let known =
        sqlx::query_scalar!("select id from payment_events where id = any($1)", ids).fetch_all(db.pool()).await?;
    Ok(known.into_iter().collect())
}

/// An event that was not applied yet, as it was received.
pub async fn unapplied(db: &Db, id: &str) -> sqlx::Result<Option<JsonValue>> {
    sqlx::query_scalar!("select payload from payment_events where id = $1 and processed_at is null", id)
        .fetch_optional(db.pool())
        .await
}
