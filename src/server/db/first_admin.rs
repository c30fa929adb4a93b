use super::audit;
use crate::domain::audit::Act;
use crate::domain::id::UserId;
use crate::error::AppError;
use crate::server::auth::SignedIn;
use sqlx::PgConnection;

/// Keeps the hash of the secret that makes the first admin; returns whether it was needed, and none was kept before.
pub async fn offer(tx: &mut PgConnection, hash: &[u8]) -> Result<bool, AppError> {
    let done = sqlx::query!(
        "insert into site_secrets (name, value)
        select 'first_admin', $1
        where not exists (select from users where role = 'admin' and deleted_at is null)
        on conflict (name) do nothing",
        hash
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Spends the secret on a person: of two at once one waits for the other, and finds it gone.
pub async fn claim(tx: &mut PgConnection, person: &SignedIn, hash: &[u8]) -> Result<bool, AppError> {
    let spent = sqlx::query!("delete from site_secrets where name = 'first_admin' and value = $1", hash)
        .execute(&mut *tx)
        .await?;
    if spent.rows_affected() == 0 {
        return Ok(false);
    }
    let done = sqlx::query!(
        "update users set role = 'admin'
        where id = $1 and deleted_at is null
          and not exists (select from users where role = 'admin' and deleted_at is null)",
        person.id as UserId
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    audit::note(tx, Some(person.id), Act::FirstAdmin, None, "").await?;
    Ok(true)
}
