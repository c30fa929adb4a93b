use super::checkouts::Agreed;
use super::{Db, access};
use crate::domain::id::{ProductId, PurchaseId, UserId};
use crate::domain::money::{Cents, TotalCents};
use crate::domain::purchase::{PaymentMethod, ProductDetails, Purchase};
use crate::error::AppError;
use crate::server::auth::SignedIn;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

/// Records a paid session as a purchase; none where it was recorded before.
pub async fn record(
    tx: &mut PgConnection,
    agreed: &Agreed,
    session: &str,
    paid: Cents,
) -> Result<Option<PurchaseId>, AppError> {
    let id = sqlx::query_scalar!(
        "insert into purchases (price_paid_in_cents, product_details, user_id, product_id, stripe_session_id)
        values ($1, $2, $3, $4, $5)
        on conflict (stripe_session_id) do nothing
        returning id",
        paid as Cents,
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

/// A purchase as it is stored, with what went back of it.
pub struct Row {
    pub id: PurchaseId,
    pub product_id: ProductId,
    pub product_details: Json<ProductDetails>,
    pub paid: Cents,
    pub refunded: i64,
    pub refunded_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub stripe_session_id: String,
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
          (select coalesce(sum(r.amount_in_cents), 0) from returns r where r.purchase_id = p.id) as "refunded!"
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

/// A purchase whose row is locked until the transaction ends: what comes of its money waits in line.
pub struct Paid {
    pub user_id: UserId,
    pub amount: Cents,
    pub refunded_at: Option<DateTime<Utc>>,
}

pub async fn lock(tx: &mut PgConnection, id: PurchaseId) -> Result<Option<Paid>, AppError> {
    let paid = sqlx::query_as!(
        Paid,
        "select user_id, price_paid_in_cents as amount, refunded_at from purchases where id = $1 for no key update",
        id as PurchaseId
    )
    .fetch_optional(tx)
    .await?;
    Ok(paid)
}

/// Whether this person has another purchase of this product that was not given back.
pub async fn has_another(tx: &mut PgConnection, agreed: &Agreed, besides: PurchaseId) -> Result<bool, AppError> {
    let found = sqlx::query_scalar!(
        r#"select exists (
          select from purchases where user_id = $1 and product_id = $2 and id <> $3 and refunded_at is null
        ) as "found!""#,
        agreed.user_id as UserId,
        agreed.product_id as ProductId,
        besides as PurchaseId
    )
    .fetch_one(tx)
    .await?;
    Ok(found)
}

/// Brings a purchase in line with what went back of its money: given back whole, it takes what it alone supports;
/// where a refund failed after all, that is given again. Returns whether more went back than was paid.
///
/// What was free has no money to look at, and is closed by hand alone.
pub async fn settle_returns(tx: &mut PgConnection, id: PurchaseId) -> Result<bool, AppError> {
    let purchase = lock(tx, id).await?.ok_or(AppError::NotFound)?;
    let returned = sqlx::query_scalar!(
        r#"select coalesce(sum(amount_in_cents), 0)::bigint as "cents!" from returns where purchase_id = $1"#,
        id as PurchaseId
    )
    .fetch_one(&mut *tx)
    .await?;
    let paid = i64::from(purchase.amount.0);
    match purchase.refunded_at {
        None if paid > 0 && returned >= paid => close(tx, id, purchase.user_id).await?,
        Some(_) if returned < paid => reopen(tx, id, purchase.user_id).await?,
        _ => {}
    }
    Ok(returned > paid)
}

/// Marks a purchase as given back, and takes what it alone supports. Done twice, it happens once.
pub async fn close(tx: &mut PgConnection, id: PurchaseId, user: UserId) -> Result<(), AppError> {
    sqlx::query!("update purchases set refunded_at = now() where id = $1 and refunded_at is null", id as PurchaseId)
        .execute(&mut *tx)
        .await?;
    access::revoke_purchase(tx, user, id).await
}

async fn reopen(tx: &mut PgConnection, id: PurchaseId, user: UserId) -> Result<(), AppError> {
    sqlx::query!("update purchases set refunded_at = null where id = $1", id as PurchaseId).execute(&mut *tx).await?;
    access::restore_purchase(tx, user, id).await
}
