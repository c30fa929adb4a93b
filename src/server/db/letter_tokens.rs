//! Secrets of letters, each good once. By their hashes: what is stored here lets nobody in.

use super::Db;
use crate::domain::account::Purpose;
use crate::domain::id::UserId;
use crate::error::AppError;
use sqlx::PgConnection;

/// Keeps the secret of a letter to an account's address, from now on for as long as its purpose allows; returns whether
/// the account still has that address. What is too old goes.
pub async fn make(
    tx: &mut PgConnection,
    id_hash: Vec<u8>,
    user: UserId,
    email: &str,
    purpose: Purpose,
) -> Result<bool, AppError> {
    sqlx::query!("delete from letter_tokens where expires_at < now()").execute(&mut *tx).await?;
    let done = sqlx::query!(
        "insert into letter_tokens (id_hash, user_id, purpose, email, expires_at)
        select $1, id, $4, email, now() + $5 * interval '1 minute'
        from users
        where id = $2 and email = $3 and deleted_at is null",
        id_hash,
        user as UserId,
        email,
        purpose.value(),
        f64::from(purpose.minutes())
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether a secret is good, before anything is done for whoever has it.
pub async fn is_good(db: &Db, id_hash: &[u8], purpose: Purpose) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
          select from letter_tokens where id_hash = $1 and purpose = $2 and expires_at > now()
        ) as "good!""#,
        id_hash,
        purpose.value()
    )
    .fetch_one(db.pool())
    .await
}

/// Spends a secret: whose it is and which address it went to. With it go the account's others of the same purpose.
pub async fn take(
    tx: &mut PgConnection,
    id_hash: &[u8],
    purpose: Purpose,
) -> Result<Option<(UserId, String)>, AppError> {
    let taken = sqlx::query!(
        "delete from letter_tokens where id_hash = $1 and purpose = $2 and expires_at > now() returning user_id, email",
        id_hash,
        purpose.value()
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(taken) = taken else { return Ok(None) };
    sqlx::query!(
        "delete from letter_tokens where user_id = $1 and purpose = $2",
        taken.user_id as UserId,
        purpose.value()
    )
    .execute(tx)
    .await?;
    Ok(Some((taken.user_id, taken.email)))
}
