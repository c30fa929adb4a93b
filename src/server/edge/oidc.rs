//! The two ends of a sign-in with an OpenID Connect provider: the form that begins it, and the address that it comes back to.

use super::answers;
use crate::domain::validate::{is_site_path, with_next};
use crate::domain::way_in::WayFailed;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::auth::oidc::{self, Answer, Lost};
use crate::server::context::AppState;
use crate::server::limits;
use axum::Router;
use axum::extract::{Extension, Form, FromRequest, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/auth/oidc/{provider}", "/auth/oidc/{provider}/callback"];

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/auth/oidc/{provider}", post(begin).get(form))
        .route("/auth/oidc/{provider}/callback", get(end))
}

#[derive(Deserialize)]
struct Begin {
    /// Where to go on.
    #[serde(default)]
    next: String,
    /// Whether whoever is signed in adds this way in to their account.
    #[serde(default)]
    add: bool,
}

/// What was sent has no page of its own: whoever opens its address is led to the form.
async fn form(State(state): State<AppState>, Path(provider): Path<String>) -> Response {
    match state.oidc.knows(&provider) {
        true => see_other("/sign-in"),
        false => nothing(),
    }
}

async fn begin(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let address = limits::address(&state.config, &parts.headers, &parts.extensions);
    let headers = parts.headers.clone();
    let form = Form::<Begin>::from_request(Request::from_parts(parts, body), &()).await;
    let (next, adding) = match form {
        Ok(Form(Begin { next, add })) => (if is_site_path(&next) { next } else { String::new() }, add),
        Err(_) => (String::new(), false),
    };
    let begun = async {
        let person = if adding { Some(viewer.signed_in()?) } else { None };
        state.limits.from(address)?;
        oidc::begin(&state, &headers, &provider, next.clone(), person).await
    };
    match begun.await {
        Ok(onward) => {
            let mut response = answers::onward(&state.leptos_options, &onward.name, &onward.address);
            if let Ok(cookie) = HeaderValue::from_str(&onward.cookie) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(AppError::Unavailable) => see_other(&after(&Lost { why: WayFailed::Away, next, adding })),
        Err(AppError::SignInRequired) => see_other(&with_next("/sign-in", "/account")),
        Err(error) => answers::page(&state.leptos_options, &error),
    }
}

/// As the provider's answer stands in the address; not to be printed: the code opens an account.
#[derive(Deserialize)]
struct Callback {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
}

async fn end(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    query: Result<Query<Callback>, axum::extract::rejection::QueryRejection>,
) -> Response {
    if !state.oidc.knows(&provider) {
        return nothing();
    }
    let Ok(Query(Callback { state: secret, code, iss })) = query else {
        return see_other(&after(&Lost { why: WayFailed::Refused, next: String::new(), adding: false }));
    };
    let answer = Answer { state: secret, code: code.filter(|code| !code.is_empty()), issuer: iss };
    match oidc::end(&state, &headers, viewer, &provider, answer).await {
        Err(lost) => see_other(&after(&lost)),
        Ok(back) => {
            let otherwise = if back.cookie.is_some() { "/courses" } else { "/account" };
            let mut response = see_other(if is_site_path(&back.next) { &back.next } else { otherwise });
            if let Some(cookie) = back.cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
    }
}

/// The page that says why somebody is not where they wanted to be.
fn after(lost: &Lost) -> String {
    let page = if lost.adding { "/account" } else { "/sign-in" };
    let mut address = format!("{page}?failed={}", lost.why.value());
    if !lost.next.is_empty() && !lost.adding {
        address.push_str(&with_next("", &lost.next).replacen('?', "&", 1));
    }
    address
}

fn nothing() -> Response {
    super::text(StatusCode::NOT_FOUND, "There is no such provider.\n")
}

fn see_other(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))])
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_back_for_nothing_is_led_to_where_they_can_try_again() {
        let lost = |next: &str, adding| after(&Lost { why: WayFailed::Stale, next: next.to_owned(), adding });
        assert_eq!(lost("", false), "/sign-in?failed=stale");
        assert_eq!(lost("/purchases?a=1&b", false), "/sign-in?failed=stale&next=/purchases%3Fa%3D1%26b");
        assert_eq!(lost("/purchases", true), "/account?failed=stale");
    }
}
