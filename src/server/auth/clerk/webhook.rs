//! What Clerk tells by itself (clerk.com/docs/webhooks): in any order, twice or never.

use super::is_user;
use super::signature::{self, Signed};
use super::users::ClerkUser;
use crate::domain::way_in::CLERK;
use crate::error::AppError;
use crate::server::auth::external;
use crate::server::context::AppState;
use crate::server::db;
use chrono::Utc;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    data: Value,
}

/// A person who is gone, or a session that ended: of either, only the id is there for sure.
#[derive(Deserialize)]
struct Gone {
    id: String,
}

/// Takes what was posted to the webhook, and answers once it is stored. What nothing here hangs on is taken, too.
///
/// Unsigned bytes are invalid, and leave no trace.
pub async fn receive(state: &AppState, body: &[u8], signed: Signed<'_>) -> Result<(), AppError> {
    let clerk = state.clerk.clone().ok_or(AppError::NotFound)?;
    let keys = clerk.webhook_keys.iter().map(Vec::as_slice);
    if !signature::verify(body, signed, keys, Utc::now().timestamp()) {
        return Err(AppError::invalid("svix-signature", "This is not signed by Clerk."));
    }
    let event: Event =
        serde_json::from_slice(body).map_err(|_| AppError::invalid("body", "This is not an event of Clerk's."))?;
    match event.kind.as_str() {
        "user.created" | "user.updated" => {
            let user: ClerkUser = read(event.data)?;
            // Whoever has no address has no account here, or keeps the one that is known.
            match user.external().filter(|external| is_user(&external.id)) {
                Some(external) => external::learn(&state.db, external).await,
                None => Ok(()),
            }
        }
        "user.deleted" => {
            let Gone { id } = read(event.data)?;
            if is_user(&id) { external::forget(&state.db, CLERK, id).await } else { Ok(()) }
        }
        "session.ended" | "session.removed" | "session.revoked" => {
            let Gone { id } = read(event.data)?;
            state.db.write(move |tx| Box::pin(async move { db::sessions::end_from_clerk(tx, &id).await })).await
        }
        _ => Ok(()),
    }
}

fn read<T: DeserializeOwned>(data: Value) -> Result<T, AppError> {
    serde_json::from_value(data).map_err(|_| AppError::invalid("body", "This is not what such an event holds."))
}
