//! Who may do what, as admins decide it about others.

use super::{audit, users};
use crate::domain::audit::Act;
use crate::domain::id::UserId;
use crate::domain::user::Role;
use crate::error::AppError;
use crate::server::auth::{Admin, SignedIn};
use sqlx::PgConnection;

/// Locks these accounts and all admins' until the transaction ends: so that the last admin cannot go, not even two at a
/// time. In one statement and one order, so that nobody holds one of them and waits for another. Returns their roles; an
/// account that is not there is not found.
async fn lock<const N: usize>(tx: &mut PgConnection, people: [UserId; N]) -> Result<[Role; N], AppError> {
    let locked = sqlx::query!(
        "select id, role from users
        where deleted_at is null and (role = 'admin' or id = any($1))
        order by id
        for no key update",
        &people.map(|person| person.0)
    )
    .fetch_all(&mut *tx)
    .await?;
    let roles = people.map(|person| locked.iter().find(|row| row.id == person).map(|row| row.role));
    match roles.iter().all(Option::is_some) {
        true => Ok(roles.map(|role| role.unwrap_or(Role::User))),
        false => Err(AppError::NotFound),
    }
}

/// An admin decides about others. What concerns themselves takes another one.
async fn lock_another(tx: &mut PgConnection, admin: &Admin, person: UserId) -> Result<Role, AppError> {
    if admin.id == person {
        return Err(AppError::refused("This is you. Let another admin do it."));
    }
    match lock(tx, [admin.id, person]).await? {
        [Role::Admin, role] => Ok(role),
        // Another demoted them in this moment: they decide nothing any more.
        [Role::User, _] => Err(AppError::Forbidden),
    }
}

/// Makes somebody an admin, or one of them not any more.
pub async fn set_role(tx: &mut PgConnection, admin: &Admin, person: UserId, role: Role) -> Result<(), AppError> {
    if lock_another(tx, admin, person).await? == role {
        return Ok(());
    }
    sqlx::query!("update users set role = $2 where id = $1", person as UserId, role as Role).execute(&mut *tx).await?;
    let act = if role == Role::Admin { Act::AdminMade } else { Act::AdminEnded };
    audit::note(tx, Some(admin.id), act, Some(person), "").await
}

/// Signs somebody out everywhere and lets them in no more, or again.
pub async fn suspend(tx: &mut PgConnection, admin: &Admin, person: UserId, suspended: bool) -> Result<(), AppError> {
    lock_another(tx, admin, person).await?;
    let done = sqlx::query!(
        "update users
        set suspended_at = case when $2 then now() end
        where id = $1 and (suspended_at is null) = $2",
        person as UserId,
        suspended
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(());
    }
    sqlx::query!("delete from sessions where user_id = $1 and $2", person as UserId, suspended)
        .execute(&mut *tx)
        .await?;
    let act = if suspended { Act::Suspended } else { Act::Restored };
    audit::note(tx, Some(admin.id), act, Some(person), "").await
}

/// Deletes somebody's account as they could themselves.
pub async fn delete(tx: &mut PgConnection, admin: &Admin, person: UserId) -> Result<(), AppError> {
    lock_another(tx, admin, person).await?;
    users::delete_softly(tx, person).await?;
    audit::note(tx, Some(admin.id), Act::Deleted, Some(person), "").await
}

/// Deletes one's own account, unless one is the last who can look after the site.
pub async fn delete_own(tx: &mut PgConnection, person: &SignedIn) -> Result<(), AppError> {
    if lock(tx, [person.id]).await? == [Role::Admin] {
        let admins = sqlx::query_scalar!(
            r#"select count(*) as "count!" from users
            where role = 'admin' and deleted_at is null and suspended_at is null"#
        )
        .fetch_one(&mut *tx)
        .await?;
        if admins < 2 {
            return Err(AppError::refused("You are the only admin: make somebody else one first."));
        }
    }
    users::delete_softly(tx, person.id).await?;
    audit::note(tx, Some(person.id), Act::DeletedOwn, None, "").await
}

/// Keeps the hash of a link that makes whoever follows it an admin.
pub async fn invite(tx: &mut PgConnection, admin: &Admin, id_hash: &[u8]) -> Result<(), AppError> {
    sqlx::query!("delete from invitations where expires_at < now()").execute(&mut *tx).await?;
    sqlx::query!("insert into invitations (id_hash, created_by) values ($1, $2)", id_hash, admin.id as UserId)
        .execute(&mut *tx)
        .await?;
    audit::note(tx, Some(admin.id), Act::Invited, None, "").await
}

/// Spends such a link; returns whether it was good. One whose maker is no admin any more is not.
pub async fn join(tx: &mut PgConnection, person: &SignedIn, id_hash: &[u8]) -> Result<bool, AppError> {
    let by = sqlx::query_scalar!(
        "delete from invitations i
        using users u
        where i.id_hash = $1 and i.expires_at > now() and u.id = i.created_by
          and u.role = 'admin' and u.deleted_at is null and u.suspended_at is null
        returning u.name",
        id_hash
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(by) = by else { return Ok(false) };
    sqlx::query!("update users set role = 'admin' where id = $1 and deleted_at is null", person.id as UserId)
        .execute(&mut *tx)
        .await?;
    audit::note(tx, Some(person.id), Act::Joined, None, &format!("The link was {by}’s.")).await?;
    Ok(true)
}
