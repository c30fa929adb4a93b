//! What the script of the sign-in page and of the account's carries between this site and a passkey's device. JSON in and
//! out: questions as browsers read them (`PublicKeyCredential.parseCreationOptionsFromJSON`), answers as they write them.

use super::answers;
use crate::domain::validate::is_site_path;
use crate::error::AppError;
use crate::server::auth::{Viewer, cookie, passkeys};
use crate::server::context::AppState;
use crate::server::limits;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] =
    &["/auth/passkeys/add/begin", "/auth/passkeys/add", "/auth/passkeys/enter/begin", "/auth/passkeys/enter"];

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/auth/passkeys/add/begin", post(begin_adding))
        .route("/auth/passkeys/add", post(add))
        .route("/auth/passkeys/enter/begin", post(begin_entering))
        .route("/auth/passkeys/enter", post(enter))
}

/// A passkey that a device made.
#[derive(Deserialize)]
struct Made {
    /// What its person calls it.
    #[serde(default)]
    name: String,
    credential: RegisterPublicKeyCredential,
}

/// What a device signed. Not to be printed: for a moment, it opens somebody's account.
#[derive(Deserialize)]
struct Signed {
    credential: PublicKeyCredential,
    /// Where to go on.
    #[serde(default)]
    next: String,
}

async fn begin_adding(State(state): State<AppState>, Extension(viewer): Extension<Viewer>, parts: Parts) -> Response {
    let question = async {
        let person = viewer.signed_in()?;
        count(&state, &parts)?;
        let question = passkeys::begin_adding(&state, &parts.headers, &person).await?;
        said(question.options, [question.cookie])
    };
    question.await.unwrap_or_else(|error| refuse(&error))
}

async fn add(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let added = async {
        let person = viewer.signed_in()?;
        let Made { name, credential } = read(&body)?;
        passkeys::add(&state, &headers, &person, name, &credential).await?;
        said(json!({ "to": "/account" }), [cookie::set_ceremony(&state.config, "", 0)])
    };
    added.await.unwrap_or_else(|error| refuse(&error))
}

async fn begin_entering(State(state): State<AppState>, parts: Parts) -> Response {
    let question = async {
        count(&state, &parts)?;
        let question = passkeys::begin_entering(&state, &parts.headers).await?;
        said(question.options, [question.cookie])
    };
    question.await.unwrap_or_else(|error| refuse(&error))
}

async fn enter(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let entered = async {
        let Signed { credential, next } = read(&body)?;
        let [session, known] = passkeys::enter(&state, &headers, credential).await?;
        let to = if is_site_path(&next) { next } else { "/courses".to_owned() };
        said(json!({ "to": to }), [session, known, cookie::set_ceremony(&state.config, "", 0)])
    };
    entered.await.unwrap_or_else(|error| refuse(&error))
}

/// Counts an attempt by where it comes from. Each question is good for one answer, so that questions are what is counted.
fn count(state: &AppState, parts: &Parts) -> Result<(), AppError> {
    state.limits.from(limits::address(&state.config, &parts.headers, &parts.extensions))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, AppError> {
    serde_json::from_slice(body)
        .map_err(|_| AppError::invalid("credential", "This was not understood. Reload the page and try again."))
}

fn said<const N: usize>(what: impl Serialize, cookies: [String; N]) -> Result<Response, AppError> {
    let mut response = Json(what).into_response();
    let headers = response.headers_mut();
    for cookie in cookies {
        headers.append(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(|_| AppError::Internal)?);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// An error as the script reads it.
pub fn refuse(error: &AppError) -> Response {
    let body = Json(json!({ "error": super::sentence(error) }));
    (answers::status(error), [(header::CACHE_CONTROL, "no-store")], body).into_response()
}
