use super::Db;
use crate::domain::id::{FileId, ImportId, UserId};
use crate::error::AppError;
use crate::server::auth::Admin;
use crate::server::updating::Compared;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashSet;
use uuid::Uuid;

/// How long a course waits to be looked at.
const HOURS: i32 = 24;
/// How long it waits at least from the yes on: longer than any import takes.
const HOURS_TO_IMPORT: i32 = 4;

/// A course that an admin sent.
pub struct WaitingImport {
    /// Of the zip file.
    pub name: String,
    pub expires_at: DateTime<Utc>,
    /// With the course that it was exported as.
    pub compared: Compared,
}

/// Notes what is about to wait. It is this admin's, and nobody else's.
pub async fn insert(
    tx: &mut PgConnection,
    admin: &Admin,
    id: ImportId,
    name: &str,
    compared: &Compared,
) -> Result<(), AppError> {
    let uuids = |files: &HashSet<FileId>| files.iter().map(|file| file.0).collect::<Vec<Uuid>>();
    sqlx::query!(
        "insert into waiting_imports (id, user_id, name, expires_at, same_files, other_files)
        values ($1, $2, $3, now() + make_interval(hours => $4), $5, $6)",
        id as ImportId,
        admin.id as UserId,
        name,
        HOURS,
        &uuids(&compared.same),
        &uuids(&compared.other)
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn get(db: &Db, admin: &Admin, id: ImportId) -> sqlx::Result<Option<WaitingImport>> {
    let row = sqlx::query!(
        "select name, expires_at, same_files, other_files
        from waiting_imports
        where id = $1 and user_id = $2 and expires_at > now()",
        id as ImportId,
        admin.id as UserId
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| WaitingImport {
        name: row.name,
        expires_at: row.expires_at,
        compared: compared(row.same_files, row.other_files),
    }))
}

/// Keeps what waits from expiring while it is imported, whatever server sweeps; not found where it has expired. Where
/// the import breaks off, it expires later.
pub async fn claim(tx: &mut PgConnection, admin: &Admin, id: ImportId) -> Result<Compared, AppError> {
    let row = sqlx::query!(
        "update waiting_imports
        set expires_at = greatest(expires_at, now() + make_interval(hours => $3))
        where id = $1 and user_id = $2 and expires_at > now()
        returning same_files, other_files",
        id as ImportId,
        admin.id as UserId,
        HOURS_TO_IMPORT
    )
    .fetch_one(tx)
    .await?;
    Ok(compared(row.same_files, row.other_files))
}

fn compared(same: Vec<Uuid>, other: Vec<Uuid>) -> Compared {
    let ids = |uuids: Vec<Uuid>| uuids.into_iter().map(FileId).collect();
    Compared { same: ids(same), other: ids(other) }
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
