use super::Db;
use super::offers::Offer;
use crate::domain::id::{CheckoutId, CouponId, ProductId, PurchaseId, UserId};
use crate::domain::money::Cents;
use crate::domain::purchase::{CheckoutPage, ProductDetails};
use crate::error::AppError;
use crate::server::auth::SignedIn;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "checkout_status", rename_all = "lowercase")]
pub enum CheckoutStatus {
    Open,
    Completed,
    Expired,
}

/// A checkout as fulfilment needs it: what was agreed, whatever the product says by now.
pub struct Agreed {
    pub id: CheckoutId,
    pub user_id: UserId,
    pub product_id: ProductId,
    pub price: Cents,
    pub product_details: Json<ProductDetails>,
    pub courses: Vec<Uuid>,
    /// When the latest answer was asked for that was applied to it.
    pub asked_at: Option<DateTime<Utc>>,
}

/// Writes down what is about to be bought and for how much, before any provider is called; returns its id and when
/// that was.
pub async fn open(
    tx: &mut PgConnection,
    buyer: &SignedIn,
    offer: &Offer,
    price: Cents,
    coupon: Option<CouponId>,
) -> Result<(CheckoutId, DateTime<Utc>), AppError> {
    let row = sqlx::query!(
        "insert into checkouts
          (user_id, product_id, price_in_cents, product_details, courses, coupon_id, list_price_in_cents)
        values ($1, $2, $3, $4, $5, $6, $7)
        returning id, created_at",
        buyer.id as UserId,
        offer.id as ProductId,
        price as Cents,
        Json(offer.details()) as _,
        &offer.courses,
        coupon as Option<CouponId>,
        coupon.map(|_| offer.price) as Option<Cents>
    )
    .fetch_one(tx)
    .await?;
    Ok((row.id, row.created_at))
}

/// Notes the provider's session of a checkout; returns whether it is still open, so that it may be paid.
pub async fn set_session(tx: &mut PgConnection, id: CheckoutId, session: &str) -> Result<bool, AppError> {
    let noted = sqlx::query!(
        "update checkouts set gateway_session_id = $2 where id = $1 and status = 'open'",
        id as CheckoutId,
        session
    )
    .execute(tx)
    .await?;
    Ok(noted.rows_affected() > 0)
}

/// The checkout of a provider's session, locked until the transaction ends. One whose session was opened and not noted
/// any more is found by the id that the session was opened with, and gets it.
pub async fn lock(
    tx: &mut PgConnection,
    session: &str,
    opened_with: Option<CheckoutId>,
) -> Result<Option<Agreed>, AppError> {
    sqlx::query!(
        "update checkouts set gateway_session_id = $1 where id = $2 and gateway_session_id is null",
        session,
        opened_with.map(|id| id.0)
    )
    .execute(&mut *tx)
    .await?;
    let agreed = sqlx::query_as!(
        Agreed,
        r#"select id, user_id, product_id, price_in_cents as price, courses, asked_at,
          product_details as "product_details: Json<ProductDetails>"
        from checkouts
        where gateway_session_id = $1
        for no key update"#,
        session
    )
    .fetch_optional(tx)
    .await?;
    Ok(agreed)
}

/// Notes that a checkout was paid, by which payment, and where its provider's receipt is.
pub async fn complete(
    tx: &mut PgConnection,
    id: CheckoutId,
    payment_intent: Option<&str>,
    receipt: Option<&str>,
) -> Result<(), AppError> {
    sqlx::query!(
        "update checkouts
        set status = 'completed', payment_intent_id = coalesce($2, payment_intent_id),
          receipt_url = coalesce($3, receipt_url)
        where id = $1",
        id as CheckoutId,
        payment_intent,
        receipt
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that a checkout can be paid no more. One that was paid stays so.
pub async fn close(tx: &mut PgConnection, id: CheckoutId) -> Result<(), AppError> {
    sqlx::query!("update checkouts set status = 'expired' where id = $1 and status = 'open'", id as CheckoutId)
        .execute(tx)
        .await?;
    Ok(())
}

/// Closes a checkout that nobody was led to pay yet; returns whether it did.
pub async fn close_unopened(tx: &mut PgConnection, id: CheckoutId) -> Result<bool, AppError> {
    let closed = sqlx::query!(
        "update checkouts set status = 'expired' where id = $1 and status = 'open' and gateway_session_id is null",
        id as CheckoutId
    )
    .execute(tx)
    .await?;
    Ok(closed.rows_affected() > 0)
}

/// Notes when the answer was asked for that was applied just now.
pub async fn note_asked(tx: &mut PgConnection, id: CheckoutId, at: DateTime<Utc>) -> Result<(), AppError> {
    sqlx::query!("update checkouts set asked_at = $2 where id = $1", id as CheckoutId, at).execute(tx).await?;
    Ok(())
}

/// The provider's session of a payment.
pub async fn session_of_intent(db: &Db, payment_intent: &str) -> sqlx::Result<Option<String>> {
    let session =
        sqlx::query_scalar!("select gateway_session_id from checkouts where payment_intent_id = $1", payment_intent)
            .fetch_optional(db.pool())
            .await?;
    Ok(session.flatten())
}

/// Takes card checkouts that it is time to ask the provider about; nobody else gets them meanwhile. The older one is,
/// the longer the pause until it is asked about again: what takes days is looked at some times a day.
pub async fn take_due(tx: &mut PgConnection, limit: i64) -> Result<Vec<String>, AppError> {
    let sessions = sqlx::query_scalar!(
        r#"update checkouts
        set ask_at = now() + least(greatest(interval '5 minutes', (now() - created_at) / 4), interval '6 hours')
        where id in (
          select id
          from checkouts
          where status = 'open' and ask_at <= now() and gateway_session_id like 'cs\_%'
          order by ask_at
          limit $1
          for no key update skip locked
        )
        returning gateway_session_id as "session!""#,
        limit
    )
    .fetch_all(tx)
    .await?;
    Ok(sessions)
}

/// Closes checkouts that a provider never answered: nobody was led to pay them. Those under way are given an hour.
pub async fn close_unanswered(tx: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!(
        "update checkouts set status = 'expired'
        where status = 'open' and gateway_session_id is null and created_at < now() - interval '1 hour'"
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A checkout of one's own.
pub struct Own {
    pub session: Option<String>,
    pub status: CheckoutStatus,
    pub product_id: ProductId,
    /// Where it was paid, and that is written down.
    pub purchase: Option<PurchaseId>,
}

pub async fn own(db: &Db, buyer: &SignedIn, id: CheckoutId) -> sqlx::Result<Option<Own>> {
    sqlx::query_as!(
        Own,
        r#"select c.gateway_session_id as session, c.status, c.product_id, p.id as "purchase?: PurchaseId"
        from checkouts c
        left join purchases p on p.stripe_session_id = c.gateway_session_id
        where c.id = $1 and c.user_id = $2"#,
        id as CheckoutId,
        buyer.id as UserId
    )
    .fetch_optional(db.pool())
    .await
}

/// An open checkout of one's own that is paid on a page of ours.
pub async fn open_page(db: &Db, buyer: &SignedIn, id: CheckoutId) -> sqlx::Result<Option<CheckoutPage>> {
    let row = sqlx::query!(
        r#"select id, product_id, price_in_cents as price,
          product_details as "product_details: Json<ProductDetails>"
        from checkouts
        where id = $1 and user_id = $2 and status = 'open' and gateway_session_id like 'demo\_%'"#,
        id as CheckoutId,
        buyer.id as UserId
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| CheckoutPage {
        id: row.id,
        product_id: row.product_id,
        product: row.product_details.0,
        price: row.price,
    }))
}
