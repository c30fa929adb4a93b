use super::Db;
use crate::domain::course::{CourseFields, CourseRow};
use crate::domain::id::{CourseId, ProductId, UserId};
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;

/// Every course with its counts, newest first.
pub async fn list(db: &Db, _: &Admin) -> sqlx::Result<Vec<CourseRow>> {
    sqlx::query_as!(
        CourseRow,
        r#"select c.id, c.title,
          (select count(*) from course_sections s where s.course_id = c.id) as "sections!",
          (
            select count(*)
            from lessons l
            join course_sections s on s.id = l.section_id
            where s.course_id = c.id
          ) as "lessons!",
          (select count(*) from course_products p where p.course_id = c.id) as "products!",
          (select count(*) from user_course_access a where a.course_id = c.id) as "learners!"
        from courses c
        order by c.created_at desc, c.id"#
    )
    .fetch_all(db.pool())
    .await
}

/// Every course by its title, to choose one.
pub async fn titles(db: &Db, _: &Admin) -> sqlx::Result<Vec<(CourseId, String)>> {
    let rows = sqlx::query!("select id, title from courses order by title, id").fetch_all(db.pool()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}

/// The courses that a public product holds.
pub async fn sold(db: &Db) -> sqlx::Result<Vec<CourseId>> {
    sqlx::query_scalar!(
        "select distinct c.course_id
        from course_products c
        join products p on p.id = c.product_id
        where p.status = 'public'"
    )
    .fetch_all(db.pool())
    .await
}

/// The courses that a person has access to, last granted first.
pub async fn of_user(db: &Db, user: UserId) -> sqlx::Result<Vec<CourseId>> {
    sqlx::query_scalar!(
        "select course_id from user_course_access where user_id = $1 order by created_at desc, course_id",
        user as UserId
    )
    .fetch_all(db.pool())
    .await
}

pub async fn create(tx: &mut PgConnection, _: &Admin, fields: CourseFields) -> Result<CourseId, AppError> {
    let id = sqlx::query_scalar!(
        "insert into courses (title, description) values ($1, $2) returning id",
        fields.title,
        fields.description
    )
    .fetch_one(tx)
    .await?;
    Ok(id)
}

pub async fn update(tx: &mut PgConnection, _: &Admin, id: CourseId, fields: CourseFields) -> Result<(), AppError> {
    let done = sqlx::query!(
        "update courses set title = $2, description = $3 where id = $1",
        id as CourseId,
        fields.title,
        fields.description
    )
    .execute(tx)
    .await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

/// What goes with a course, and the products that forbid it.
pub struct Deletion {
    pub title: String,
    pub sections: i64,
    pub lessons: i64,
    pub learners: i64,
    pub completions: i64,
    pub products: Vec<(ProductId, String)>,
}

pub async fn deletion(db: &Db, _: &Admin, id: CourseId) -> sqlx::Result<Option<Deletion>> {
    let counts = sqlx::query!(
        r#"select c.title,
          (select count(*) from course_sections s where s.course_id = c.id) as "sections!",
          (
            select count(*)
            from lessons l
            join course_sections s on s.id = l.section_id
            where s.course_id = c.id
          ) as "lessons!",
          (select count(*) from user_course_access a where a.course_id = c.id) as "learners!",
          (
            select count(*)
            from user_lesson_complete u
            join lessons l on l.id = u.lesson_id
            join course_sections s on s.id = l.section_id
            where s.course_id = c.id
          ) as "completions!"
        from courses c
        where c.id = $1"#,
        id as CourseId
    )
    .fetch_optional(db.pool())
    .await?;
    let Some(counts) = counts else { return Ok(None) };
    let products = sqlx::query!(
        "select p.id, p.name
        from course_products cp
        join products p on p.id = cp.product_id
        where cp.course_id = $1
        order by p.name",
        id as CourseId
    )
    .fetch_all(db.pool())
    .await?;
    Ok(Some(Deletion {
        title: counts.title,
        sections: counts.sections,
        lessons: counts.lessons,
        learners: counts.learners,
        completions: counts.completions,
        products: products.into_iter().map(|row| (row.id, row.name)).collect(),
    }))
}

/// Deletes the course with its sections and lessons; refused by its foreign key while a product holds it.
pub async fn delete(tx: &mut PgConnection, _: &Admin, id: CourseId) -> Result<(), AppError> {
    let done = sqlx::query!("delete from courses where id = $1", id as CourseId).execute(tx).await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

/// Whether there is any course.
pub async fn any(tx: &mut PgConnection) -> Result<bool, AppError> {
    let any = sqlx::query_scalar!(r#"select exists (select from courses) as "any!""#).fetch_one(tx).await?;
    Ok(any)
}

pub async fn is_there(db: &Db, id: CourseId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from courses where id = $1) as "there!""#, id as CourseId)
        .fetch_one(db.pool())
        .await
}
