//! What other services post. They send no cookie: each is believed by its signature alone.

use crate::error::AppError;
use crate::server::context::AppState;
use crate::server::payments::webhook;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::post;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/webhooks/stripe"];

pub fn routes() -> Router<AppState> {
    Router::new().route("/webhooks/stripe", post(stripe))
}

async fn stripe(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let state = AppState { db: state.db.reserved(), ..state };
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match webhook::receive(&state, &body, signature).await {
        Ok(()) => super::text(StatusCode::OK, "received\n"),
        Err(error @ (AppError::Invalid(_) | AppError::NotFound)) => {
            super::text(super::answers::status(&error), "not received\n")
        }
        Err(error) => super::text(super::answers::status(&error), "not received: send it again\n"),
    }
}
