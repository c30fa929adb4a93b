//! What the payment provider told, and what does not fit.

use super::Db;
use crate::domain::id::{PaymentFlagId, PurchaseId};
use crate::domain::ledger::{EventState, LedgerCounts, LedgerEvent, Matter, MatterKind};
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;
use sqlx::types::Json;

pub async fn counts(db: &Db, _: &Admin) -> sqlx::Result<LedgerCounts> {
    sqlx::query_as!(
        LedgerCounts,
        r#"select count(*) as "received!",
          count(processed_at) as "applied!",
          count(*) filter (where processed_at is null and retry_at is not null) as "waiting!",
          count(*) filter (where processed_at is null and retry_at is null) as "parked!",
          (
            select count(*) from checkouts where status = 'open' and gateway_session_id like 'cs\_%'
          ) as "open_checkouts!",
          (
            select count(*) from refunds where status in ('requested', 'pending', 'requires_action')
          ) as "open_refunds!"
        from payment_events"#
    )
    .fetch_one(db.pool())
    .await
}

/// Flags that nobody has resolved, and refunds that are not through or failed lately; oldest first, as many as a person
/// can look at.
pub async fn matters(db: &Db, _: &Admin) -> sqlx::Result<Vec<Matter>> {
    let rows = sqlx::query!(
        r#"select m.at as "at!", m.what as "what!: Json<MatterKind>", p.id as "purchase?: PurchaseId",
          c.product_details ->> 'name' as "product!", u.name as "buyer!"
        from (
          select f.created_at as at, f.checkout_id,
            jsonb_build_object('kind', 'flag', 'id', f.id, 'flag', f.kind, 'detail', f.detail) as what
          from payment_flags f
          where f.resolved_at is null
          union all
          select r.created_at, k.id,
            jsonb_build_object('kind', 'refund', 'amount', r.amount_in_cents, 'status', r.status, 'error', r.error)
          from refunds r
          join purchases b on b.id = r.purchase_id
          join checkouts k on k.gateway_session_id = b.stripe_session_id
          where r.status in ('requested', 'pending', 'requires_action')
            or r.status in ('failed', 'canceled') and r.updated_at > now() - interval '30 days'
        ) m
        join checkouts c on c.id = m.checkout_id
        join users u on u.id = c.user_id
        left join purchases p on p.stripe_session_id = c.gateway_session_id
        order by m.at
        limit 200"#
    )
    .fetch_all(db.pool())
    .await?;
    let matters = rows.into_iter().map(|row| Matter {
        at: row.at.into(),
        purchase: row.purchase,
        product: row.product,
        buyer: row.buyer,
        what: row.what.0,
    });
    Ok(matters.collect())
}

/// Events, those that are not applied first, then the latest.
pub async fn events(db: &Db, _: &Admin, limit: i64) -> sqlx::Result<Vec<LedgerEvent>> {
    let rows = sqlx::query!(
        r#"select e.id, e.kind, e.received_at, e.attempts, e.processed_at, e.retry_at, e.error,
          p.id as "purchase?: PurchaseId"
        from payment_events e
        left join checkouts c on c.gateway_session_id = e.about or c.payment_intent_id = e.about
        left join purchases p on p.stripe_session_id = c.gateway_session_id
        order by e.processed_at is not null, e.received_at desc, e.id
        limit $1"#,
        limit
    )
    .fetch_all(db.pool())
    .await?;
    let events = rows.into_iter().map(|row| {
        let error = row.error.unwrap_or_default();
        let state = match (row.processed_at, row.retry_at) {
            (Some(_), _) => EventState::Applied,
            (None, Some(until)) => EventState::Waiting { until: until.into(), error },
            (None, None) => EventState::Parked { error },
        };
        LedgerEvent {
            id: row.id,
            kind: row.kind,
            received_at: row.received_at.into(),
            attempts: row.attempts,
            state,
            purchase: row.purchase,
        }
    });
    Ok(events.collect())
}

/// Puts a flag away. Done twice, it happens once.
pub async fn resolve_flag(tx: &mut PgConnection, _: &Admin, id: PaymentFlagId) -> Result<(), AppError> {
    let found = sqlx::query!(
        "update payment_flags set resolved_at = coalesce(resolved_at, now()) where id = $1",
        id as PaymentFlagId
    )
    .execute(tx)
    .await?;
    if found.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

/// Makes all that is open due now: checkouts, refunds and events, but for those that are parked.
pub async fn make_due(tx: &mut PgConnection, _: &Admin) -> Result<(), AppError> {
    sqlx::query!("update checkouts set ask_at = now() where status = 'open' and ask_at > now()")
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        "update refunds set ask_at = now()
        where status in ('requested', 'pending', 'requires_action') and ask_at > now()"
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("update payment_events set retry_at = now() where processed_at is null and retry_at > now()")
        .execute(tx)
        .await?;
    Ok(())
}
