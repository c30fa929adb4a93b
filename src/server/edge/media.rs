//! Files and captions of lessons, to whoever may open the lesson at that moment.

use crate::domain::access::{LessonAccess, Standing};
use crate::domain::file::{FileKind, encoded};
use crate::domain::id::CaptionsId;
use crate::domain::lesson::LessonStatus;
use crate::domain::section::SectionStatus;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::context::AppState;
use crate::server::db;
use crate::server::db::files::{Stored, Which};
use crate::server::files::address::{self, Signed};
use crate::server::files::ranges::{Wanted, wanted};
use crate::server::files::store::Store;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::{StreamExt, TryStreamExt, stream};
use std::ops::Range;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &[
    "/media/{file}",
    "/lessons/{lesson}/files/{name}",
    "/admin/lessons/{lesson}/files/{name}",
    "/captions/{captions}",
];

/// Between the parts of an answer of several ranges. A file cannot hold it but by knowing it, and then only that
/// file's own parts are misread.
const BOUNDARY: &str = "lectern-part-7f3a9c51e02d";

/// Nothing in a file runs, wherever it is opened.
const INERT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox",
);

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/media/{file}", get(media))
        .route("/lessons/{lesson}/files/{name}", get(named))
        // The same for the author's own pages, which are theirs also while they look at the site as others do.
        .route("/admin/lessons/{lesson}/files/{name}", get(named))
        .route("/captions/{captions}", get(captions))
}

async fn media(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(file): Path<String>,
    signed: Result<Query<Signed>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(id) = file.parse() else { return refusal(&AppError::NotFound) };
    let signed = signed.map(|Query(signed)| signed).unwrap_or_default();
    serve(&state, &viewer, Which::Id(id), &signed, &headers).await
}

/// A file by its name, as a lesson's text says it.
async fn named(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path((lesson, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let Ok(lesson) = lesson.parse() else { return refusal(&AppError::NotFound) };
    serve(&state, &viewer, Which::Named(lesson, name), &Signed::default(), &headers).await
}

async fn serve(state: &AppState, viewer: &Viewer, which: Which, signed: &Signed, headers: &HeaderMap) -> Response {
    match open(state, viewer, which, signed).await {
        Ok(stored) => answer(&state.files.store, &stored, headers).await,
        Err(error) => refusal(&error),
    }
}

/// The file, if it is the viewer's to have now.
async fn open(state: &AppState, viewer: &Viewer, which: Which, signed: &Signed) -> Result<Stored, AppError> {
    let stored = db::files::stored(&state.db, which, viewer).await?.ok_or(AppError::NotFound)?;
    admit(stored.standing, stored.section_status, stored.status)?;
    if stored.kind == FileKind::Video {
        let now = chrono::Utc::now().timestamp();
        if !address::holds(state.files.key(&state.db).await?, stored.id, viewer.id(), signed, now) {
            return Err(AppError::Forbidden);
        }
    }
    Ok(stored)
}

fn admit(standing: Standing, section: SectionStatus, lesson: LessonStatus) -> Result<(), AppError> {
    match LessonAccess::of(standing, section, lesson) {
        LessonAccess::Open => Ok(()),
        LessonAccess::Locked | LessonAccess::Hidden => Err(AppError::NotFound),
    }
}

async fn captions(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Response {
    let found = async {
        let id: CaptionsId = id.parse().map_err(|_| AppError::NotFound)?;
        let stored = db::captions::stored(&state.db, id, &viewer).await?.ok_or(AppError::NotFound)?;
        admit(stored.standing, stored.section_status, stored.status)?;
        Ok(stored.vtt)
    };
    match found.await {
        Ok(vtt) => ([(header::CONTENT_TYPE, "text/vtt; charset=utf-8")], vtt).into_response(),
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &AppError) -> Response {
    (super::answers::status(error), [(header::CACHE_CONTROL, "no-store")]).into_response()
}

async fn answer(store: &Store, stored: &Stored, headers: &HeaderMap) -> Response {
    let length = u64::try_from(stored.bytes).unwrap_or_default();
    // A file never changes under its id.
    let tag = format!("\"{}\"", stored.id);
    let says = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let known = says(header::IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    if known {
        return dressed(stored, &tag, StatusCode::NOT_MODIFIED, Body::empty());
    }
    let fits = says(header::IF_RANGE).is_none_or(|known| known == tag);
    let range = says(header::RANGE).filter(|_| fits);
    let sent = match wanted(range, length) {
        Wanted::Whole => whole(store, stored, &tag, length).await,
        Wanted::Unsatisfiable => {
            let mut response = dressed(stored, &tag, StatusCode::RANGE_NOT_SATISFIABLE, Body::empty());
            set(&mut response, header::CONTENT_RANGE, format!("bytes */{length}"));
            Ok(response)
        }
        Wanted::Parts(parts) => match <[Range<u64>; 1]>::try_from(parts) {
            Ok([part]) => one(store, stored, &tag, part, length).await,
            Err(parts) => Ok(several(store, stored, &tag, parts, length)),
        },
    };
    sent.unwrap_or_else(|error| {
        tracing::error!(%error, id = %stored.id, "a file could not be read");
        refusal(&AppError::Internal)
    })
}

async fn whole(store: &Store, stored: &Stored, tag: &str, length: u64) -> object_store::Result<Response> {
    let body = Body::from_stream(store.read(stored.id, 0..length).await?);
    let mut response = dressed(stored, tag, StatusCode::OK, body);
    set(&mut response, header::CONTENT_LENGTH, length.to_string());
    Ok(response)
}

async fn one(
    store: &Store,
    stored: &Stored,
    tag: &str,
    part: Range<u64>,
    length: u64,
) -> object_store::Result<Response> {
    let body = Body::from_stream(store.read(stored.id, part.clone()).await?);
    let mut response = dressed(stored, tag, StatusCode::PARTIAL_CONTENT, body);
    set(&mut response, header::CONTENT_LENGTH, (part.end - part.start).to_string());
    set(&mut response, header::CONTENT_RANGE, content_range(&part, length));
    Ok(response)
}

/// Several ranges as one body (RFC 9110, 14.6), each opened when its turn comes.
fn several(store: &Store, stored: &Stored, tag: &str, parts: Vec<Range<u64>>, length: u64) -> Response {
    let head = |part: &Range<u64>| {
        let (kind, range) = (&stored.content_type, content_range(part, length));
        format!("\r\n--{BOUNDARY}\r\ncontent-type: {kind}\r\ncontent-range: {range}\r\n\r\n")
    };
    let foot = format!("\r\n--{BOUNDARY}--\r\n");
    let bytes: u64 = parts.iter().map(|part| head(part).len() as u64 + part.end - part.start).sum();
    let heads: Vec<(String, Range<u64>)> = parts.into_iter().map(|part| (head(&part), part)).collect();
    let (store, id) = (store.clone(), stored.id);
    let bodies = stream::iter(heads).then(move |(head, part)| {
        let store = store.clone();
        async move {
            let head = stream::once(async { Ok(Bytes::from(head)) });
            Ok::<_, object_store::Error>(head.chain(store.read(id, part).await?))
        }
    });
    let total = bytes + foot.len() as u64;
    let body = bodies.try_flatten().chain(stream::once(async { Ok(Bytes::from(foot)) }));
    let mut response = dressed(stored, tag, StatusCode::PARTIAL_CONTENT, Body::from_stream(body));
    set(&mut response, header::CONTENT_LENGTH, total.to_string());
    set(&mut response, header::CONTENT_TYPE, format!("multipart/byteranges; boundary={BOUNDARY}"));
    response
}

fn content_range(part: &Range<u64>, length: u64) -> String {
    format!("bytes {}-{}/{length}", part.start, part.end - 1)
}

/// What every answer about a file says of it.
fn dressed(stored: &Stored, tag: &str, status: StatusCode, body: Body) -> Response {
    let mut response = (status, body).into_response();
    set(&mut response, header::CONTENT_TYPE, stored.content_type.clone());
    set(&mut response, header::ETAG, tag.to_owned());
    set(&mut response, header::CONTENT_DISPOSITION, disposition(stored));
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Kept by this browser alone, and asked about each time: access may have ended.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::CONTENT_SECURITY_POLICY, INERT);
    super::headers::say_characters(headers);
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

/// Shown in the page, or downloaded under its name (RFC 6266, 4.3).
fn disposition(stored: &Stored) -> String {
    let how = if stored.kind == FileKind::Attachment { "attachment" } else { "inline" };
    format!("{how}; filename*=UTF-8''{}", encoded(&stored.name))
}

fn set(response: &mut Response, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().insert(name, value);
    }
}
