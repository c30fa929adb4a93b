use crate::domain::id::{CourseId, LessonId, UserId};
use crate::domain::watched::is_enough;
use crate::error::AppError;
use crate::server::auth::{Admin, Entitled};
use sqlx::PgConnection;

/// Where a lesson was left.
pub struct Left {
    /// None where it is as it was.
    pub seconds: Option<i32>,
    /// In thousandths; none where it is as it was.
    pub read: Option<i32>,
    /// What was played since the last time, as a multirange of seconds.
    pub played: String,
    /// Of the video, in seconds.
    pub length: u32,
}

/// Keeps where the learner left a lesson; the last word holds, from whichever device, and what was played adds up.
/// Returns whether by this enough of the video was played to complete the lesson, for the first time, where its author
/// wants that.
pub async fn set(tx: &mut PgConnection, learner: &Entitled, lesson: LessonId, left: &Left) -> Result<bool, AppError> {
    // A second request of the same learner waits here for the first, where there is a row.
    let before = sqlx::query_scalar!(
        r#"select (select coalesce(sum(upper(r) - lower(r)), 0) from unnest(p.played) r) as "played!"
        from lesson_positions p
        where p.user_id = $1 and p.lesson_id = $2
        for no key update"#,
        learner.user_id() as UserId,
        lesson as LessonId
    )
    .fetch_optional(&mut *tx)
    .await?
    .unwrap_or_default();
    let row = sqlx::query!(
        r#"with kept as (
          insert into lesson_positions (user_id, lesson_id, seconds, read, played)
          select $1, l.id, coalesce($4, 0), coalesce($5, 0), $6::text::int4multirange
          from lessons l
          join course_sections s on s.id = l.section_id
          where l.id = $2 and s.course_id = $3 and s.status = 'public' and l.status <> 'private'
          on conflict (user_id, lesson_id) do update
          set seconds = coalesce($4, lesson_positions.seconds), read = coalesce($5, lesson_positions.read),
            played = lesson_positions.played + excluded.played, updated_at = now()
          returning lesson_id, played
        )
        select l.completes_by_watching,
          (select coalesce(sum(upper(r) - lower(r)), 0) from unnest(kept.played) r) as "played!"
        from kept
        join lessons l on l.id = kept.lesson_id"#,
        learner.user_id() as UserId,
        lesson as LessonId,
        learner.course_id() as CourseId,
        left.seconds,
        left.read,
        left.played
    )
    .fetch_optional(tx)
    .await?
    .ok_or(AppError::NotFound)?;
    let enough = |played: i64| is_enough(u32::try_from(played).unwrap_or(u32::MAX), left.length);
    Ok(row.completes_by_watching && enough(row.played) && !enough(before))
}

/// Another video is another matter: what was played of the one before counts for nothing.
pub async fn forget_played(tx: &mut PgConnection, _: &Admin, lesson: LessonId) -> Result<(), AppError> {
    forget_played_of(tx, lesson).await
}

/// The same, for writes that asked for another proof.
pub(super) async fn forget_played_of(tx: &mut PgConnection, lesson: LessonId) -> Result<(), AppError> {
    sqlx::query!("update lesson_positions set played = '{}', seconds = 0 where lesson_id = $1", lesson as LessonId)
        .execute(tx)
        .await?;
    Ok(())
}
