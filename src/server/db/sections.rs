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

/// Makes a section public with all of its drafts; returns its course.
pub async fn publish(tx: &mut PgConnection, _: &Admin, id: SectionId) -> Result<CourseId, AppError> {
    order::lock_sections(tx, &[id]).await?;
    let course = sqlx::query_scalar!(
        "update course_sections set status = 'public' where id = $1 returning course_id",
        id as SectionId
    )
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query!("update lessons set status = 'public' where section_id = $1 and status = 'private'", id as SectionId)
        .execute(tx)
        .await?;
    Ok(course)
}

/// The course that a section is in, and its name.
pub async fn course_of(db: &Db, _: &Admin, id: SectionId) -> sqlx::Result<Option<(CourseId, String)>> {
    let row = sqlx::query!("select course_id, name from course_sections where id = $1", id as SectionId)
        .fetch_optional(db.pool())
        .await?;
    Ok(row.map(|row| (row.course_id, row.name)))
}
