//! The exchange of a token of Clerk's for a session of ours, which the script on the sign-in page asks for.

use crate::domain::validate::is_site_path;
use crate::error::AppError;
use crate::server::auth::{Viewer, clerk};
use crate::server::context::AppState;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Form, FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/auth/clerk"];

pub fn routes() -> Router<AppState> {
    Router::new().route("/auth/clerk", post(exchange))
}

/// As JSON, or as a form. Not to be printed: the token opens somebody's account.
#[derive(Deserialize)]
struct Exchange {
    token: String,
    /// Where to go on.
    #[serde(default)]
    next: String,
    /// Whether whoever is signed in adds this way in to their account.
    #[serde(default)]
    add: bool,
}

async fn exchange(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = async {
        let Exchange { token, next, add } = read(&headers, body).await?;
        let (cookie, otherwise) = match add {
            true => {
                clerk::add(&state, &viewer.signed_in()?, &token).await?;
                (None, "/account")
            }
            false => (Some(clerk::enter(&state, &headers, &token).await?), "/courses"),
        };
        let to = if is_site_path(&next) { next } else { otherwise.to_owned() };
        let mut response = Json(json!({ "to": to })).into_response();
        if let Some(cookie) = cookie {
            let cookie = HeaderValue::from_str(&cookie).map_err(|_| AppError::Internal)?;
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        Ok(response)
    };
    let mut response = answer.await.unwrap_or_else(|error: AppError| {
        (super::answers::status(&error), Json(json!({ "error": super::sentence(&error) }))).into_response()
    });
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn read(headers: &HeaderMap, body: Bytes) -> Result<Exchange, AppError> {
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = Method::POST;
    *request.headers_mut() = headers.clone();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let sent = match kind.starts_with("application/json") {
        true => Json::from_request(request, &()).await.map(|Json(sent)| sent).ok(),
        false => Form::from_request(request, &()).await.map(|Form(sent)| sent).ok(),
    };
    sent.ok_or_else(|| AppError::invalid("token", "This was not understood. Reload the page and try again."))
}
