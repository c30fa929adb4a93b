//! What every page, server function and route is given.

use super::auth::clerk::Clerk;
use super::auth::oidc::Oidc;
use super::auth::{Viewer, cookie, device, session};
use super::config::Config;
use super::db::Db;
use super::files::Files;
use super::limits::{self, Limits, Seat};
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
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use leptos::prelude::{LeptosOptions, use_context};
use leptos_axum::ResponseOptions;
use std::sync::Arc;

/// Makes a browser drop what it keeps of the site (Clear Site Data, W3C).
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Cheap to clone: one a request.
#[derive(Clone)]
pub struct AppState {
    pub db: Db,
    pub config: Arc<Config>,
    pub gateways: Gateways,
    /// None where no mail server is set up.
    pub mailer: Option<Mailer>,
    /// None where nobody signs in by it.
    pub clerk: Option<Arc<Clerk>>,
    pub oidc: Arc<Oidc>,
    pub rendered: Rendered,
    pub files: Files,
    pub limits: Arc<Limits>,
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
        sends: config.settings.smtp_url.is_some(),
        origin: config.public_url.clone(),
        part: headers().contains_key(PART),
    }
}

/// Counts an attempt to get in, by where it comes from.
pub fn attempt(state: &AppState) -> Result<(), AppError> {
    let address =
        use_context::<Parts>().and_then(|parts| limits::address(&state.config, &parts.headers, &parts.extensions));
    state.limits.from(address)
}

/// Signs a user in on this response.
pub async fn sign_in(state: &AppState, user: UserId) -> Result<(), AppError> {
    let cookie = session::open(&state.db, &state.config, &headers(), user).await?;
    set_cookie(&cookie)
}

/// Where somebody sits who tries to get in to an account, if there is one.
pub async fn seat(state: &AppState, user: Option<UserId>) -> Result<Seat, AppError> {
    Ok(match user {
        Some(user) if device::is_known(&state.db, &state.config, &headers(), user).await? => Seat::Known,
        _ => Seat::Strange,
    })
}

/// Makes this browser one that the account signed in on.
pub async fn remember_browser(state: &AppState, user: UserId) -> Result<(), AppError> {
    set_cookie(&device::remember(&state.db, &state.config, user).await?)
}

/// Ends the session of this request; returns whether it came from Clerk, where one is still signed in. The browser
/// drops what it saw, and the pages that it would go back to. Its Web Storage stays: all that is in there of a person
/// is what the server does not have yet, which would be lost.
pub async fn sign_out(state: &AppState) -> Result<bool, AppError> {
    let (cookie, from_clerk) = session::close(&state.db, &state.config, &headers()).await?;
    set_cookie(&cookie)?;
    response()?.insert_header(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""));
    Ok(from_clerk)
}

/// Makes the admin's next pages what others see, or their own again.
pub fn preview_as(state: &AppState, preview: Option<Preview>) -> Result<(), AppError> {
    set_cookie(&cookie::set_preview(&state.config, preview))
}

/// Hands an invitation's secret to the page that shows it.
pub fn show_invitation(state: &AppState, secret: &str) -> Result<(), AppError> {
    set_cookie(&cookie::set_invitation(&state.config, secret))
}

/// The invitation's secret that this request's page shows, while there is one.
pub fn invitation(state: &AppState) -> Option<String> {
    cookie::invitation(&headers(), &state.config).map(ToOwned::to_owned)
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

/// The headers of the request.
pub fn headers() -> HeaderMap {
    use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default()
}

/// Sets a cookie on this response.
pub fn set_cookie(cookie: &str) -> Result<(), AppError> {
    let value = HeaderValue::from_str(cookie).map_err(|_| AppError::Internal)?;
    response()?.append_header(header::SET_COOKIE, value);
    Ok(())
}

fn response() -> Result<ResponseOptions, AppError> {
    use_context().ok_or(AppError::Internal)
}
