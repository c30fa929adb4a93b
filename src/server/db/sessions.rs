use super::Db;
use crate::domain::id::UserId;
use crate::domain::user::User;
use crate::error::AppError;
use sqlx::PgConnection;

/// The live session's user, and whether its last visit was noted more than an hour ago.
pub async fn user(db: &Db, id_hash: &[u8]) -> sqlx::Result<Option<(User, bool)>> {
    let row = sqlx::query!(
        r#"select u.id, u.name, u.email, u.role, s.last_seen_at < now() - interval '1 hour' as "stale!"
        from sessions s
        join users u on u.id = s.user_id
        where s.id_hash = $1 and s.expires_at > now() and u.deleted_at is null"#,
        id_hash
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| (User { id: row.id, name: row.name, email: row.email, role: row.role }, row.stale)))
}

/// Opens `new` for the user, ends `old`, and clears away what has expired.
pub async fn replace(
    tx: &mut PgConnection,
    old: Option<Vec<u8>>,
    new: Vec<u8>,
    user: UserId,
    lifetime_seconds: i64,
) -> Result<(), AppError> {
    sqlx::query!("delete from sessions where id_hash = $1 or expires_at < now()", old).execute(&mut *tx).await?;
    sqlx::query!(
        "insert into sessions (id_hash, user_id, expires_at) values ($1, $2, now() + $3 * interval '1 second')",
        new,
        user as UserId,
        lifetime_seconds as f64
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes a visit and prolongs the session.
pub async fn touch(tx: &mut PgConnection, id_hash: &[u8], lifetime_seconds: i64) -> Result<(), AppError> {
    sqlx::query!(
        "update sessions
        set last_seen_at = now(), expires_at = now() + $2 * interval '1 second'
        where id_hash = $1",
        id_hash,
        lifetime_seconds as f64
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn end(tx: &mut PgConnection, id_hash: &[u8]) -> Result<(), AppError> {
    sqlx::query!("delete from sessions where id_hash = $1", id_hash).execute(tx).await?;
    Ok(())
}
