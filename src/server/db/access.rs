//! Access and its sources. `user_course_access` holds exactly the pairs that have a live grant.

use super::{Db, audit, mails};
use crate::domain::audit::Act;
use crate::domain::grant::{AccessReason, GrantFields};
use crate::domain::id::{CourseId, GrantId, PurchaseId, UserId};
use crate::error::AppError;
use crate::server::auth::{Admin, Entitled};
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

/// Why a learner has their course, the earliest first.
pub async fn reasons(db: &Db, learner: &Entitled) -> sqlx::Result<Vec<AccessReason>> {
    let rows = sqlx::query!(
        r#"select g.created_at, p.id as "purchase?: PurchaseId", p.product_details ->> 'name' as product,
          p.created_at as "bought_at?"
        from course_grants g
        left join purchases p on p.id = g.purchase_id
        where g.user_id = $1 and g.course_id = $2 and g.revoked_at is null
        order by g.created_at, g.id"#,
        learner.user_id() as UserId,
        learner.course_id() as CourseId
    )
    .fetch_all(db.pool())
    .await?;
    let reasons = rows.into_iter().map(|row| match (row.purchase, row.bought_at) {
        (Some(purchase), Some(at)) => {
            AccessReason::Bought { purchase, product: row.product.unwrap_or_default(), at: at.into() }
        }
        _ => AccessReason::Given { at: row.created_at.into() },
    });
    Ok(reasons.collect())
}

/// Grants what a purchase bought, and returns what it did not grant before. Courses deleted since the checkout are left
/// out: there is nothing to open.
pub async fn grant_purchase(
    tx: &mut PgConnection,
    user: UserId,
    purchase: PurchaseId,
    courses: &[Uuid],
) -> Result<Vec<GrantId>, AppError> {
    let granted = sqlx::query_scalar!(
        "insert into course_grants (user_id, course_id, purchase_id)
        select $1, c.id, $2 from courses c where c.id = any($3)
        on conflict (purchase_id, course_id) do nothing
        returning id",
        user as UserId,
        purchase as PurchaseId,
        courses
    )
    .fetch_all(&mut *tx)
    .await?;
    refresh(tx, &[user.0]).await?;
    Ok(granted)
}

/// Grants one course to a person by an admin's hand; none where they have it so already.
pub async fn grant(
    tx: &mut PgConnection,
    user: UserId,
    course: CourseId,
    granted_by: Option<UserId>,
    note: Option<&str>,
) -> Result<Option<GrantId>, AppError> {
    let granted = sqlx::query_scalar!(
        "insert into course_grants (user_id, course_id, granted_by, note) values ($1, $2, $3, $4)
        on conflict (user_id, course_id) where purchase_id is null and revoked_at is null do nothing
        returning id",
        user as UserId,
        course as CourseId,
        granted_by as Option<UserId>,
        note
    )
    .fetch_optional(&mut *tx)
    .await?;
    refresh(tx, &[user.0]).await?;
    Ok(granted)
}

/// The same in answer to a form, which is told where there was nothing to give.
pub async fn grant_once(
    tx: &mut PgConnection,
    admin: &Admin,
    user: UserId,
    fields: &GrantFields,
) -> Result<(), AppError> {
    match grant(tx, user, fields.course, Some(admin.id), fields.note.as_deref()).await? {
        Some(grant) => {
            audit::note(tx, Some(admin.id), Act::CourseGiven, Some(user), &fields.course.to_string()).await?;
            mails::given(tx, user, &[grant]).await
        }
        None => Err(AppError::invalid("course", "This person was given this course already, and still has it.")),
    }
}

/// Grants one course to a person who is there.
pub async fn grant_by_hand(
    tx: &mut PgConnection,
    admin: &Admin,
    user: UserId,
    fields: GrantFields,
) -> Result<(), AppError> {
    let there = sqlx::query_scalar!("select id from users where id = $1 and deleted_at is null", user as UserId)
        .fetch_optional(&mut *tx)
        .await?;
    grant_once(tx, admin, there.ok_or(AppError::NotFound)?, &fields).await
}

/// Takes back a grant that an admin gave; what anything else grants stays. Taken back twice, it happens once. What a
/// purchase grants goes with its refund alone: else somebody would have paid for what they no longer have.
pub async fn revoke_by_hand(tx: &mut PgConnection, admin: &Admin, id: GrantId) -> Result<(), AppError> {
    let grant = sqlx::query!("select user_id, course_id, purchase_id from course_grants where id = $1", id as GrantId)
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(AppError::NotFound)?;
    if grant.purchase_id.is_some() {
        return Err(AppError::refused(
            "This was bought. Refund the purchase, and the access that it gives ends with it.",
        ));
    }
    let done =
        sqlx::query!("update course_grants set revoked_at = now() where id = $1 and revoked_at is null", id as GrantId)
            .execute(&mut *tx)
            .await?;
    if done.rows_affected() > 0 {
        let course = grant.course_id.to_string();
        audit::note(tx, Some(admin.id), Act::GrantRevoked, Some(grant.user_id), &course).await?;
    }
    mails::withdraw_given(tx, grant.user_id, &[id]).await?;
    refresh(tx, &[grant.user_id.0]).await
}

/// Takes back what one purchase granted; what anything else grants stays.
pub async fn revoke_purchase(tx: &mut PgConnection, user: UserId, purchase: PurchaseId) -> Result<(), AppError> {
    let revoked = sqlx::query_scalar!(
        "update course_grants set revoked_at = now() where purchase_id = $1 and revoked_at is null returning id",
        purchase as PurchaseId
    )
    .fetch_all(&mut *tx)
    .await?;
    mails::withdraw_given(tx, user, &revoked).await?;
    refresh(tx, &[user.0]).await
}

/// Gives again what one purchase granted: its refund came to nothing.
pub async fn restore_purchase(tx: &mut PgConnection, user: UserId, purchase: PurchaseId) -> Result<(), AppError> {
    sqlx::query!(
        "update course_grants set revoked_at = null where purchase_id = $1 and revoked_at is not null",
        purchase as PurchaseId
    )
    .execute(&mut *tx)
    .await?;
    refresh(tx, &[user.0]).await
}

/// Brings people's access in line with their live grants: the only writer of `user_course_access`. The locks on the
/// users' rows, taken in one order, make two changes of one person's grants take turns.
pub async fn refresh(tx: &mut PgConnection, users: &[Uuid]) -> Result<(), AppError> {
    let found = sqlx::query_scalar!("select id from users where id = any($1) order by id for no key update", users)
        .fetch_all(&mut *tx)
        .await?;
    if found.len() < users.len() {
        return Err(AppError::NotFound);
    }
    sqlx::query!(
        "delete from user_course_access a
        where a.user_id = any($1) and not exists (
          select from course_grants g
          where g.user_id = a.user_id and g.course_id = a.course_id and g.revoked_at is null
        )",
        users
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into user_course_access (user_id, course_id)
        select distinct user_id, course_id from course_grants where user_id = any($1) and revoked_at is null
        on conflict (user_id, course_id) do nothing",
        users
    )
    .execute(tx)
    .await?;
    Ok(())
}
