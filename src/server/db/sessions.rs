use super::Db;
use crate::domain::account::{Session, device};
use crate::domain::id::UserId;
use crate::domain::user::User;
use crate::error::AppError;
use crate::server::auth::SignedIn;
use sqlx::PgConnection;

/// The live session's user, and whether its last visit was noted more than an hour ago.
pub async fn user(db: &Db, id_hash: &[u8]) -> sqlx::Result<Option<(User, bool)>> {
    let row = sqlx::query!(
        r#"select u.id, u.name, u.email, u.image_url, u.role, s.last_seen_at < now() - interval '1 hour' as "stale!"
        from sessions s
        join users u on u.id = s.user_id
        where s.id_hash = $1 and s.expires_at > now() and u.deleted_at is null and u.suspended_at is null"#,
        id_hash
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| {
        (User { id: row.id, name: row.name, email: row.email, image_url: row.image_url, role: row.role }, row.stale)
    }))
}

/// Who is let in, and from where.
pub struct Opening {
    pub user: UserId,
    pub user_agent: Option<String>,
    /// The session at Clerk that they come by.
    pub clerk_session: Option<String>,
    pub lifetime_seconds: i64,
}

/// Opens `new`, ends `old`, and clears away what has expired. Refused where the account is suspended, by whatever way its
/// person came.
pub async fn replace(
    tx: &mut PgConnection,
    old: Option<Vec<u8>>,
    new: Vec<u8>,
    opening: Opening,
) -> Result<(), AppError> {
    sqlx::query!("delete from sessions where id_hash = $1 or expires_at < now()", old).execute(&mut *tx).await?;
    let opened = sqlx::query!(
        "insert into sessions (id_hash, user_id, user_agent, clerk_session_id, expires_at)
        select $1, id, $3, $4, now() + $5 * interval '1 second'
        from users
        where id = $2 and deleted_at is null and suspended_at is null",
        new,
        opening.user as UserId,
        opening.user_agent,
        opening.clerk_session,
        opening.lifetime_seconds as f64
    )
    .execute(tx)
    .await?;
    match opened.rows_affected() {
        0 => Err(AppError::refused("This account is suspended. Write to the author of the site.")),
        _ => Ok(()),
    }
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

/// Ends a session; returns whether it came from Clerk.
pub async fn end(tx: &mut PgConnection, id_hash: &[u8]) -> Result<bool, AppError> {
    let from_clerk = sqlx::query_scalar!(
        r#"delete from sessions where id_hash = $1 returning clerk_session_id is not null as "from_clerk!""#,
        id_hash
    )
    .fetch_optional(tx)
    .await?;
    Ok(from_clerk.unwrap_or_default())
}

/// Ends what came from a session at Clerk, in however many browsers.
pub async fn end_from_clerk(tx: &mut PgConnection, clerk_session: &str) -> Result<(), AppError> {
    sqlx::query!("delete from sessions where clerk_session_id = $1", clerk_session).execute(tx).await?;
    Ok(())
}

/// Ends a user's sessions, but for the one of this hash.
pub async fn end_all(tx: &mut PgConnection, user: UserId, but: Option<&[u8]>) -> Result<(), AppError> {
    sqlx::query!("delete from sessions where user_id = $1 and id_hash is distinct from $2", user as UserId, but)
        .execute(tx)
        .await?;
    Ok(())
}

/// A person's live sessions, the latest visit first. `here` is the hash of the one that asks.
pub async fn list(db: &Db, person: &SignedIn, here: Option<&[u8]>) -> sqlx::Result<Vec<Session>> {
    let rows = sqlx::query!(
        r#"select id, user_agent, created_at, last_seen_at, id_hash is not distinct from $2 as "here!"
        from sessions
        where user_id = $1 and expires_at > now()
        order by 5 desc, last_seen_at desc, id"#,
        person.id as UserId,
        here
    )
    .fetch_all(db.pool())
    .await?;
    let sessions = rows.into_iter().map(|row| Session {
        id: row.id,
        device: device(row.user_agent.as_deref().unwrap_or_default()),
        since: row.created_at.into(),
        seen: row.last_seen_at.into(),
        here: row.here,
    });
    Ok(sessions.collect())
}
