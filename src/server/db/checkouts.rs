use super::Db;
use super::products::Offer;
use crate::domain::id::{CheckoutId, ProductId, UserId};
use crate::domain::money::Cents;
use crate::domain::purchase::{CheckoutPage, ProductDetails};
use crate::error::AppError;
use crate::server::auth::SignedIn;
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
}

/// Writes down what is about to be bought, before any provider is called.
pub async fn open(tx: &mut PgConnection, buyer: &SignedIn, offer: &Offer) -> Result<CheckoutId, AppError> {
    let id = sqlx::query_scalar!(
        "insert into checkouts (user_id, product_id, price_in_cents, product_details, courses)
        values ($1, $2, $3, $4, $5)
        returning id",
        buyer.id as UserId,
        offer.id as ProductId,
        offer.price as Cents,
        Json(offer.details()) as _,
        &offer.courses
    )
    .fetch_one(tx)
    .await?;
    Ok(id)
}

/// Notes the provider's session of a checkout.
pub async fn set_session(tx: &mut PgConnection, id: CheckoutId, session: &str) -> Result<(), AppError> {
    sqlx::query!("update checkouts set gateway_session_id = $2 where id = $1", id as CheckoutId, session)
        .execute(tx)
        .await?;
    Ok(())
}

/// The checkout of a provider's session, locked until the transaction ends.
pub async fn lock_by_session(tx: &mut PgConnection, session: &str) -> Result<Option<Agreed>, AppError> {
    let agreed = sqlx::query_as!(
        Agreed,
        r#"select id, user_id, product_id, price_in_cents as price, courses,
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

pub async fn complete(tx: &mut PgConnection, id: CheckoutId) -> Result<(), AppError> {
    sqlx::query!("update checkouts set status = 'completed' where id = $1", id as CheckoutId).execute(tx).await?;
    Ok(())
}

/// Gives up a checkout of one's own that is still open.
pub async fn expire(tx: &mut PgConnection, buyer: &SignedIn, id: CheckoutId) -> Result<Option<ProductId>, AppError> {
    let product = sqlx::query_scalar!(
        "update checkouts set status = 'expired' where id = $1 and user_id = $2 and status = 'open'
        returning product_id",
        id as CheckoutId,
        buyer.id as UserId
    )
    .fetch_optional(tx)
    .await?;
    Ok(product)
}

/// The provider's session of a checkout of one's own that was not given up.
pub async fn session(db: &Db, buyer: &SignedIn, id: CheckoutId) -> sqlx::Result<Option<String>> {
    let session = sqlx::query_scalar!(
        "select gateway_session_id from checkouts where id = $1 and user_id = $2 and status <> 'expired'",
        id as CheckoutId,
        buyer.id as UserId
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(session.flatten())
}

/// An open checkout of one's own.
pub async fn open_page(db: &Db, buyer: &SignedIn, id: CheckoutId) -> sqlx::Result<Option<CheckoutPage>> {
    let row = sqlx::query!(
        r#"select id, product_id, price_in_cents as price,
          product_details as "product_details: Json<ProductDetails>"
        from checkouts
        where id = $1 and user_id = $2 and status = 'open' and gateway_session_id is not null"#,
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
