//! How an error is answered: by its own status, as data or as a small page.

use crate::app::title;
use crate::components::error_words::ErrorWords;
use crate::components::wordmark::Wordmark;
use crate::error::AppError;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use leptos_meta::HashedStylesheet;

/// Marks the answer of a server function that failed.
const FAILED: &str = "serverfnerror";
/// An error is never larger; what is, is not one of ours.
const MAX_ERROR: usize = 256 << 10;

pub fn status(error: &AppError) -> StatusCode {
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
    let Ok(bytes) = to_bytes(body, MAX_ERROR).await else { return data(&AppError::Internal) };
    if let Ok(error) = serde_json::from_slice::<AppError>(&bytes) {
        parts.status = status(&error);
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// An error as the server functions' client reads it.
pub fn data(error: &AppError) -> Response {
    let body = error.ser();
    (
        status(error),
        [(header::CONTENT_TYPE, "application/json"), (header::HeaderName::from_static(FAILED), "edge")],
        body,
    )
        .into_response()
}

/// An error before any page could be rendered: a document in the site's dress, without script.
pub fn page(options: &LeptosOptions, error: &AppError) -> Response {
    let status = status(error);
    let html = Owner::new().with(|| refusal(options.clone(), error.clone()).to_html());
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(STYLE_ONLY));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

const STYLE_ONLY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; \
                          frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

fn refusal(options: LeptosOptions, error: AppError) -> impl RenderHtml {
    let title = title(error.to_string());
    document(options, title, None, view! { <ErrorWords error way_on=None /> }.into_any())
}

/// Leads on to another site. Not by a redirect: browsers ask a page's policy wherever its form leads, and where a sign-in
/// leads after that is its provider's own affair.
pub fn onward(options: &LeptosOptions, name: &str, address: &str) -> Response {
    let html = Owner::new().with(|| {
        let (name, address) = (name.to_owned(), address.to_owned());
        let refresh = format!("0;url={address}");
        let words = view! {
            <div class="page--narrow stack">
                <h1>{format!("On to {name}…")}</h1>
                <p><a class="button button--primary" href=address>{format!("Go on to {name}")}</a></p>
            </div>
        };
        document(options.clone(), title(format!("On to {name}")), Some(refresh), words.into_any()).to_html()
    });
    let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(STYLE_ONLY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn document(options: LeptosOptions, title: String, refresh: Option<String>, main: AnyView) -> impl RenderHtml {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {refresh.map(|refresh| view! { <meta http-equiv="refresh" content=refresh /> })}
                <title inner_html=title></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HashedStylesheet options />
            </head>
            <body>
                <header class="site-header"><Wordmark /></header>
                <main class="page" id="main">{main}</main>
            </body>
        </html>
    }
}
