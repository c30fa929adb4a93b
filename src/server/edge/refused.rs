//! A form without script that was refused: its page again, with what was typed still in it.

use super::MAX_BODY;
use crate::domain::typed::{FROM, OwnAddress, Typed};
use crate::domain::validate::is_site_path;
use crate::error::AppError;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Form, FromRequest, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use leptos::server_fn::error::ServerFnUrlError;
use std::collections::HashMap;
use tower::ServiceExt;

/// Leptos leads a refused form back to its page and puts the error into the address; what was typed would be lost on
/// the way. So that page is rendered here instead, as the answer, under the error's status. `pages` is asked as the
/// browser would ask it, and by the same rules.
pub async fn with_what_was_typed(pages: Router, request: Request, next: Next) -> Response {
    if !is_plain_form(&request) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let own = own_address(&mut parts);
    let Ok(bytes) = to_bytes(body, MAX_BODY).await else {
        return super::text(StatusCode::PAYLOAD_TOO_LARGE, "This is more than can be sent at once.");
    };
    let sent = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    let response = next.run(sent).await;
    let Some((page, error)) = refusal(&response) else { return response };
    let typed = Form::<Vec<(String, String)>>::from_request(Request::from_parts(parts.clone(), Body::from(bytes)), &());
    let Ok(Form(fields)) = typed.await else { return response };

    let mut again = Request::new(Body::empty());
    *again.uri_mut() = page;
    *again.headers_mut() = parts.headers;
    again.headers_mut().remove(header::CONTENT_TYPE);
    again.headers_mut().remove(header::CONTENT_LENGTH);
    again.extensions_mut().insert(Typed(fields));
    if let Some(own) = own {
        again.extensions_mut().insert(OwnAddress(own));
    }
    let Ok(mut page) = pages.oneshot(again).await;
    // Sent from a page that is none of ours, or no more: the way back is the browser's.
    if !page.status().is_success() {
        return response;
    }
    *page.status_mut() = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    page
}

fn is_plain_form(request: &Request) -> bool {
    let says = |name: header::HeaderName, what: &str| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(what))
    };
    request.method() == Method::POST
        && request.uri().path().starts_with("/api/")
        && says(header::ACCEPT, "text/html")
        && says(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// The address of the page that a form stands on, which is where Leptos leads back to: as the browser says it or, where
/// the page is itself the answer to a form, as the form does.
fn own_address(parts: &mut Parts) -> Option<String> {
    let referer: Uri = parts.headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let query = Query::<HashMap<String, String>>::try_from_uri(&parts.uri).ok();
    let said = query.and_then(|Query(mut query)| query.remove(FROM)).filter(|page| is_site_path(page));
    if let (Some(page), Some(scheme), Some(host)) = (&said, referer.scheme(), referer.authority()) {
        let address = HeaderValue::from_str(&format!("{scheme}://{host}{page}")).ok()?;
        parts.headers.insert(header::REFERER, address);
    }
    said.or_else(|| Some(referer.path_and_query()?.to_string()))
}

/// The page that a response leads back to, and the error that it carries there.
fn refusal(response: &Response) -> Option<(Uri, AppError)> {
    let location: Uri = response.headers().get(header::LOCATION)?.to_str().ok()?.parse().ok()?;
    let Query(query) = Query::<HashMap<String, String>>::try_from_uri(&location).ok()?;
    let error = ServerFnUrlError::<AppError>::decode_err(query.get("__err")?);
    Some((location.path_and_query()?.as_str().parse().ok()?, error))
}
