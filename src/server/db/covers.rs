use super::Db;
use crate::domain::cover;
use crate::domain::id::{CoverId, ProductId, UserId};
use crate::error::AppError;
use crate::server::auth::{Admin, SignedIn};
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
    keep(tx, content_type, bytes).await
}

async fn keep(tx: &mut PgConnection, content_type: &str, bytes: &[u8]) -> Result<CoverId, AppError> {
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

/// Keeps a picture and makes it somebody's, in place of the one they had. Refused where their account is a provider's,
/// which has one of theirs.
pub async fn put_portrait(
    tx: &mut PgConnection,
    person: &SignedIn,
    content_type: &str,
    bytes: &[u8],
) -> Result<(), AppError> {
    let provided = sqlx::query_scalar!(
        r#"select exists (select from identities i where i.external_id = u.clerk_user_id) as "provided!"
        from users u
        where u.id = $1 and u.deleted_at is null
        for no key update of u"#,
        person.id as UserId
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(AppError::NotFound)?;
    if provided {
        return Err(AppError::refused("Your picture comes from where you sign in. Change it there."));
    }
    remove_portrait(&mut *tx, person.id).await?;
    let id = keep(&mut *tx, content_type, bytes).await?;
    sqlx::query!("update users set image_url = $2 where id = $1", person.id as UserId, cover::address(id))
        .execute(tx)
        .await?;
    Ok(())
}

/// Removes somebody's picture, and its bytes where they are here.
pub async fn remove_portrait(tx: &mut PgConnection, user: UserId) -> Result<(), AppError> {
    sqlx::query!(
        "delete from covers where '/covers/' || id = (select image_url from users where id = $1)",
        user as UserId
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("update users set image_url = null where id = $1", user as UserId).execute(tx).await?;
    Ok(())
}

/// Removes pictures that nobody has, no product shows and no purchase was made with, a day after they came: until then a form may
/// be about to be saved with one. Returns how many.
pub async fn sweep(tx: &mut PgConnection) -> Result<u64, AppError> {
    let done = sqlx::query!(
        "delete from covers c
        where c.created_at < now() - interval '1 day'
          and not exists (select from users where image_url = '/covers/' || c.id)
          and not exists (select from products where image_url = '/covers/' || c.id)
          and not exists (select from purchases where product_details ->> 'imageUrl' = '/covers/' || c.id)
          and not exists (select from checkouts where product_details ->> 'imageUrl' = '/covers/' || c.id)"
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}
