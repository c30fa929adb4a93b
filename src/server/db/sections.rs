use super::{Db, order};
use crate::domain::id::{CourseId, SectionId};
use crate::domain::section::{Section, SectionFields, SectionStatus};
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;

pub async fn get(db: &Db, _: &Admin, id: SectionId) -> sqlx::Result<Option<Section>> {
    sqlx::query_as!(
        Section,
        "select s.course_id, c.title as course_title, s.name, s.status
        from course_sections s
        join courses c on c.id = s.course_id
        where s.id = $1",
        id as SectionId
    )
    .fetch_optional(db.pool())
    .await
}

/// Appends a section to its course.
pub async fn create(
    tx: &mut PgConnection,
    _: &Admin,
    course: CourseId,
    fields: SectionFields,
) -> Result<SectionId, AppError> {
    order::lock_course(tx, course).await?;
    let id = sqlx::query_scalar!(
        r#"insert into course_sections (course_id, name, status, "order")
        values ($1, $2, $3, (select count(*) from course_sections where course_id = $1))
        returning id"#,
        course as CourseId,
        fields.name,
        fields.status as SectionStatus
    )
    .fetch_one(tx)
    .await?;
    Ok(id)
}

pub async fn update(tx: &mut PgConnection, _: &Admin, id: SectionId, fields: SectionFields) -> Result<(), AppError> {
    let done = sqlx::query!(
        "update course_sections set name = $2, status = $3 where id = $1",
        id as SectionId,
        fields.name,
        fields.status as SectionStatus
    )
    .execute(tx)
    .await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

/// What goes with a section.
pub struct Deletion {
    pub course_id: CourseId,
    pub name: String,
    pub lessons: i64,
    pub completions: i64,
}

pub async fn deletion(db: &Db, _: &Admin, id: SectionId) -> sqlx::Result<Option<Deletion>> {
    sqlx::query_as!(
        Deletion,
        r#"select s.course_id, s.name,
          (select count(*) from lessons l where l.section_id = s.id) as "lessons!",
          (
            select count(*)
            from user_lesson_complete u
            join lessons l on l.id = u.lesson_id
            where l.section_id = s.id
          ) as "completions!"
        from course_sections s
        where s.id = $1"#,
        id as SectionId
    )
    .fetch_optional(db.pool())
    .await
}

/// Deletes a section with its lessons and closes the gap; returns its course.
pub async fn delete(tx: &mut PgConnection, _: &Admin, id: SectionId) -> Result<CourseId, AppError> {
    let course = sqlx::query_scalar!("select course_id from course_sections where id = $1", id as SectionId)
        .fetch_one(&mut *tx)
        .await?;
    order::lock_course(tx, course).await?;
    order::sections_of(tx, course).await?;
    sqlx::query!("delete from course_sections where id = $1", id as SectionId).execute(&mut *tx).await?;
    order::close_sections(tx, course).await?;
    Ok(course)
}
