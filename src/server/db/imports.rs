use super::files::{self, NewFile};
use crate::domain::id::{CourseId, LessonId, SectionId};
use crate::domain::lesson::LessonStatus;
use crate::domain::section::SectionStatus;
use crate::error::AppError;
use crate::server::import::{ImportedCourse, ImportedLesson};
use sqlx::PgConnection;
use uuid::Uuid;

/// The course with this title, if there is one.
pub async fn existing(tx: &mut PgConnection, title: &str) -> Result<Option<CourseId>, AppError> {
    let id = sqlx::query_scalar!("select id from courses where title = $1 order by created_at limit 1", title)
        .fetch_optional(tx)
        .await?;
    Ok(id)
}

/// Whether anything of a course that was exported is here already under its ids, or was deleted and can be restored.
pub async fn any_known(tx: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
          select from courses where id = any($1)
          union all select from course_sections where id = any($1)
          union all select from lessons where id = any($1)
          union all
          select
          from deleted_rows d
          where d.relation in ('course_sections', 'lessons') and d.data ->> 'id' = any($1::uuid[]::text[])
        ) as "known!""#,
        ids
    )
    .fetch_one(tx)
    .await
}

/// Keeps two imports of one folder from both finding nothing.
pub async fn lock(tx: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!("lock table courses in share row exclusive mode").execute(tx).await?;
    Ok(())
}

/// Stores the course, section by section, and what its lessons brought along.
pub async fn insert(tx: &mut PgConnection, course: &ImportedCourse, brought: &[NewFile]) -> Result<CourseId, AppError> {
    let id = CourseId(course.id);
    sqlx::query!(
        "insert into courses (id, title, description) values ($1, $2, $3)",
        id as CourseId,
        course.title,
        course.description
    )
    .execute(&mut *tx)
    .await?;
    for (order, section) in (0_i32..).zip(&course.sections) {
        let status = if section.public { SectionStatus::Public } else { SectionStatus::Private };
        sqlx::query!(
            r#"insert into course_sections (id, course_id, name, status, "order") values ($1, $2, $3, $4, $5)"#,
            SectionId(section.id) as SectionId,
            id as CourseId,
            section.name,
            status as SectionStatus,
            order
        )
        .execute(&mut *tx)
        .await?;
        for (order, lesson) in (0_i32..).zip(&section.lessons) {
            insert_lesson(tx, SectionId(section.id), lesson, order).await?;
        }
    }
    for file in brought {
        files::add(tx, file).await?;
    }
    Ok(id)
}

async fn insert_lesson(
    tx: &mut PgConnection,
    section: SectionId,
    lesson: &ImportedLesson,
    order: i32,
) -> Result<(), AppError> {
    sqlx::query!(
        r#"insert into lessons (id, section_id, name, description, video_url, status, "order", completes_by_watching)
        values ($1, $2, $3, $4, $5, $6, $7, $8)"#,
        LessonId(lesson.id) as LessonId,
        section as SectionId,
        lesson.name,
        lesson.markdown,
        lesson.video_url,
        LessonStatus::from(lesson.status) as LessonStatus,
        order,
        lesson.completes_by_watching
    )
    .execute(&mut *tx)
    .await?;
    for (language, vtt) in &lesson.captions {
        sqlx::query!(
            "insert into lesson_captions (lesson_id, language, vtt) values ($1, $2, $3)",
            LessonId(lesson.id) as LessonId,
            language,
            vtt
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}
