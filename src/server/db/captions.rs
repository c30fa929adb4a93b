use super::Db;
use crate::domain::access::Standing;
use crate::domain::id::{CaptionsId, LessonId};
use crate::domain::lesson::LessonStatus;
use crate::domain::section::SectionStatus;
use crate::error::AppError;
use crate::server::auth::{Admin, Viewer};
use sqlx::PgConnection;

/// Keeps a lesson's captions in a language, in the place of what was there.
pub async fn put(
    tx: &mut PgConnection,
    _: &Admin,
    lesson: LessonId,
    language: &str,
    vtt: &str,
) -> Result<(), AppError> {
    put_for(tx, lesson, language, vtt).await
}

/// The same, for writes that asked for another proof.
pub(super) async fn put_for(
    tx: &mut PgConnection,
    lesson: LessonId,
    language: &str,
    vtt: &str,
) -> Result<(), AppError> {
    sqlx::query!(
        "insert into lesson_captions (lesson_id, language, vtt) values ($1, $2, $3)
        on conflict (lesson_id, language) do update set vtt = excluded.vtt",
        lesson as LessonId,
        language,
        vtt
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The WebVTT of captions that are there, for a viewer who may open their lesson.
pub async fn vtt(db: &Db, id: CaptionsId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select vtt from lesson_captions where id = $1", id as CaptionsId)
        .fetch_optional(db.pool())
        .await
}

/// Captions with everything that decides who may open their lesson.
pub struct Stored {
    pub vtt: String,
    pub status: LessonStatus,
    pub section_status: SectionStatus,
    pub standing: Standing,
}

pub async fn stored(db: &Db, id: CaptionsId, viewer: &Viewer) -> sqlx::Result<Option<Stored>> {
    let row = sqlx::query!(
        r#"select t.vtt, l.status, s.status as section_status,
          exists (select from user_course_access a where a.course_id = s.course_id and a.user_id = $2) as "entitled!",
          exists (
            select
            from course_products cp
            join products p on p.id = cp.product_id
            where cp.course_id = s.course_id and p.status = 'public'
          ) as "sold!"
        from lesson_captions t
        join lessons l on l.id = t.lesson_id
        join course_sections s on s.id = l.section_id
        where t.id = $1"#,
        id as CaptionsId,
        viewer.id().map(|user| user.0)
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| Stored {
        vtt: row.vtt,
        status: row.status,
        section_status: row.section_status,
        standing: viewer.standing(row.entitled, row.sold),
    }))
}

/// Deletes captions; returns their lesson.
pub async fn delete(tx: &mut PgConnection, _: &Admin, id: CaptionsId) -> Result<LessonId, AppError> {
    let lesson = sqlx::query_scalar!("delete from lesson_captions where id = $1 returning lesson_id", id as CaptionsId)
        .fetch_one(tx)
        .await?;
    Ok(lesson)
}
