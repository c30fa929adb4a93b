use super::Db;
use crate::domain::cover;
use crate::domain::id::{CoverId, ProductId};
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;

/// A picture as it goes out.
pub struct Cover {
    pub content_type: String,
    pub bytes: Vec<u8>,
}

pub async fn get(db: &Db, id: CoverId) -> sqlx::Result<Option<Cover>> {
    sqlx::query_as!(Cover, "select content_type, bytes from covers where id = $1", id as CoverId)
        .fetch_optional(db.pool())
        .await
}

/// Keeps a picture for a product's form that is not saved yet.
pub async fn insert(tx: &mut PgConnection, _: &Admin, content_type: &str, bytes: &[u8]) -> Result<CoverId, AppError> {
    let id = sqlx::query_scalar!(
        r#"insert into covers (content_type, bytes) values ($1, $2) returning id as "id: CoverId""#,
        content_type,
        bytes
    )
    .fetch_one(tx)
    .await?;
    Ok(id)
}

/// Keeps a picture and makes it a product's.
pub async fn put(
    tx: &mut PgConnection,
    admin: &Admin,
    product: ProductId,
    content_type: &str,
    bytes: &[u8],
) -> Result<(), AppError> {
    let id = insert(&mut *tx, admin, content_type, bytes).await?;
    let done =
        sqlx::query!("update products set image_url = $2 where id = $1", product as ProductId, cover::address(id))
            .execute(tx)
            .await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

/// Removes pictures that no product shows and no purchase was made with, a day after they came: until then a form may
/// be about to be saved with one. Returns how many.
pub async fn sweep(tx: &mut PgConnection) -> Result<u64, AppError> {
    let done = sqlx::query!(
        "delete from covers c
        where c.created_at < now() - interval '1 day'
          and not exists (select from products where image_url = '/covers/' || c.id)
          and not exists (select from purchases where product_details ->> 'imageUrl' = '/covers/' || c.id)
          and not exists (select from checkouts where product_details ->> 'imageUrl' = '/covers/' || c.id)"
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}
