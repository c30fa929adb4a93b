//! The first question of every request: who is it, and may they?

use crate::domain::user::PERSON;
use crate::domain::validate::{is_site_path, with_next};
use crate::error::AppError;
use crate::server::auth::{Viewer, cookie, session};
use crate::server::context::AppState;
use crate::server::policy;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

/// Reads the session and asks the policy list. Refused pages lead to the sign-in and back; refused data says why.
pub async fn admit(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path_and_query().is_some_and(|text| text.as_str().contains("%00")) {
        return super::text(StatusCode::BAD_REQUEST, "This address holds a NUL character.");
    }
    let function = uri.path().starts_with("/api/");
    let policy = if function {
        policy::of_server_function(uri.path())
    } else {
        request.extensions().get::<MatchedPath>().and_then(|path| policy::of_route(path.as_str()))
    };
    let viewer = match session::viewer(&state.db, &state.config, request.headers()).await {
        Ok(viewer) => viewer,
        // Health must answer while the database is away.
        Err(_) if matches!(uri.path(), "/healthz" | "/readyz") => Viewer::Anonymous,
        Err(error) => return refuse(&state, &request, function, error),
    };
    // An author's own pages are never seen as somebody else; the way back is among them.
    let authoring = ["/admin", "/api/admin/", "/api/sign_", "/uploads"].iter().any(|own| uri.path().starts_with(own));
    let viewer = if authoring { viewer } else { viewer.previewing(cookie::preview(request.headers(), &state.config)) };
    let verdict = match policy {
        Some(policy) => policy.admit(&viewer),
        // An address that nothing is served at: its page says so to everyone.
        None if !function => Ok(()),
        None => Err(AppError::NotFound),
    };
    // A page of somebody who is no longer the one that is signed in here: what it wants is not this person's wish.
    let said = request.headers().get(PERSON).zip(viewer.id());
    if said.is_some_and(|(person, id)| person.as_bytes() != id.to_string().as_bytes()) {
        return super::answers::data(&AppError::SignInRequired);
    }
    if let Err(error) = verdict {
        return refuse(&state, &request, function, error);
    }
    let signed_in = viewer.user().is_some();
    request.extensions_mut().insert(viewer);
    let mut response = next.run(request).await;
    if signed_in && !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    }
    response
}

fn refuse(state: &AppState, request: &Request, function: bool, error: AppError) -> Response {
    let html = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    match (&error, function) {
        // Clients of the upload protocol follow no redirect to a form.
        (AppError::SignInRequired, false) if request.uri().path().starts_with("/uploads") => {
            StatusCode::UNAUTHORIZED.into_response()
        }
        // Nor does the script of a page.
        (AppError::SignInRequired, false) if request.uri().path().starts_with("/auth/passkeys/") => {
            super::passkeys::refuse(&error)
        }
        // Of functions, a form without script that was sent after the session ended.
        (AppError::SignInRequired, _) if !function || html && request.method() == Method::POST => {
            Redirect::to(&with_next("/sign-in", way_back(state, request))).into_response()
        }
        (_, true) if !html => super::answers::data(&error),
        _ => super::answers::page(&state.leptos_options, &error),
    }
}

/// Where to go on once one is signed in: where one wanted to, or, where something was sent, to the page that its form
/// stood on. What was sent is lost, and its own address may be no page.
fn way_back<'r>(state: &AppState, request: &'r Request) -> &'r str {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return request.uri().path_and_query().map_or("/", |path| path.as_str());
    }
    let from = request.headers().get(header::REFERER).and_then(|from| from.to_str().ok());
    let page = from.and_then(|from| from.strip_prefix(state.config.public_url.as_str()));
    page.filter(|page| is_site_path(page) && !page.starts_with("/api/")).unwrap_or("/")
}
