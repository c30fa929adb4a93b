//! Uploads to a lesson by the tus protocol, version 1.0 (core, creation, expiration, termination), so that any tus
//! client resumes what broke off.

mod form;

use super::forms::is_stalled;
use crate::domain::file::file_name;
use crate::domain::id::{LessonId, UploadId};
use crate::domain::language;
use crate::error::AppError;
use crate::server::auth::{Admin, Viewer};
use crate::server::context::AppState;
use crate::server::db;
use crate::server::db::files::Upload;
use crate::server::files::broken;
use crate::server::files::parts::Turn;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{options, post};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures::{Stream, StreamExt};
use std::error::Error;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/uploads", "/uploads/{upload}", "/admin/lessons/{lesson}/files"];

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");

pub fn routes() -> Router<AppState> {
    let tus = Router::new()
        .route("/uploads", options(capabilities).post(create))
        .route("/uploads/{upload}", options(capabilities).head(offset).patch(append).delete(give_up))
        .layer(middleware::from_fn(speak_tus));
    tus.route("/admin/lessons/{lesson}/files", post(form::take).get(form::editor))
}

/// An error as tus clients read it: a status and a sentence.
struct Refusal(StatusCode, String);

impl<E: Into<AppError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        let error = error.into();
        // What the file holds is what is wrong: a client that tries again would fail again.
        let status = match &error {
            AppError::Conflict(_) => 415,
            error => error.status(),
        };
        Self(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), error.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], self.1).into_response()
    }
}

fn refuse<T>(status: StatusCode, sentence: &str) -> Result<T, Refusal> {
    Err(Refusal(status, sentence.to_owned()))
}

/// Every answer says the version; a request of another one is refused, but for the question which there are.
async fn speak_tus(request: Request, next: Next) -> Response {
    let asks = request.method() == axum::http::Method::OPTIONS;
    let mut response = if asks || request.headers().get(TUS_RESUMABLE) == Some(&VERSION) {
        next.run(request).await
    } else {
        StatusCode::PRECONDITION_FAILED.into_response()
    };
    let headers = response.headers_mut();
    headers.insert(TUS_RESUMABLE, VERSION);
    headers.insert("tus-version", VERSION);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn capabilities(State(state): State<AppState>) -> Response {
    let most = state.config.settings.upload_max.to_string();
    let headers = [("tus-extension", "creation,expiration,termination"), ("tus-max-size", most.as_str())];
    (StatusCode::NO_CONTENT, headers).into_response()
}

async fn create(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let admin = viewer.admin()?;
    let Some(length) = number(&headers, &UPLOAD_LENGTH) else {
        return refuse(StatusCode::BAD_REQUEST, "Upload-Length says how many bytes there are.");
    };
    if length > state.config.settings.upload_max {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "This file is larger than this site takes.");
    }
    let metadata = headers.get(UPLOAD_METADATA).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(lesson) = meta(metadata, "lesson").and_then(|lesson| lesson.parse::<LessonId>().ok()) else {
        return refuse(StatusCode::BAD_REQUEST, "Upload-Metadata names the lesson.");
    };
    let name = file_name(&meta(metadata, "filename").unwrap_or_default());
    let upload = announce(&state, &admin, lesson, name, meta(metadata, "language"), length).await?;
    if length == 0
        && let Some(turn) = state.files.parts.turn(upload.id)
    {
        finish(&state, &admin, turn, upload.id).await?;
    }
    let location = format!("/uploads/{}", upload.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)]).into_response())
}

async fn announce(
    state: &AppState,
    admin: &Admin,
    lesson: LessonId,
    name: String,
    language: Option<String>,
    length: u64,
) -> Result<Upload, Refusal> {
    let language = language.filter(|code| !code.is_empty());
    if let Some(code) = language.as_deref().filter(|code| !language::is_tag(code)) {
        return refuse(StatusCode::BAD_REQUEST, &format!("“{code}” is no language: use a tag like en or pt-BR."));
    }
    let Ok(bytes) = i64::try_from(length) else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "This file is larger than this site takes.");
    };
    let (by, as_name, of) = (admin.clone(), name.clone(), language.clone());
    let id = state
        .db
        .write(move |tx| {
            Box::pin(async move { db::files::announce_upload(tx, &by, lesson, &as_name, of.as_deref(), bytes).await })
        })
        .await?;
    state.files.parts.begin(id).await.map_err(broken)?;
    Ok(Upload { id, lesson_id: lesson, name, language, bytes, kept: false })
}

async fn offset(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (admin, upload) = find(&state, viewer, &id).await?;
    let received = received(&state, &upload).await?;
    // All came, and something kept it from being kept then; or it is being kept now.
    if i64::try_from(received) == Ok(upload.bytes) && !upload.kept {
        let Some(turn) = state.files.parts.turn(upload.id) else {
            return refuse(StatusCode::LOCKED, "This upload came whole and is being kept.");
        };
        finish(&state, &admin, turn, upload.id).await?;
    }
    let headers = [(UPLOAD_OFFSET, received.to_string()), (UPLOAD_LENGTH, upload.bytes.to_string())];
    Ok((StatusCode::OK, headers).into_response())
}

async fn append(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let (admin, upload) = find(&state, viewer, &id).await?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/offset+octet-stream") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "An upload goes on as application/offset+octet-stream.");
    }
    let Some(turn) = state.files.parts.turn(upload.id) else {
        return refuse(StatusCode::LOCKED, "Somebody else is sending this upload.");
    };
    let received = received(&state, &upload).await?;
    if number(&headers, &UPLOAD_OFFSET) != Some(received) {
        return refuse(StatusCode::CONFLICT, "The upload is at another byte.");
    }
    let length = u64::try_from(upload.bytes).unwrap_or_default();
    if upload.kept {
        return Ok((StatusCode::NO_CONTENT, [(UPLOAD_OFFSET, received.to_string())]).into_response());
    }
    let received = match receive(&state, &turn, received, length, body.into_data_stream()).await {
        Ok(received) => received,
        Err(refusal) => {
            // What has no room keeps none.
            if refusal.0 == StatusCode::INSUFFICIENT_STORAGE {
                drop_upload(&state, &admin, upload.id).await?;
            }
            return Err(refusal);
        }
    };
    if received == length {
        finish(&state, &admin, turn, upload.id).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(UPLOAD_OFFSET, received.to_string())]).into_response())
}

async fn give_up(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (admin, upload) = find(&state, viewer, &id).await?;
    drop_upload(&state, &admin, upload.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The upload of an address, for an admin.
async fn find(state: &AppState, viewer: Viewer, id: &str) -> Result<(Admin, Upload), Refusal> {
    let admin = viewer.admin()?;
    let id: UploadId = id.parse().map_err(|_| AppError::NotFound)?;
    let upload = db::files::upload(&state.db, &admin, id).await?.ok_or(AppError::NotFound)?;
    Ok((admin, upload))
}

/// Writes what comes, from byte `at` to at most `length`; returns how far it came.
async fn receive<E: Error + 'static>(
    state: &AppState,
    turn: &Turn,
    mut at: u64,
    length: u64,
    mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<u64, Refusal> {
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|error| broke_off(&error))?;
        let end = at + bytes.len() as u64;
        if end > length {
            return refuse(StatusCode::PAYLOAD_TOO_LARGE, "There are more bytes than were announced.");
        }
        state.files.parts.write(turn, at, bytes).await.map_err(broken)?;
        at = end;
    }
    Ok(at)
}

/// A body that broke off; what came stays, and can be gone on with.
fn broke_off(error: &(dyn Error + 'static)) -> Refusal {
    match is_stalled(error) {
        true => Refusal(StatusCode::REQUEST_TIMEOUT, "Nothing came for a while.".to_owned()),
        false => Refusal(StatusCode::BAD_REQUEST, "The upload broke off.".to_owned()),
    }
}

/// How many bytes came.
async fn received(state: &AppState, upload: &Upload) -> Result<u64, Refusal> {
    match upload.kept {
        true => Ok(u64::try_from(upload.bytes).unwrap_or_default()),
        false => Ok(state.files.parts.received(upload.id).await.map_err(broken)?),
    }
}

/// Keeps what came whole, or drops what cannot be kept.
async fn finish(state: &AppState, admin: &Admin, turn: Turn, id: UploadId) -> Result<(), Refusal> {
    let upload = db::files::upload(&state.db, admin, id).await?.ok_or(AppError::NotFound)?;
    if upload.kept {
        return Ok(());
    }
    // A task of its own, which has the turn until it ends: a client that hangs up now has sent all of it, and asks
    // whether it is kept while a bucket takes its time.
    let (files, db, by) = (state.files.clone(), state.db.clone(), admin.clone());
    let kept = tokio::spawn(async move {
        let kept = files.keep(&db, &by, upload).await;
        drop(turn);
        kept
    });
    match kept.await.unwrap_or(Err(AppError::Internal)) {
        Ok(()) => Ok(()),
        Err(error) => {
            if matches!(error, AppError::Conflict(_)) {
                drop_upload(state, admin, id).await?;
            }
            Err(error.into())
        }
    }
}

async fn drop_upload(state: &AppState, admin: &Admin, id: UploadId) -> Result<(), AppError> {
    let admin = admin.clone();
    state.db.write(move |tx| Box::pin(async move { db::files::end_upload(tx, &admin, id).await })).await?;
    state.files.drop_part(id).await;
    Ok(())
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// A value of `Upload-Metadata`: pairs of a key and base64, separated by commas.
fn meta(header: &str, key: &str) -> Option<String> {
    let value = header.split(',').find_map(|pair| {
        let mut words = pair.split_ascii_whitespace();
        (words.next() == Some(key)).then(|| words.next().unwrap_or_default())
    })?;
    String::from_utf8(BASE64_STANDARD.decode(value).ok()?).ok()
}
