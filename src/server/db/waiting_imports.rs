use super::Db;
use crate::domain::id::{ImportId, UserId};
use crate::error::AppError;
use crate::server::auth::Admin;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// How long a course waits to be looked at.
const HOURS: i32 = 24;

/// A course that an admin sent.
pub struct WaitingImport {
    /// Of the zip file.
    pub name: String,
    pub expires_at: DateTime<Utc>,
}

/// Notes what is about to wait. It is this admin's, and nobody else's.
pub async fn insert(tx: &mut PgConnection, admin: &Admin, id: ImportId, name: &str) -> Result<(), AppError> {
    sqlx::query!(
        "insert into waiting_imports (id, user_id, name, expires_at) values ($1, $2, $3, now() + make_interval(hours => $4))",
        id as ImportId,
        admin.id as UserId,
        name,
        HOURS
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn get(db: &Db, admin: &Admin, id: ImportId) -> sqlx::Result<Option<WaitingImport>> {
    sqlx::query_as!(
        WaitingImport,
        "select name, expires_at from waiting_imports where id = $1 and user_id = $2 and expires_at > now()",
        id as ImportId,
        admin.id as UserId
    )
    .fetch_optional(db.pool())
    .await
}

/// Forgets what is imported or given up; not found where it is not this admin's.
pub async fn delete(tx: &mut PgConnection, admin: &Admin, id: ImportId) -> Result<(), AppError> {
    let done =
        sqlx::query!("delete from waiting_imports where id = $1 and user_id = $2", id as ImportId, admin.id as UserId)
            .execute(tx)
            .await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

pub async fn expire(tx: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!("delete from waiting_imports where expires_at <= now()").execute(tx).await?;
    Ok(())
}

/// Those of some that nobody waits for.
pub async fn unknown(db: &Db, imports: &[ImportId]) -> sqlx::Result<Vec<ImportId>> {
    let ids: Vec<Uuid> = imports.iter().map(|import| import.0).collect();
    let known =
        sqlx::query_scalar!("select id from waiting_imports where id = any($1)", &ids).fetch_all(db.pool()).await?;
    Ok(imports.iter().filter(|import| !known.contains(import)).copied().collect())
}
