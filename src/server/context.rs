//! What every page, server function and route is given.

use super::auth::{Viewer, cookie, session};
use super::config::Config;
use super::db::Db;
use super::files::Files;
use super::live::Live;
use super::mail::Mailer;
use super::payments::Gateways;
use super::rendered::Rendered;
use crate::domain::access::Preview;
use crate::domain::id::UserId;
use crate::domain::lesson::PART;
use crate::domain::user::Visit;
use crate::domain::validate::is_site_path;
use crate::error::AppError;
use axum::extract::FromRef;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use leptos::prelude::{LeptosOptions, use_context};
use std::sync::Arc;

/// Cheap to clone: one a request.
#[derive(Clone)]
pub struct AppState {
    pub db: Db,
    pub config: Arc<Config>,
    pub gateways: Gateways,
    /// None where no mail server is set up.
    pub mailer: Option<Mailer>,
    pub rendered: Rendered,
    pub files: Files,
    pub live: Live,
    pub leptos_options: LeptosOptions,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos_options.clone()
    }
}

/// The state, inside a server function.
pub fn state() -> Result<AppState, AppError> {
    use_context().ok_or(AppError::Internal)
}

/// Who asks, inside a server function: read from the session by the edge, once a request.
pub fn viewer() -> Viewer {
    use_context::<Parts>().and_then(|parts| parts.extensions.get::<Viewer>().cloned()).unwrap_or(Viewer::Anonymous)
}

/// What every page knows of its visitor and of the site.
pub fn visit(config: &Config) -> Visit {
    Visit {
        user: viewer().user().cloned(),
        preview: viewer().preview(),
        demo: config.is_demo(),
        origin: config.public_url.clone(),
        part: headers().contains_key(PART),
    }
}

/// Signs a user in on this response.
pub async fn sign_in(state: &AppState, user: UserId) -> Result<(), AppError> {
    let cookie = session::open(&state.db, &state.config, &headers(), user).await?;
    set_cookie(&cookie)
}

/// Ends the session of this request.
pub async fn sign_out(state: &AppState) -> Result<(), AppError> {
    let cookie = session::close(&state.db, &state.config, &headers()).await?;
    set_cookie(&cookie)
}

/// Makes the admin's next pages what others see, or their own again.
pub fn preview_as(state: &AppState, preview: Option<Preview>) -> Result<(), AppError> {
    set_cookie(&cookie::set_preview(&state.config, preview))
}

/// Leads to `next` where it is a path on this site, else to `otherwise`: nothing that was sent can lead elsewhere.
pub fn redirect(next: &str, otherwise: &str) -> Result<(), AppError> {
    leptos_axum::redirect(if is_site_path(next) { next } else { otherwise });
    Ok(())
}

/// Leads a form without script to `path`; one that was sent in the background stays where it is.
pub fn back_without_script(path: &str) {
    let html = headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if html {
        leptos_axum::redirect(path);
    }
}

fn headers() -> HeaderMap {
    use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default()
}

fn set_cookie(cookie: &str) -> Result<(), AppError> {
    let value = HeaderValue::from_str(cookie).map_err(|_| AppError::Internal)?;
    let response = use_context::<leptos_axum::ResponseOptions>().ok_or(AppError::Internal)?;
    response.append_header(header::SET_COOKIE, value);
    Ok(())
}
