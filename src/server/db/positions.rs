use crate::domain::id::{CourseId, LessonId, UserId};
use crate::error::AppError;
use crate::server::auth::Entitled;
use sqlx::PgConnection;

/// Keeps the second at which the learner left a lesson's video; the last word holds, from whichever device.
pub async fn set(tx: &mut PgConnection, learner: &Entitled, lesson: LessonId, seconds: i32) -> Result<(), AppError> {
    let kept = sqlx::query!(
        "insert into lesson_positions (user_id, lesson_id, seconds)
        select $1, l.id, $4
        from lessons l
        join course_sections s on s.id = l.section_id
        where l.id = $2 and s.course_id = $3 and s.status = 'public' and l.status <> 'private'
        on conflict (user_id, lesson_id) do update set seconds = excluded.seconds, updated_at = now()",
        learner.user_id() as UserId,
        lesson as LessonId,
        learner.course_id() as CourseId,
        seconds
    )
    .execute(tx)
    .await?;
    if kept.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}
