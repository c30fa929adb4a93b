//! States of lessons' texts. Whoever changes a lesson notes what it was and what it is.

use super::{Db, lessons};
use crate::domain::id::{LessonId, UserId, VersionId};
use crate::domain::lesson::{LessonFields, LessonStatus};
use crate::domain::version::LessonVersion;
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;

/// Notes a lesson as it is, unless the last state is the same. `by` is who made it so, where that is known.
pub async fn note(tx: &mut PgConnection, _: &Admin, id: LessonId, by: Option<UserId>) -> Result<(), AppError> {
    note_by(tx, id, by).await
}

/// The same, for writes that asked for another proof.
pub(super) async fn note_by(tx: &mut PgConnection, id: LessonId, by: Option<UserId>) -> Result<(), AppError> {
    sqlx::query!(
        "insert into lesson_versions (lesson_id, author_id, name, markdown, video_url)
        select l.id, $2, l.name, l.description, l.video_url
        from lessons l
        left join lateral (
          select v.name, v.markdown, v.video_url
          from lesson_versions v
          where v.lesson_id = l.id
          order by v.created_at desc
          limit 1
        ) last on true
        where l.id = $1
          and (last.name, last.markdown, last.video_url) is distinct from (l.name, l.description, l.video_url)",
        id as LessonId,
        by.map(|by| by.0)
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The states of a lesson, newest first.
pub async fn list(db: &Db, _: &Admin, id: LessonId) -> sqlx::Result<Vec<LessonVersion>> {
    let rows = sqlx::query!(
        r#"select v.id, v.created_at, u.name as "by?", v.name, coalesce(length(v.markdown), 0)::bigint as "characters!"
        from lesson_versions v
        left join users u on u.id = v.author_id
        where v.lesson_id = $1
        order by v.created_at desc"#,
        id as LessonId
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| LessonVersion {
            id: row.id,
            saved_at: row.created_at.into(),
            by: row.by,
            name: row.name,
            characters: row.characters,
        })
        .collect())
}

/// What was the text of a lesson then, name and video's address included.
pub struct Text {
    pub name: String,
    pub markdown: Option<String>,
    pub video_url: Option<String>,
}

pub async fn text(db: &Db, _: &Admin, lesson: LessonId, version: VersionId) -> sqlx::Result<Option<Text>> {
    sqlx::query_as!(
        Text,
        "select name, markdown, video_url from lesson_versions where id = $1 and lesson_id = $2",
        version as VersionId,
        lesson as LessonId
    )
    .fetch_optional(db.pool())
    .await
}

/// Makes a lesson's text what it was then. Its status and what else it has stay; what it is now becomes a state like
/// the others.
pub async fn restore(
    tx: &mut PgConnection,
    admin: &Admin,
    lesson: LessonId,
    version: VersionId,
) -> Result<(), AppError> {
    let row = sqlx::query!(
        r#"select v.name, v.markdown, v.video_url, l.status as "status: LessonStatus", l.completes_by_watching,
          md5(row(l.name, l.status, l.video_url, l.description, l.completes_by_watching)::text) as "stored!"
        from lesson_versions v
        join lessons l on l.id = v.lesson_id
        where v.id = $1 and v.lesson_id = $2
        for no key update of l"#,
        version as VersionId,
        lesson as LessonId
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(AppError::NotFound)?;
    let fields = LessonFields {
        name: row.name,
        status: row.status,
        video_url: row.video_url,
        completes_by_watching: row.completes_by_watching,
        markdown: row.markdown,
    };
    lessons::update(tx, admin, lesson, &row.stored, fields).await?;
    Ok(())
}
