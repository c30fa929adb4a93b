//! Money on its way back. A refund is written down before the provider is asked for it, and its id is the key under
//! which it is asked: however often that happens, it is one refund.

use super::{audit, mails, purchases};
use crate::domain::audit::Act;
use crate::domain::id::{PurchaseId, RefundId, UserId};
use crate::domain::money::{Cents, TotalCents};
use crate::domain::refund::{RefundFields, RefundStatus};
use crate::error::AppError;
use crate::server::auth::Admin;
use crate::server::payments::ProviderRefund;
use sqlx::PgConnection;

/// A refund that the provider is to be asked for.
pub struct Requested {
    pub id: RefundId,
    pub purchase: PurchaseId,
    pub amount: Cents,
    pub reason: Option<String>,
    /// The session that was paid, and the payment in it.
    pub session: String,
    pub payment_intent: Option<String>,
    /// Whether the provider has answered to it already.
    pub answered: bool,
}

/// Writes down that an admin gives money back. None where the same was asked for before, or nothing is left to give.
/// What was free is taken back at once.
pub async fn request(
    tx: &mut PgConnection,
    admin: &Admin,
    purchase: PurchaseId,
    fields: RefundFields,
) -> Result<Option<RefundId>, AppError> {
    let paid = purchases::lock(tx, purchase).await?.ok_or(AppError::NotFound)?;
    if paid.amount.is_free() {
        purchases::close(tx, purchase, paid.user_id).await?;
        audit::note(tx, Some(admin.id), Act::Refunded, Some(paid.user_id), &purchase.to_string()).await?;
        mails::taken_back(tx, purchase).await?;
        return Ok(None);
    }
    let id = fields.refund.unwrap_or(RefundId(uuid::Uuid::new_v4()));
    let known = sqlx::query_scalar!("select purchase_id from refunds where id = $1", id as RefundId)
        .fetch_optional(&mut *tx)
        .await?;
    match known {
        Some(of) if of == purchase => return Ok(None),
        Some(_) => return Err(AppError::NotFound),
        None => {}
    }
    let spoken_for = spoken_for(tx, purchase).await?;
    if fields.seen.is_some_and(|seen| seen != spoken_for) {
        return Err(AppError::refused(format!(
            "Meanwhile {spoken_for} of this was given back or is about to be. Reload, and look at what is left."
        )));
    }
    let left = TotalCents(i64::from(paid.amount.0) - spoken_for.0);
    let amount = match fields.amount {
        None if left.0 <= 0 => return Ok(None),
        None => Cents(i32::try_from(left.0).map_err(|_| AppError::Internal)?),
        Some(amount) if i64::from(amount.0) > left.0 => {
            return Err(AppError::invalid("amount", format!("At most {left} is left to give back.")));
        }
        Some(amount) => amount,
    };
    sqlx::query!(
        "insert into refunds (id, purchase_id, amount_in_cents, status, reason, note, requested_by)
        values ($1, $2, $3, 'requested', $4, $5, $6)",
        id as RefundId,
        purchase as PurchaseId,
        amount as Cents,
        fields.reason.value(),
        fields.note,
        admin.id as UserId
    )
    .execute(&mut *tx)
    .await?;
    audit::note(tx, Some(admin.id), Act::Refunded, Some(paid.user_id), &format!("{amount} of {purchase}")).await?;
    Ok(Some(id))
}

/// What went back of a purchase, or is about to.
async fn spoken_for(tx: &mut PgConnection, purchase: PurchaseId) -> Result<TotalCents, AppError> {
    let cents = sqlx::query_scalar!(
        r#"select coalesce(sum(amount_in_cents), 0)::bigint as "cents!" from spoken_for where purchase_id = $1"#,
        purchase as PurchaseId
    )
    .fetch_one(tx)
    .await?;
    Ok(TotalCents(cents))
}

/// Takes refunds that it is time to ask the provider for, or about; nobody else gets them meanwhile. Pauses grow with
/// the attempts, from half a minute to some hours.
pub async fn take_due(tx: &mut PgConnection, only: Option<RefundId>, limit: i64) -> Result<Vec<Requested>, AppError> {
    let due = sqlx::query!(
        r#"update refunds r
        set attempts = attempts + 1, ask_at = now() + interval '30 seconds' * (1 << least(attempts, 9))
        from purchases p
        left join checkouts c on c.gateway_session_id = p.stripe_session_id
        where p.id = r.purchase_id and r.id in (
          select id
          from refunds
          where status in ('requested', 'pending', 'requires_action')
            and case when $1::uuid is null then ask_at <= now() else id = $1 end
          order by ask_at
          limit $2
          for no key update skip locked
        )
        returning r.id, r.purchase_id, r.amount_in_cents as amount, r.reason, p.stripe_session_id as session,
          c.payment_intent_id as "payment_intent?", r.status <> 'requested' as "answered!""#,
        only.map(|id| id.0),
        limit
    )
    .fetch_all(tx)
    .await?;
    let due = due.into_iter().map(|row| Requested {
        id: row.id,
        purchase: row.purchase_id,
        amount: row.amount,
        reason: row.reason,
        session: row.session,
        payment_intent: row.payment_intent,
        answered: row.answered,
    });
    Ok(due.collect())
}

/// Writes down the provider's answer to a refund that it was asked for. It is news only as long as nothing newer came.
pub async fn answered(tx: &mut PgConnection, id: RefundId, refund: &ProviderRefund) -> Result<(), AppError> {
    sqlx::query!(
        "update refunds
        set provider_refund_id = $2, status = $3, error = $4
        where id = $1 and status = 'requested'",
        id as RefundId,
        refund.id,
        refund.status as RefundStatus,
        refund.failure
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes down a refund as the provider tells of it: one that it was asked for, or one that was made there.
pub async fn store(tx: &mut PgConnection, purchase: PurchaseId, refund: &ProviderRefund) -> Result<(), AppError> {
    let ours = sqlx::query!(
        "update refunds
        set provider_refund_id = $3, status = $4, error = $5
        where id = $1 and purchase_id = $2",
        refund.requested_as.map(|id| id.0),
        purchase as PurchaseId,
        refund.id,
        refund.status as RefundStatus,
        refund.failure
    )
    .execute(&mut *tx)
    .await?;
    if ours.rows_affected() > 0 {
        return Ok(());
    }
    sqlx::query!(
        "insert into refunds (purchase_id, amount_in_cents, provider_refund_id, status, reason, error)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (provider_refund_id) do update set status = excluded.status, error = excluded.error",
        purchase as PurchaseId,
        refund.amount as Cents,
        refund.id,
        refund.status as RefundStatus,
        refund.reason,
        refund.failure
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that the provider refuses a refund for good.
pub async fn fail(tx: &mut PgConnection, id: RefundId, why: &str) -> Result<(), AppError> {
    sqlx::query!(
        "update refunds set status = 'failed', error = $2 where id = $1 and status = 'requested'",
        id as RefundId,
        why
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that the provider did not answer: it is asked again later.
pub async fn note_silence(tx: &mut PgConnection, id: RefundId, why: &str) -> Result<(), AppError> {
    sqlx::query!("update refunds set error = $2 where id = $1 and status = 'requested'", id as RefundId, why)
        .execute(tx)
        .await?;
    Ok(())
}
