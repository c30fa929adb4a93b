//! How an error is answered: by its own status, as data or as a small page.

use crate::error::AppError;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::prelude::FromServerFnError;

/// Marks the answer of a server function that failed.
const FAILED: &str = "serverfnerror";
/// An error is never larger; what is, is not one of ours.
const MAX_ERROR: usize = 256 << 10;

fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Leptos answers every failed server function with 500; this gives each error the status it stands for. Forms
/// without script are answered with a redirect and stay as they are.
pub async fn with_status(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR || !response.headers().contains_key(FAILED) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_ERROR).await else { return broken() };
    if let Ok(error) = serde_json::from_slice::<AppError>(&bytes) {
        parts.status = status(&error);
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// An error as the server functions' client reads it.
pub fn data(error: &AppError) -> Response {
    let body = error.ser();
    (status(error), [(header::CONTENT_TYPE, "application/json"), (header::HeaderName::from_static(FAILED), "edge")], body)
        .into_response()
}

/// An error before any page could be rendered.
pub fn page(error: &AppError) -> Response {
    let status = status(error);
    let body = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>{code} · Lectern\
         </title></head><body><main><h1>{error}</h1><p><a href=\"/\">To the courses</a></p></main></body></html>",
        code = status.as_u16()
    );
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
    }
    response
}

/// The answer to a request whose handler panicked: that request alone is lost.
pub fn broken() -> Response {
    page(&AppError::Internal)
}
