use super::checkouts::Agreed;
use super::{Db, access};
use crate::domain::id::{ProductId, PurchaseId, UserId};
use crate::domain::money::{Cents, TotalCents};
use crate::domain::purchase::{PaymentMethod, ProductDetails, Purchase, Sale};
use crate::error::AppError;
use crate::server::auth::{Admin, SignedIn};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// Records a paid session as a purchase; none where it was recorded before.
pub async fn record(tx: &mut PgConnection, agreed: &Agreed, session: &str) -> Result<Option<PurchaseId>, AppError> {
    let id = sqlx::query_scalar!(
        "insert into purchases (price_paid_in_cents, product_details, user_id, product_id, stripe_session_id)
        values ($1, $2, $3, $4, $5)
        on conflict (stripe_session_id) do nothing
        returning id",
        agreed.price as Cents,
        &agreed.product_details as _,
        agreed.user_id as UserId,
        agreed.product_id as ProductId,
        session
    )
    .fetch_optional(tx)
    .await?;
    Ok(id)
}

/// The purchase of a paid session.
pub async fn by_session(tx: &mut PgConnection, session: &str) -> Result<Option<PurchaseId>, AppError> {
    let id = sqlx::query_scalar!("select id from purchases where stripe_session_id = $1", session)
        .fetch_optional(tx)
        .await?;
    Ok(id)
}

struct Row {
    id: PurchaseId,
    product_id: ProductId,
    product_details: Json<ProductDetails>,
    paid: Cents,
    refunded: i64,
    refunded_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    stripe_session_id: String,
}

impl From<Row> for Purchase {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            product_id: row.product_id,
            product: row.product_details.0,
            paid: row.paid,
            refunded: TotalCents(row.refunded),
            refunded_at: row.refunded_at.map(Into::into),
            created_at: row.created_at.into(),
            method: PaymentMethod::of(&row.stripe_session_id),
        }
    }
}

/// A person's purchases, refunded ones too, newest first; or one of them, where `id` is given.
pub async fn of_user(db: &Db, buyer: &SignedIn, id: Option<PurchaseId>) -> sqlx::Result<Vec<Purchase>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select p.id, p.product_id, p.product_details as "product_details: Json<ProductDetails>",
          p.price_paid_in_cents as paid, p.refunded_at, p.created_at, p.stripe_session_id,
          (select coalesce(sum(r.amount_in_cents), 0) from refunds r where r.purchase_id = p.id) as "refunded!"
        from purchases p
        where p.user_id = $1 and ($2::uuid is null or p.id = $2)
        order by p.created_at desc, p.id"#,
        buyer.id as UserId,
        id.map(|id| id.0)
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The latest sales, newest first.
pub async fn sales(db: &Db, _: &Admin, limit: i64) -> sqlx::Result<Vec<Sale>> {
    let rows = sqlx::query!(
        r#"select p.id, p.product_id, p.product_details as "product_details: Json<ProductDetails>",
          p.price_paid_in_cents as paid, p.refunded_at, p.created_at, p.stripe_session_id,
          (select coalesce(sum(r.amount_in_cents), 0) from refunds r where r.purchase_id = p.id) as "refunded!",
          u.name as buyer_name, u.email as buyer_email
        from purchases p
        join users u on u.id = p.user_id
        order by p.created_at desc, p.id
        limit $1"#,
        limit
    )
    .fetch_all(db.pool())
    .await?;
    let sales = rows.into_iter().map(|row| Sale {
        buyer_name: row.buyer_name,
        buyer_email: row.buyer_email,
        purchase: Row {
            id: row.id,
            product_id: row.product_id,
            product_details: row.product_details,
            paid: row.paid,
            refunded: row.refunded,
            refunded_at: row.refunded_at,
            created_at: row.created_at,
            stripe_session_id: row.stripe_session_id,
        }
        .into(),
    });
    Ok(sales.collect())
}

/// Gives a whole purchase back and takes what it alone supports. Pressed twice, it happens once.
///
/// For purchases without a provider (free, demo) only: there is nobody to ask for the money.
pub async fn refund_whole(tx: &mut PgConnection, _: &Admin, id: PurchaseId) -> Result<(), AppError> {
    let purchase = sqlx::query!(
        "select user_id, price_paid_in_cents as paid, refunded_at, stripe_session_id
        from purchases
        where id = $1
        for no key update",
        id as PurchaseId
    )
    .fetch_one(&mut *tx)
    .await?;
    if purchase.refunded_at.is_some() {
        return Ok(());
    }
    if PaymentMethod::of(&purchase.stripe_session_id) == PaymentMethod::Card {
        return Err(AppError::refused("Card payments are refunded at the payment provider."));
    }
    if !purchase.paid.is_free() {
        sqlx::query!(
            "insert into refunds (purchase_id, amount_in_cents, provider_refund_id, status)
            values ($1, $2, $3, 'succeeded')",
            id as PurchaseId,
            purchase.paid as Cents,
            format!("demo_{}", Uuid::new_v4())
        )
        .execute(&mut *tx)
        .await?;
    }
    sqlx::query!("update purchases set refunded_at = now() where id = $1", id as PurchaseId).execute(&mut *tx).await?;
    access::revoke_purchase(tx, purchase.user_id, id).await
}
