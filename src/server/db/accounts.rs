//! An account as its own person changes it.

use super::{Db, identities, passkeys, sessions, waiting_grants};
use crate::domain::account::{Account, Way};
use crate::domain::id::{SessionId, UserId};
use crate::domain::passkey::Passkeys;
use crate::error::AppError;
use crate::server::auth::SignedIn;
use sqlx::PgConnection;

/// The account of who is signed in, as they see it, but for what the site's settings say of it: providers stand there by
/// the names that the database has for them. `here` is the hash of the session that asks, `device` what its browser is
/// called where passkeys sign in.
pub async fn get(db: &Db, person: &SignedIn, here: Option<&[u8]>, device: Option<String>) -> sqlx::Result<Account> {
    let row = sqlx::query!(
        r#"select u.name, u.email, u.image_url, u.email_verified_at is not null as "verified!",
          exists (select from credentials c where c.user_id = u.id) as "password!",
          (select count(*) from purchases p where p.user_id = u.id) as "purchases!",
          (select i.provider from identities i where i.external_id = u.clerk_user_id) as named_by
        from users u
        where u.id = $1"#,
        person.id as UserId
    )
    .fetch_one(db.pool())
    .await?;
    let ways = identities::list(db, person).await?;
    let passkeys = match device {
        Some(device) => Some(Passkeys { made: passkeys::list(db, person).await?, device }),
        None => None,
    };
    Ok(Account {
        name: row.name,
        email: row.email,
        image_url: row.image_url,
        verified: row.verified,
        sends: false,
        local: false,
        password: row.password,
        named_by: row.named_by,
        ways: ways
            .into_iter()
            .map(|way| Way { id: way.external_id, provider: way.provider, first: way.first })
            .collect(),
        addable: Vec::new(),
        passkeys,
        sessions: sessions::list(db, person, here).await?,
        purchases: row.purchases,
    })
}

/// What a person wants to be called.
pub async fn rename(tx: &mut PgConnection, person: &SignedIn, name: &str) -> Result<(), AppError> {
    sqlx::query!("update users set name = $2 where id = $1 and deleted_at is null", person.id as UserId, name)
        .execute(tx)
        .await?;
    Ok(())
}

/// The hash of a person's password, where they have one.
pub async fn password_hash(db: &Db, person: &SignedIn) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select password_hash from credentials where user_id = $1", person.id as UserId)
        .fetch_optional(db.pool())
        .await
}

/// Gives an account a password that its address signs in with, in place of the one it may have.
pub async fn set_password(tx: &mut PgConnection, user: UserId, hash: &str) -> Result<(), AppError> {
    sqlx::query!(
        "insert into credentials (user_id, email, password_hash)
        select id, email, $2 from users where id = $1 and deleted_at is null
        on conflict (user_id) do update set password_hash = excluded.password_hash",
        user as UserId,
        hash
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that the address which a letter went to is its account's, as long as it has that one.
pub async fn verify(tx: &mut PgConnection, user: UserId, email: &str) -> Result<(), AppError> {
    let same = sqlx::query_scalar!(
        r#"select lower(email) = lower($2) as "same!" from users where id = $1 and deleted_at is null for no key update"#,
        user as UserId,
        email
    )
    .fetch_optional(&mut *tx)
    .await?;
    match same {
        Some(true) => waiting_grants::verify(tx, user).await,
        _ => Err(AppError::refused("This account has another address by now.")),
    }
}

/// The same for somebody who comes in by nothing but the letter. Until an address is confirmed, whoever made the account
/// may have been a stranger to it: their password, their passkeys and their sessions end.
pub async fn claim(tx: &mut PgConnection, user: UserId, email: &str) -> Result<(), AppError> {
    let verified = sqlx::query_scalar!(
        r#"select email_verified_at is not null as "verified!" from users
        where id = $1 and deleted_at is null
        for no key update"#,
        user as UserId
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(AppError::NotFound)?;
    if verified {
        return Ok(());
    }
    sqlx::query!("delete from credentials where user_id = $1", user as UserId).execute(&mut *tx).await?;
    passkeys::forget(tx, user).await?;
    sessions::end_all(tx, user, None).await?;
    verify(tx, user, email).await
}

/// Ends one of a person's sessions.
pub async fn end_session(tx: &mut PgConnection, person: &SignedIn, session: SessionId) -> Result<(), AppError> {
    let done =
        sqlx::query!("delete from sessions where id = $1 and user_id = $2", session as SessionId, person.id as UserId)
            .execute(tx)
            .await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}
