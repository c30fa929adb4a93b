use crate::domain::id::{CourseId, LessonId, UserId};
use crate::error::AppError;
use crate::server::auth::Entitled;
use sqlx::PgConnection;

/// Marks a lesson that the learner can open as completed, or takes that back; both as often as one likes. The first
/// time that nothing of the course is left, the day is kept for good.
pub async fn set(tx: &mut PgConnection, learner: &Entitled, lesson: LessonId, done: bool) -> Result<(), AppError> {
    let (user, course) = (learner.user_id(), learner.course_id());
    if !done {
        sqlx::query!(
            "delete from user_lesson_complete where user_id = $1 and lesson_id = $2",
            user as UserId,
            lesson as LessonId
        )
        .execute(tx)
        .await?;
        return Ok(());
    }
    // The lesson's row is held against a deletion or a change of status until the completion stands.
    let open = sqlx::query_scalar!(
        r#"select s.status = 'public' and l.status <> 'private' as "open!"
        from lessons l
        join course_sections s on s.id = l.section_id
        where l.id = $1 and s.course_id = $2
        for share of l"#,
        lesson as LessonId,
        course as CourseId
    )
    .fetch_optional(&mut *tx)
    .await?;
    if open != Some(true) {
        return Err(AppError::NotFound);
    }
    sqlx::query!(
        "insert into user_lesson_complete (user_id, lesson_id) values ($1, $2)
        on conflict (user_id, lesson_id) do nothing",
        user as UserId,
        lesson as LessonId
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into course_completions (user_id, course_id)
        select $1, $2
        where not exists (
          select
          from lessons l
          join course_sections s on s.id = l.section_id
          where s.course_id = $2 and s.status = 'public' and l.status <> 'private' and not exists (
            select from user_lesson_complete u where u.lesson_id = l.id and u.user_id = $1
          )
        )
        on conflict (user_id, course_id) do nothing",
        user as UserId,
        course as CourseId
    )
    .execute(tx)
    .await?;
    Ok(())
}
