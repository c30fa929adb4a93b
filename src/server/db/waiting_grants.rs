//! Grants for people who are not there yet. One binds to whoever is shown to have its address, and to nobody who
//! merely typed it.

use super::{Db, access, audit, mails};
use crate::domain::audit::Act;
use crate::domain::grant::{EmailGrantFields, WaitingGrant};
use crate::domain::id::{CourseId, UserId, WaitingGrantId};
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;
use sqlx::types::Json;

/// Makes everything that concerns an address take turns until the transaction ends. A grant looks for the person of the
/// address and a verification for the grants that wait for it: at the same time each would find nothing.
async fn lock(tx: &mut PgConnection, email: &str) -> Result<(), AppError> {
    sqlx::query!(r#"select pg_advisory_xact_lock(hashtextextended(lower($1), 0)) as "locked!: ()""#, email)
        .fetch_one(tx)
        .await?;
    Ok(())
}

/// Gives a course to the person whose verified address this is, and returns them; where there is none, it waits.
pub async fn grant(tx: &mut PgConnection, admin: &Admin, fields: EmailGrantFields) -> Result<Option<UserId>, AppError> {
    lock(tx, &fields.email).await?;
    let person = sqlx::query_scalar!(
        "select id from users
        where lower(email) = lower($1) and email_verified_at is not null and deleted_at is null",
        fields.email
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(person) = person {
        access::grant_once(tx, admin, person, &fields.grant).await?;
        return Ok(Some(person));
    }
    let waiting = sqlx::query_scalar!(
        "insert into waiting_grants (email, course_id, granted_by, note) values ($1, $2, $3, $4) returning id",
        fields.email,
        fields.grant.course as CourseId,
        admin.id as UserId,
        fields.grant.note
    )
    .fetch_one(&mut *tx)
    .await?;
    mails::waiting(tx, waiting).await?;
    Ok(None)
}

/// Notes that a person's address is theirs, and gives them what waited for it. Whoever verifies an address calls this:
/// then nothing can wait for one that is verified, and no sign-in has to look.
pub async fn verify(tx: &mut PgConnection, user: UserId) -> Result<(), AppError> {
    let email = sqlx::query_scalar!("select email from users where id = $1 and deleted_at is null", user as UserId)
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(AppError::NotFound)?;
    lock(tx, &email).await?;
    let done = sqlx::query!(
        "update users set email_verified_at = coalesce(email_verified_at, now())
        where id = $1 and email = $2 and deleted_at is null",
        user as UserId,
        email
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Err(AppError::NotFound);
    }
    bind(tx, user, &email).await
}

/// The same by an author's word.
pub async fn confirm(tx: &mut PgConnection, admin: &Admin, user: UserId) -> Result<(), AppError> {
    verify(tx, user).await?;
    audit::note(tx, Some(admin.id), Act::AddressConfirmed, Some(user), "").await
}

/// The same where a provider says so, and returns whether it holds: an address that is another person's already stays
/// that one's.
pub async fn verify_unless_anothers(tx: &mut PgConnection, user: UserId) -> Result<bool, AppError> {
    let email = sqlx::query_scalar!("select email from users where id = $1 and deleted_at is null", user as UserId)
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(AppError::NotFound)?;
    lock(tx, &email).await?;
    let anothers = sqlx::query_scalar!(
        r#"select exists (
          select from users where lower(email) = lower($1) and email_verified_at is not null and id <> $2
        ) as "exists!""#,
        email,
        user as UserId
    )
    .fetch_one(&mut *tx)
    .await?;
    if !anothers {
        verify(tx, user).await?;
    }
    Ok(!anothers)
}

/// Turns what waits for an address into its person's grants, each with the day and the hand that it came from. What they
/// were given meanwhile stays as it is, and does not wait any more.
async fn bind(tx: &mut PgConnection, user: UserId, email: &str) -> Result<(), AppError> {
    let bound = sqlx::query_scalar!(
        "with gone as (
          delete from waiting_grants where lower(email) = lower($2)
          returning course_id, granted_by, note, created_at
        )
        insert into course_grants (user_id, course_id, granted_by, note, created_at)
        select $1, course_id, granted_by, note, created_at from gone
        on conflict (user_id, course_id) where purchase_id is null and revoked_at is null do nothing
        returning id",
        user as UserId,
        email
    )
    .fetch_all(&mut *tx)
    .await?;
    if bound.is_empty() {
        return Ok(());
    }
    access::refresh(tx, &[user.0]).await?;
    mails::given(tx, user, &bound).await
}

/// Takes back a grant that still waits; one that is bound or gone is not there.
pub async fn revoke(tx: &mut PgConnection, _: &Admin, id: WaitingGrantId) -> Result<(), AppError> {
    let done = sqlx::query!("delete from waiting_grants where id = $1", id as WaitingGrantId).execute(&mut *tx).await?;
    if done.rows_affected() == 0 {
        return Err(AppError::NotFound);
    }
    mails::withdraw_waiting(tx, id).await
}

/// What waits, newest first; for one course, where it is named.
pub async fn list(db: &Db, admin: &Admin, course: Option<CourseId>) -> sqlx::Result<Vec<WaitingGrant>> {
    select(db, admin, course, None).await
}

/// What waits for an address.
pub async fn of_address(db: &Db, admin: &Admin, email: &str) -> sqlx::Result<Vec<WaitingGrant>> {
    select(db, admin, None, Some(email)).await
}

async fn select(db: &Db, _: &Admin, course: Option<CourseId>, email: Option<&str>) -> sqlx::Result<Vec<WaitingGrant>> {
    let rows = sqlx::query!(
        r#"select w.id, w.email, w.note, w.created_at, c.title, h.name as "by?",
          (
            select json_agg(json_build_array(u.id, u.name) order by u.created_at, u.id)
            from users u
            where lower(u.email) = lower(w.email) and u.deleted_at is null
          ) as "accounts: Json<Vec<(UserId, String)>>"
        from waiting_grants w
        join courses c on c.id = w.course_id
        left join users h on h.id = w.granted_by
        where ($1::uuid is null or w.course_id = $1) and ($2::text is null or lower(w.email) = lower($2))
        order by w.created_at desc, w.id"#,
        course.map(|course| course.0),
        email
    )
    .fetch_all(db.pool())
    .await?;
    let grants = rows.into_iter().map(|row| WaitingGrant {
        id: row.id,
        email: row.email,
        course: row.title,
        by: row.by,
        note: row.note,
        created_at: row.created_at.into(),
        accounts: row.accounts.map(|accounts| accounts.0).unwrap_or_default(),
    });
    Ok(grants.collect())
}
