//! Passkeys, and the ceremonies under way by which they are made and used. By hashes and public keys: what is stored
//! here lets nobody in.

use super::Db;
use crate::domain::id::{PasskeyId, UserId};
use crate::domain::passkey::{PASSKEYS_MAX, Passkey};
use crate::error::AppError;
use crate::server::auth::SignedIn;
use serde_json::Value;
use sqlx::PgConnection;

/// Keeps what a device is asked for `minutes`: for whoever adds a passkey, or for somebody who signs in and is not known
/// yet. What is too old goes, and with it what the same browser was asked before.
pub async fn begin(
    tx: &mut PgConnection,
    id_hash: Vec<u8>,
    before: Option<Vec<u8>>,
    person: Option<&SignedIn>,
    state: Value,
    minutes: i32,
) -> Result<(), AppError> {
    sqlx::query!("delete from passkey_ceremonies where expires_at < now() or id_hash = $1", before)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        "insert into passkey_ceremonies (id_hash, user_id, state, expires_at)
        values ($1, $2, $3, now() + $4 * interval '1 minute')",
        id_hash,
        person.map(|person| person.id) as Option<UserId>,
        state,
        f64::from(minutes)
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Spends a ceremony of whoever began it: what the device was asked. None where it was answered before, is too old, or is
/// somebody else's.
pub async fn take(tx: &mut PgConnection, id_hash: &[u8], person: Option<&SignedIn>) -> Result<Option<Value>, AppError> {
    let state = sqlx::query_scalar!(
        "delete from passkey_ceremonies
        where id_hash = $1 and user_id is not distinct from $2 and expires_at > now()
        returning state",
        id_hash,
        person.map(|person| person.id) as Option<UserId>
    )
    .fetch_optional(tx)
    .await?;
    Ok(state)
}

/// A person's passkeys, the oldest first.
pub async fn list(db: &Db, person: &SignedIn) -> sqlx::Result<Vec<Passkey>> {
    let rows = sqlx::query!(
        "select id, name, created_at, last_used_at from passkeys where user_id = $1 order by created_at, id",
        person.id as UserId
    )
    .fetch_all(db.pool())
    .await?;
    let passkeys = rows.into_iter().map(|row| Passkey {
        id: row.id,
        name: row.name,
        made: row.created_at.into(),
        used: row.last_used_at.map(Into::into),
    });
    Ok(passkeys.collect())
}

/// By what devices name a person's passkeys, so that none of them makes another one.
pub async fn credential_ids(db: &Db, person: &SignedIn) -> sqlx::Result<Vec<Vec<u8>>> {
    sqlx::query_scalar!("select credential_id from passkeys where user_id = $1", person.id as UserId)
        .fetch_all(db.pool())
        .await
}

/// Adds a passkey to a person's account.
///
/// # Errors
/// Refused beyond [`PASSKEYS_MAX`], and where the passkey is known already.
pub async fn add(
    tx: &mut PgConnection,
    person: &SignedIn,
    name: &str,
    credential_id: &[u8],
    credential: Value,
) -> Result<(), AppError> {
    // Whoever deletes the account, or adds another passkey to it, takes turns.
    sqlx::query_scalar!(
        r#"select id from users where id = $1 and deleted_at is null and suspended_at is null for no key update"#,
        person.id as UserId
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(AppError::SignInRequired)?;
    let count =
        sqlx::query_scalar!(r#"select count(*) as "count!" from passkeys where user_id = $1"#, person.id as UserId)
            .fetch_one(&mut *tx)
            .await?;
    if count >= PASSKEYS_MAX {
        return Err(AppError::refused(format!(
            "An account has at most {PASSKEYS_MAX} passkeys. Remove one, then add this one."
        )));
    }
    let added = sqlx::query!(
        "insert into passkeys (user_id, name, credential_id, credential) values ($1, $2, $3, $4)
        on conflict (credential_id) do nothing",
        person.id as UserId,
        name,
        credential_id,
        credential
    )
    .execute(tx)
    .await?;
    match added.rows_affected() {
        0 => Err(AppError::refused("This passkey has been added before.")),
        _ => Ok(()),
    }
}

/// The passkey that a device named, and nobody else's turn with it until the transaction ends. None where it is not that
/// account's, or the account is deleted.
pub async fn lock(
    tx: &mut PgConnection,
    user: UserId,
    credential_id: &[u8],
) -> Result<Option<(PasskeyId, Value)>, AppError> {
    let row = sqlx::query!(
        "select p.id, p.credential
        from passkeys p
        join users u on u.id = p.user_id
        where p.user_id = $1 and p.credential_id = $2 and u.deleted_at is null
        for update of p",
        user as UserId,
        credential_id
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| (row.id, row.credential)))
}

/// Notes that a passkey signed its person in, and what its device counts.
pub async fn used(tx: &mut PgConnection, id: PasskeyId, credential: Value) -> Result<(), AppError> {
    sqlx::query!(
        "update passkeys set credential = $2, last_used_at = now() where id = $1",
        id as PasskeyId,
        credential
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// By what else people get in to a site.
#[derive(Debug, Clone, Copy)]
pub struct OtherWays {
    /// Letters to an address that is confirmed.
    pub letters: bool,
    /// The press of a button, for the people of a demo.
    pub demo: bool,
}

/// Removes one of a person's passkeys.
///
/// # Errors
/// Not found where it is not theirs; refused where nothing else lets them in.
pub async fn remove(tx: &mut PgConnection, person: &SignedIn, id: PasskeyId, ways: OtherWays) -> Result<(), AppError> {
    // The lock is for two that are removed at once: each would be the other's reason.
    let other = sqlx::query_scalar!(
        r#"select exists (select from credentials c where c.user_id = u.id)
          or exists (select from identities i where i.user_id = u.id and i.gone_at is null)
          or $2 and u.email_verified_at is not null
          or $3 and u.clerk_user_id like 'local|demo-%' as "other!"
        from users u
        where u.id = $1
        for no key update of u"#,
        person.id as UserId,
        ways.letters,
        ways.demo
    )
    .fetch_one(&mut *tx)
    .await?;
    let done =
        sqlx::query!("delete from passkeys where id = $2 and user_id = $1", person.id as UserId, id as PasskeyId)
            .execute(&mut *tx)
            .await?;
    if done.rows_affected() == 0 {
        return Err(AppError::NotFound);
    }
    let left = sqlx::query_scalar!(
        r#"select exists (select from passkeys where user_id = $1) as "left!""#,
        person.id as UserId
    )
    .fetch_one(tx)
    .await?;
    match other || left {
        true => Ok(()),
        false => Err(AppError::refused(
            "This passkey is the only way in to your account. Add another one, then remove this one.",
        )),
    }
}

/// Forgets all of an account's passkeys, and those that are being made.
pub async fn forget(tx: &mut PgConnection, user: UserId) -> Result<(), AppError> {
    sqlx::query!("delete from passkey_ceremonies where user_id = $1", user as UserId).execute(&mut *tx).await?;
    sqlx::query!("delete from passkeys where user_id = $1", user as UserId).execute(tx).await?;
    Ok(())
}
