//! Sessions: a secret in the cookie, its hash in the table.

use super::super::config::Config;
use super::super::db::sessions::Opening;
use super::super::db::{self, Db};
use super::secret::{self, hash};
use super::{Viewer, cookie};
use crate::domain::id::UserId;
use crate::error::AppError;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;

/// How long a session lasts without a visit, in seconds: 30 days.
pub const LIFETIME: i64 = 30 * 24 * 60 * 60;

/// Most characters that are kept of what a browser calls itself.
const USER_AGENT_MAX: usize = 300;

/// Opens a session and returns the `Set-Cookie` value that carries it. Whatever session came with the request is
/// ended: a sign-in never goes on under an old secret.
pub async fn open(db: &Db, config: &Config, headers: &HeaderMap, user: UserId) -> Result<String, AppError> {
    begin(db, config, headers, user, None).await
}

/// The same for somebody who came from Clerk: where that session there ends, this one does.
pub async fn open_from_clerk(
    db: &Db,
    config: &Config,
    headers: &HeaderMap,
    user: UserId,
    clerk_session: String,
) -> Result<String, AppError> {
    begin(db, config, headers, user, Some(clerk_session)).await
}

async fn begin(
    db: &Db,
    config: &Config,
    headers: &HeaderMap,
    user: UserId,
    clerk_session: Option<String>,
) -> Result<String, AppError> {
    let secret = secret::fresh()?;
    let (new, old) = (hash(&secret), current(config, headers));
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    let user_agent = agent.map(|agent| agent.chars().take(USER_AGENT_MAX).collect::<String>());
    let opening = Opening { user, user_agent, clerk_session, lifetime_seconds: LIFETIME };
    db.write(move |tx| Box::pin(async move { db::sessions::replace(tx, old, new, opening).await })).await?;
    Ok(cookie::set(config, &secret, LIFETIME))
}

/// Ends the request's session and returns the `Set-Cookie` value that removes it, and whether the session came from
/// Clerk, where its person may still be signed in.
pub async fn close(db: &Db, config: &Config, headers: &HeaderMap) -> Result<(String, bool), AppError> {
    let from_clerk = match current(config, headers) {
        Some(id) => db.write(move |tx| Box::pin(async move { db::sessions::end(tx, &id).await })).await?,
        None => false,
    };
    Ok((cookie::set(config, "", 0), from_clerk))
}

/// What is kept of the request's session secret, whether or not there is such a session.
pub fn current(config: &Config, headers: &HeaderMap) -> Option<Vec<u8>> {
    cookie::read(headers, config).map(hash)
}

/// Who the request comes from: one statement, and none where there is no cookie of the right shape.
pub async fn viewer(db: &Db, config: &Config, headers: &HeaderMap) -> Result<Viewer, AppError> {
    let Some(secret) = cookie::read(headers, config).filter(|carried| carried.len() == secret::LENGTH) else {
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
