//! Sessions: 32 random bytes in the cookie, their SHA-256 in the table.

use super::super::config::Config;
use super::super::db::{self, Db};
use super::{Viewer, cookie};
use crate::domain::id::UserId;
use crate::error::AppError;
use axum::http::HeaderMap;
use rand::TryRng;
use sha2::{Digest, Sha256};

/// How long a session lasts without a visit, in seconds: 30 days.
pub const LIFETIME: i64 = 30 * 24 * 60 * 60;

/// Opens a session and returns the `Set-Cookie` value that carries it. Whatever session came with the request is
/// ended: a sign-in never goes on under an old secret.
pub async fn open(db: &Db, config: &Config, headers: &HeaderMap, user: UserId) -> Result<String, AppError> {
    let mut secret = [0_u8; 32];
    rand::rngs::SysRng.try_fill_bytes(&mut secret).map_err(|error| {
        tracing::error!(%error, "no randomness from the system");
        AppError::Internal
    })?;
    let secret = hex(&secret);
    let (new, old) = (hash(&secret), cookie::read(headers, config).map(hash));
    db.write(move |tx| Box::pin(async move { db::sessions::replace(tx, old, new, user, LIFETIME).await })).await?;
    Ok(cookie::set(config, &secret, LIFETIME))
}

/// Ends the request's session and returns the `Set-Cookie` value that removes it.
pub async fn close(db: &Db, config: &Config, headers: &HeaderMap) -> Result<String, AppError> {
    if let Some(id) = cookie::read(headers, config).map(hash) {
        db.write(move |tx| Box::pin(async move { db::sessions::end(tx, &id).await })).await?;
    }
    Ok(cookie::set(config, "", 0))
}

/// Who the request comes from: one statement, and none where there is no cookie of the right shape.
pub async fn viewer(db: &Db, config: &Config, headers: &HeaderMap) -> Result<Viewer, AppError> {
    let Some(secret) = cookie::read(headers, config).filter(|secret| secret.len() == 64) else {
        return Ok(Viewer::Anonymous);
    };
    let Some((user, stale)) = db::sessions::user(db, &hash(secret)).await? else {
        return Ok(Viewer::Anonymous);
    };
    if stale {
        let (db, id) = (db.clone(), hash(secret));
        // Nobody waits for it, and a visit that is not noted is noted at the next.
        tokio::spawn(async move {
            db.write(move |tx| Box::pin(async move { db::sessions::touch(tx, &id, LIFETIME).await })).await
        });
    }
    Ok(Viewer::of(Some(user)))
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
