//! Files of lessons, and uploads under way.

use super::{Db, positions};
use crate::domain::access::Standing;
use crate::domain::file::FileKind;
use crate::domain::id::{FileId, LessonId, UploadId};
use crate::domain::lesson::LessonStatus;
use crate::domain::section::SectionStatus;
use crate::error::AppError;
use crate::server::auth::{Admin, Viewer};
use sqlx::PgConnection;
use uuid::Uuid;

/// How long an upload may take, from its beginning.
const UPLOAD_DAYS: i32 = 2;
/// How long one that came whole is there at least: longer than it takes to a bucket.
const HOURS_TO_KEEP: i32 = 4;

/// How a file is asked for.
pub enum Which {
    Id(FileId),
    /// By its name in a lesson.
    Named(LessonId, String),
}

/// A file with everything that decides who may have it.
pub struct Stored {
    pub id: FileId,
    pub kind: FileKind,
    pub name: String,
    pub content_type: String,
    pub bytes: i64,
    pub status: LessonStatus,
    pub section_status: SectionStatus,
    pub standing: Standing,
}

pub async fn stored(db: &Db, which: Which, viewer: &Viewer) -> sqlx::Result<Option<Stored>> {
    let (id, lesson, name) = match which {
        Which::Id(id) => (Some(id.0), None, None),
        Which::Named(lesson, name) => (None, Some(lesson.0), Some(name)),
    };
    let row = sqlx::query!(
        r#"select f.id, f.kind, f.name, f.content_type, f.bytes, l.status, s.status as section_status,
          exists (select from user_course_access a where a.course_id = s.course_id and a.user_id = $2) as "entitled!",
          exists (
            select
            from course_products cp
            join products p on p.id = cp.product_id
            where cp.course_id = s.course_id and p.status = 'public'
          ) as "sold!"
        from lesson_files f
        join lessons l on l.id = f.lesson_id
        join course_sections s on s.id = l.section_id
        where f.id = $1 or f.lesson_id = $3 and f.name = $4"#,
        id,
        viewer.id().map(|user| user.0),
        lesson,
        name
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| Stored {
        id: row.id,
        kind: row.kind,
        name: row.name,
        content_type: row.content_type,
        bytes: row.bytes,
        status: row.status,
        section_status: row.section_status,
        standing: viewer.standing(row.entitled, row.sold),
    }))
}

/// A file that is in the store and about to be a lesson's.
#[derive(Debug, Clone)]
pub struct NewFile {
    pub id: FileId,
    pub lesson_id: LessonId,
    pub kind: FileKind,
    pub name: String,
    pub content_type: &'static str,
    pub bytes: i64,
}

/// Makes a file a lesson's. It takes the place of one with the same name, and a video that of the video: returns
/// those.
pub async fn insert(tx: &mut PgConnection, admin: &Admin, file: &NewFile) -> Result<Vec<FileId>, AppError> {
    // Two uploads to one lesson take turns.
    sqlx::query!("select id from lessons where id = $1 for no key update", file.lesson_id as LessonId)
        .fetch_one(&mut *tx)
        .await?;
    let gone = sqlx::query_scalar!(
        "delete from lesson_files where lesson_id = $1 and (name = $2 or kind = 'video' and $3 = 'video'::lesson_file_kind)
        returning id",
        file.lesson_id as LessonId,
        file.name,
        file.kind as FileKind
    )
    .fetch_all(&mut *tx)
    .await?;
    add(tx, file).await?;
    if file.kind == FileKind::Video {
        positions::forget_played(tx, admin, file.lesson_id).await?;
    }
    Ok(gone)
}

/// Makes a file one of a lesson that has none of its name.
pub async fn add(tx: &mut PgConnection, file: &NewFile) -> Result<(), AppError> {
    sqlx::query!(
        "insert into lesson_files (id, lesson_id, kind, name, content_type, bytes) values ($1, $2, $3, $4, $5, $6)",
        file.id as FileId,
        file.lesson_id as LessonId,
        file.kind as FileKind,
        file.name,
        file.content_type,
        file.bytes
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Deletes a file's row; returns its lesson.
pub async fn delete(tx: &mut PgConnection, _: &Admin, id: FileId) -> Result<LessonId, AppError> {
    let lesson = sqlx::query_scalar!("delete from lesson_files where id = $1 returning lesson_id", id as FileId)
        .fetch_one(tx)
        .await?;
    Ok(lesson)
}

/// Those of some files that no lesson has, nor one that can be restored.
pub async fn unknown(db: &Db, files: &[FileId]) -> sqlx::Result<Vec<FileId>> {
    let ids: Vec<Uuid> = files.iter().map(|file| file.0).collect();
    let known = sqlx::query_scalar!(
        r#"select id as "id!: FileId" from lesson_files where id = any($1)
        union all
        select (data ->> 'id')::uuid
        from deleted_rows
        where relation = 'lesson_files' and data ->> 'id' = any($1::uuid[]::text[])"#,
        &ids
    )
    .fetch_all(db.pool())
    .await?;
    Ok(files.iter().filter(|file| !known.contains(file)).copied().collect())
}

/// An upload as it was announced.
pub struct Upload {
    pub id: UploadId,
    pub lesson_id: LessonId,
    pub name: String,
    /// Of captions.
    pub language: Option<String>,
    pub bytes: i64,
    /// Whether it came whole, and is its lesson's.
    pub kept: bool,
}

/// Notes what is about to come; not found where there is no such lesson.
pub async fn announce_upload(
    tx: &mut PgConnection,
    _: &Admin,
    lesson: LessonId,
    name: &str,
    language: Option<&str>,
    bytes: i64,
) -> Result<UploadId, AppError> {
    let id = sqlx::query_scalar!(
        "insert into uploads (lesson_id, name, language, bytes, expires_at)
        select id, $2, $3, $4, now() + make_interval(days => $5) from lessons where id = $1
        returning id",
        lesson as LessonId,
        name,
        language,
        bytes,
        UPLOAD_DAYS
    )
    .fetch_one(tx)
    .await?;
    Ok(id)
}

pub async fn upload(db: &Db, _: &Admin, id: UploadId) -> sqlx::Result<Option<Upload>> {
    sqlx::query_as!(
        Upload,
        r#"select id, lesson_id, name, language, bytes, kept_at is not null as "kept!"
        from uploads
        where id = $1 and expires_at > now()"#,
        id as UploadId
    )
    .fetch_optional(db.pool())
    .await
}

/// Keeps an upload that came whole from expiring while it is kept, whatever server sweeps; not found where it has
/// expired.
pub async fn claim_upload(tx: &mut PgConnection, _: &Admin, id: UploadId) -> Result<(), AppError> {
    let done = sqlx::query!(
        "update uploads
        set expires_at = greatest(expires_at, now() + make_interval(hours => $2))
        where id = $1 and expires_at > now()",
        id as UploadId,
        HOURS_TO_KEEP
    )
    .execute(tx)
    .await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

/// Notes that an upload came whole and was kept.
pub async fn finish_upload(tx: &mut PgConnection, _: &Admin, id: UploadId) -> Result<(), AppError> {
    sqlx::query!("update uploads set kept_at = now() where id = $1", id as UploadId).execute(tx).await?;
    Ok(())
}

/// Forgets an upload.
pub async fn end_upload(tx: &mut PgConnection, _: &Admin, id: UploadId) -> Result<(), AppError> {
    sqlx::query!("delete from uploads where id = $1", id as UploadId).execute(tx).await?;
    Ok(())
}

pub async fn expire_uploads(tx: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!("delete from uploads where expires_at <= now()").execute(tx).await?;
    Ok(())
}

/// Those of some uploads that nobody waits for: not announced, given up, or kept.
pub async fn unknown_uploads(db: &Db, uploads: &[UploadId]) -> sqlx::Result<Vec<UploadId>> {
    let ids: Vec<Uuid> = uploads.iter().map(|upload| upload.0).collect();
    let known = sqlx::query_scalar!("select id from uploads where id = any($1) and kept_at is null", &ids)
        .fetch_all(db.pool())
        .await?;
    Ok(uploads.iter().filter(|upload| !known.contains(upload)).copied().collect())
}
