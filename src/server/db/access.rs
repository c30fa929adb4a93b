//! Access and its sources. `user_course_access` holds exactly the pairs that have a live grant.

use super::Db;
use crate::domain::id::{CourseId, PurchaseId, UserId};
use crate::error::AppError;
use sqlx::PgConnection;
use uuid::Uuid;

pub async fn has(db: &Db, user: UserId, course: CourseId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from user_course_access where user_id = $1 and course_id = $2) as "has!""#,
        user as UserId,
        course as CourseId
    )
    .fetch_one(db.pool())
    .await
}

/// Grants what a purchase bought. Courses deleted since the checkout are left out: there is nothing to open.
pub async fn grant_purchase(
    tx: &mut PgConnection,
    user: UserId,
    purchase: PurchaseId,
    courses: &[Uuid],
) -> Result<(), AppError> {
    sqlx::query!(
        "insert into course_grants (user_id, course_id, purchase_id)
        select $1, c.id, $2 from courses c where c.id = any($3)
        on conflict (purchase_id, course_id) do nothing",
        user as UserId,
        purchase as PurchaseId,
        courses
    )
    .execute(&mut *tx)
    .await?;
    refresh(tx, user).await
}

/// Grants one course to a person by an admin's hand.
pub async fn grant(
    tx: &mut PgConnection,
    user: UserId,
    course: CourseId,
    granted_by: Option<UserId>,
    note: &str,
) -> Result<(), AppError> {
    sqlx::query!(
        "insert into course_grants (user_id, course_id, granted_by, note) values ($1, $2, $3, $4)",
        user as UserId,
        course as CourseId,
        granted_by as Option<UserId>,
        note
    )
    .execute(&mut *tx)
    .await?;
    refresh(tx, user).await
}

/// Takes back what one purchase granted; what anything else grants stays.
pub async fn revoke_purchase(tx: &mut PgConnection, user: UserId, purchase: PurchaseId) -> Result<(), AppError> {
    sqlx::query!(
        "update course_grants set revoked_at = now() where purchase_id = $1 and revoked_at is null",
        purchase as PurchaseId
    )
    .execute(&mut *tx)
    .await?;
    refresh(tx, user).await
}

/// Brings a person's access in line with their live grants: the only writer of `user_course_access`. The lock on
/// the user's row makes two changes of one person's grants take turns.
async fn refresh(tx: &mut PgConnection, user: UserId) -> Result<(), AppError> {
    sqlx::query!("select id from users where id = $1 for no key update", user as UserId).fetch_one(&mut *tx).await?;
    sqlx::query!(
        "delete from user_course_access a
        where a.user_id = $1 and not exists (
          select from course_grants g
          where g.user_id = a.user_id and g.course_id = a.course_id and g.revoked_at is null
        )",
        user as UserId
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into user_course_access (user_id, course_id)
        select distinct user_id, course_id from course_grants where user_id = $1 and revoked_at is null
        on conflict (user_id, course_id) do nothing",
        user as UserId
    )
    .execute(tx)
    .await?;
    Ok(())
}
