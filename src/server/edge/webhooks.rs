//! What other services post. They send no cookie: each is believed by its signature alone.

use crate::error::AppError;
use crate::server::auth::clerk;
use crate::server::auth::clerk::signature::Signed;
use crate::server::context::AppState;
use crate::server::payments::webhook;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::post;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/webhooks/stripe", "/webhooks/clerk"];

pub fn routes() -> Router<AppState> {
    Router::new().route("/webhooks/stripe", post(stripe)).route("/webhooks/clerk", post(clerk_event))
}

async fn stripe(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let state = AppState { db: state.db.reserved(), ..state };
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    answer(webhook::receive(&state, &body, signature).await)
}

async fn clerk_event(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let said = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let signed = Signed { id: said("svix-id"), time: said("svix-timestamp"), signatures: said("svix-signature") };
    answer(clerk::webhook::receive(&state, &body, signed).await)
}

/// Whoever sent it sends it again unless it was received.
fn answer(received: Result<(), AppError>) -> Response {
    match received {
        Ok(()) => super::text(StatusCode::OK, "received\n"),
        Err(error @ (AppError::Invalid(_) | AppError::NotFound)) => {
            super::text(super::answers::status(&error), "not received\n")
        }
        Err(error) => super::text(super::answers::status(&error), "not received: send it again\n"),
    }
}
