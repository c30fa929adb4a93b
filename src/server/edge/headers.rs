//! What every response tells the browser: security headers, and how long files keep.

use crate::components::response::{Allow, Reach, SetStatus};
use crate::domain::bulk::BulkReport;
use crate::domain::import::Refused;
use crate::domain::passkey::PasskeysWork;
use crate::domain::typed::{OwnAddress, Typed};
use crate::domain::validate::with_next;
use crate::domain::video::FRAME_SOURCES;
use crate::error::AppError;
use crate::server::auth::passkeys;
use crate::server::config::Config;
use crate::server::context::{self, AppState};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;

/// Policy of everything that is not a page: nothing in it runs.
const NO_CONTENT: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Gives pages who is looking, and what they may say of their response: the Content-Security-Policy with this
/// response's nonce, and a way to set the status.
pub fn provide_page_context(config: &Config) {
    provide_context(context::visit(config));
    provide_context(config.ways_in());
    if passkeys::work(config) {
        provide_context(PasskeysWork);
    }
    if let Some(parts) = use_context::<Parts>() {
        if let Some(typed) = parts.extensions.get::<Typed>() {
            provide_context(typed.clone());
        }
        if let Some(own) = parts.extensions.get::<OwnAddress>() {
            provide_context(own.clone());
        }
        if let Some(refused) = parts.extensions.get::<Refused>() {
            provide_context(refused.clone());
        }
        if let Some(report) = parts.extensions.get::<BulkReport>() {
            provide_context(report.clone());
        }
    }
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Some(nonce) = use_nonce() {
        let set = {
            let (response, pay_at) = (response.clone(), config.pays_at().map(str::to_owned));
            let clerk = config.clerk.as_ref().map(|clerk| clerk.front.clone());
            move |reach: Option<Reach>| {
                let policy = page_policy(&nonce, reach, pay_at.as_deref(), clerk.as_deref());
                if let Ok(policy) = HeaderValue::from_str(&policy) {
                    response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
                }
            }
        };
        set(None);
        provide_context(Allow::new(move |reach| set(Some(reach))));
    }
    let here = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
    provide_context(SetStatus::new(move |error: &AppError| match (error, &here) {
        // A page that opens to some asks the anonymous who they are.
        (AppError::SignInRequired, Some(here)) => {
            if let Ok(address) = HeaderValue::from_str(&with_next("/sign-in", here)) {
                response.set_status(StatusCode::SEE_OTHER);
                response.insert_header(header::LOCATION, address);
            }
        }
        _ => {
            if let Ok(status) = StatusCode::from_u16(error.status()) {
                response.set_status(status);
            }
        }
    }));
}

/// Scripts run by nonce alone, wasm may be compiled, nothing is loaded from another host but what a product's picture
/// or a lesson's video needs. A stream is fetched part by part, from whatever hosts its playlist names, by script and
/// its worker. A form without script follows where its answer leads, and browsers ask the policy about that, too.
/// What Clerk's script needs is what its documentation says (clerk.com/docs/guides/secure/best-practices/csp-headers):
/// it writes its styles by script, works in a worker of its own making, and frames what tells people from machines.
fn page_policy(nonce: &str, reach: Option<Reach>, pay_at: Option<&str>, clerk: Option<&str>) -> String {
    let (hosts, blobs, workers) = match (reach, clerk) {
        (Some(Reach::Streams), _) => (" https:".to_owned(), " blob:", "; worker-src 'self'"),
        (Some(Reach::Clerk), Some(front)) => (format!(" {front}"), "", "; worker-src 'self' blob:"),
        _ => Default::default(),
    };
    let (styles, frames) = match reach {
        Some(Reach::Clerk) => (" 'unsafe-inline'", "https://challenges.cloudflare.com".to_owned()),
        _ => ("", FRAME_SOURCES.join(" ")),
    };
    let leads_to = match (reach, pay_at) {
        (Some(Reach::Payment), Some(origin)) => format!(" {origin}"),
        _ => String::new(),
    };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'{styles}; \
         img-src 'self' https:; media-src 'self' https:{blobs}; font-src 'self'; connect-src 'self'{hosts}; \
         frame-src {frames}; form-action 'self'{leads_to}; frame-ancestors 'none'; base-uri 'none'; object-src 'none'{workers}"
    )
}

/// Sets what holds for every response, where it was not set more exactly before.
pub async fn secure(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &str); 5] = [
        (header::CONTENT_SECURITY_POLICY, NO_CONTENT),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // `no-referrer` would break the way back of forms without script.
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in fixed {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if state.config.is_secure() {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    response
}

/// How long the files of the built site keep: `/pkg` is named by content, the rest is asked about every hour; and in which
/// characters they are.
pub async fn cache_files(request_path: axum::http::Uri, mut response: Response) -> Response {
    let value = if !response.status().is_success() {
        "no-store"
    } else if request_path.path().starts_with("/pkg/") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    say_characters(response.headers_mut());
    response
}

/// Says of a text that is a file in which characters it is: what a browser guesses can be made to mean something else.
pub fn say_characters(headers: &mut HeaderMap) {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let text = (kind.starts_with("text/") || kind.ends_with("xml")) && !kind.contains("charset=");
    if text && let Ok(kind) = HeaderValue::from_str(&format!("{kind}; charset=utf-8")) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
}
