use super::{Db, audit, covers, mails, passkeys};
use crate::domain::account::Purpose;
use crate::domain::audit::Act;
use crate::domain::id::UserId;
use crate::domain::user::{SignUpFields, User};
use crate::error::AppError;
use sqlx::PgConnection;
use uuid::Uuid;

/// The account and password hash that an e-mail signs in to, its letters' case aside.
pub async fn credentials(db: &Db, email: &str) -> sqlx::Result<Option<(UserId, String)>> {
    let row = sqlx::query!(
        "select c.user_id, c.password_hash
        from credentials c
        join users u on u.id = c.user_id
        where lower(c.email) = lower($1) and u.deleted_at is null",
        email
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| (row.user_id, row.password_hash)))
}

/// Makes a local account, and where the site sends letters the one that confirms its address. Its external identity is
/// `local|<uuid>`; a taken e-mail is refused by its index.
pub async fn create_local(
    tx: &mut PgConnection,
    fields: SignUpFields,
    hash: String,
    sends: bool,
) -> Result<UserId, AppError> {
    let id = sqlx::query_scalar!(
        "insert into users (clerk_user_id, name, email) values ($1, $2, $3) returning id",
        format!("local|{}", Uuid::new_v4()),
        fields.name,
        fields.email
    )
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into credentials (user_id, email, password_hash) values ($1, $2, $3)",
        id as UserId,
        fields.email,
        hash
    )
    .execute(&mut *tx)
    .await?;
    if sends {
        mails::pass(tx, id, Purpose::Confirm).await?;
    }
    Ok(id)
}

/// The account that letters to an address are about: the one that is known to have it, else the one that signs in with
/// it.
pub async fn of_address(tx: &mut PgConnection, email: &str) -> Result<Option<UserId>, AppError> {
    let user = sqlx::query_scalar!(
        "select u.id
        from users u
        left join credentials c on c.user_id = u.id
        where u.deleted_at is null and lower(u.email) = lower($1)
          and (u.email_verified_at is not null or lower(c.email) = lower($1))
        order by u.email_verified_at is null
        limit 1",
        email
    )
    .fetch_optional(tx)
    .await?;
    Ok(user)
}

/// Finds or makes a user under a fixed external identity that no password signs in to.
pub async fn upsert_external(
    tx: &mut PgConnection,
    clerk_user_id: &str,
    name: &str,
    email: &str,
    admin: bool,
) -> Result<UserId, AppError> {
    let id = sqlx::query_scalar!(
        "insert into users (clerk_user_id, name, email, role)
        values ($1, $2, $3, case when $4 then 'admin' else 'user' end::user_role)
        on conflict (clerk_user_id) do update set name = excluded.name
        returning id",
        clerk_user_id,
        name,
        email,
        admin
    )
    .fetch_one(tx)
    .await?;
    Ok(id)
}

/// The user under an external identity.
pub async fn by_external(db: &Db, clerk_user_id: &str) -> sqlx::Result<Option<UserId>> {
    sqlx::query_scalar!("select id from users where clerk_user_id = $1 and deleted_at is null", clerk_user_id)
        .fetch_optional(db.pool())
        .await
}

/// The whole of the user under an external identity.
pub async fn user_by_external(db: &Db, clerk_user_id: &str) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        "select id, name, email, image_url, role from users where clerk_user_id = $1 and deleted_at is null",
        clerk_user_id
    )
    .fetch_optional(db.pool())
    .await
}

/// Makes the live account that an address belongs to an admin, at the command line; returns whether there is one.
pub async fn make_admin(tx: &mut PgConnection, email: &str) -> Result<bool, AppError> {
    let Some(made) = of_address(tx, email).await? else { return Ok(false) };
    sqlx::query!("update users set role = 'admin' where id = $1", made as UserId).execute(&mut *tx).await?;
    audit::note(tx, None, Act::AdminMade, Some(made), "").await?;
    Ok(true)
}

/// Deletes an account softly: what it was called goes, what it bought and learned stays, its sessions end.
/// The row's own id keeps the anonymised values apart, so that a second deletion does not meet the first.
pub async fn delete_softly(tx: &mut PgConnection, user: UserId) -> Result<(), AppError> {
    covers::remove_portrait(&mut *tx, user).await?;
    sqlx::query!(
        "update users
        set deleted_at = coalesce(deleted_at, now()), name = 'Deleted', email = 'deleted-' || id || '@invalid',
          clerk_user_id = 'deleted|' || id, email_verified_at = null
        where id = $1",
        user as UserId
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("delete from credentials where user_id = $1", user as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from sessions where user_id = $1", user as UserId).execute(&mut *tx).await?;
    passkeys::forget(tx, user).await?;
    // What a provider deleted stays known as that, so that nothing it tells late brings the person back.
    sqlx::query!("delete from identities where user_id = $1 and gone_at is null", user as UserId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from letter_tokens where user_id = $1", user as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from lesson_notes where user_id = $1", user as UserId).execute(&mut *tx).await?;
    mails::forget(tx, user).await
}

/// Whether an account was deleted.
pub async fn is_deleted(tx: &mut PgConnection, id: UserId) -> Result<bool, AppError> {
    let deleted =
        sqlx::query_scalar!(r#"select deleted_at is not null as "deleted!" from users where id = $1"#, id as UserId)
            .fetch_one(tx)
            .await?;
    Ok(deleted)
}
