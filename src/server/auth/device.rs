//! Browsers that an account signed in on before. Who guesses a password from elsewhere uses up the attempts of
//! strangers; those of its owner, on a browser that is known, are counted apart (OWASP's device cookies).

use super::super::config::Config;
use super::super::db::{self, Db};
use super::{cookie, secret};
use crate::domain::id::UserId;
use crate::error::AppError;
use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How long a browser is known, in seconds: a year.
const LIFETIME: i64 = 365 * 24 * 60 * 60;

/// Whether the request comes from a browser that this account signed in on.
pub async fn is_known(db: &Db, config: &Config, headers: &HeaderMap, user: UserId) -> Result<bool, AppError> {
    let Some(carried) = cookie::device(headers, config) else { return Ok(false) };
    let ours = value(&key(db).await?, user);
    // Of hashes nobody learns by time how much of them was right.
    Ok(secret::hash(carried) == secret::hash(&ours))
}

/// The `Set-Cookie` value by which the browser is known from now on.
pub async fn remember(db: &Db, config: &Config, user: UserId) -> Result<String, AppError> {
    Ok(cookie::set_device(config, &value(&key(db).await?, user), LIFETIME))
}

fn value(key: &[u8], user: UserId) -> String {
    // Any length of key will do, and none is refused.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(user.0.as_bytes());
    secret::hex(&mac.finalize().into_bytes())
}

async fn key(db: &Db) -> Result<Vec<u8>, AppError> {
    let fresh = secret::hash(&secret::fresh()?);
    db.write(move |tx| Box::pin(async move { db::secrets::get_or_make(tx, "device", &fresh).await })).await
}
