use super::Db;
use crate::domain::id::{CourseId, LessonId, UserId};
use crate::error::AppError;
use crate::server::auth::Entitled;
use sqlx::PgConnection;

/// Keeps a learner's note on a lesson that is open to them; an empty one is none.
pub async fn set(tx: &mut PgConnection, learner: &Entitled, lesson: LessonId, body: &str) -> Result<(), AppError> {
    if body.is_empty() {
        sqlx::query!(
            "delete from lesson_notes where user_id = $1 and lesson_id = $2",
            learner.user_id() as UserId,
            lesson as LessonId
        )
        .execute(tx)
        .await?;
        return Ok(());
    }
    let kept = sqlx::query!(
        "insert into lesson_notes (user_id, lesson_id, body)
        select $1, l.id, $4
        from lessons l
        join course_sections s on s.id = l.section_id
        where l.id = $2 and s.course_id = $3 and s.status = 'public' and l.status <> 'private'
        on conflict (user_id, lesson_id) do update set body = excluded.body",
        learner.user_id() as UserId,
        lesson as LessonId,
        learner.course_id() as CourseId,
        body
    )
    .execute(tx)
    .await?;
    if kept.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

/// A learner's notes on a course in its order: section, lesson, note. Those on lessons that are hidden now are theirs
/// all the same; what those lessons are called by now is not.
pub async fn of_course(db: &Db, learner: &Entitled) -> sqlx::Result<Vec<(String, String, String)>> {
    let rows = sqlx::query!(
        r#"select a.section as "section!", a.lesson as "lesson!", n.body
        from lesson_notes n
        join lesson_labels a on a.id = n.lesson_id
        join lessons l on l.id = n.lesson_id
        join course_sections s on s.id = l.section_id
        where n.user_id = $1 and s.course_id = $2
        order by s."order", l."order""#,
        learner.user_id() as UserId,
        learner.course_id() as CourseId
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(|row| (row.section, row.lesson, row.body)).collect())
}
