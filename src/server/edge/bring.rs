//! A course that comes as a zip file, and the yes to what it was shown to be.

use super::forms::{Kept, Pages, Refusal, keep};
use crate::domain::file::{file_name, size};
use crate::domain::id::ImportId;
use crate::domain::import::Refused;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::bringing::{self, Choice, ZIP};
use crate::server::context::AppState;
use crate::server::files::broken;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Form, Multipart, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use serde::Deserialize;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/admin/courses/import/upload", "/admin/courses/import/{import}/accept"];

/// The page with the form.
const FORM: &str = "/admin/courses/import";
/// Most bytes of a yes.
const MAX_YES: usize = 4 << 10;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/courses/import/upload", post(upload).get(form))
        .route("/admin/courses/import/{import}/accept", post(accept).layer(DefaultBodyLimit::max(MAX_YES)).get(preview))
}

async fn upload(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(pages): Extension<Pages>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    match take(&state, viewer, form).await {
        Ok(id) => Redirect::to(&format!("{FORM}/{id}")).into_response(),
        Err(refusal) => refuse(pages, FORM, headers, refusal).await,
    }
}

async fn take(state: &AppState, viewer: Viewer, mut form: Multipart) -> Result<ImportId, Refusal> {
    let admin = viewer.admin()?;
    let most = state.config.settings.upload_max;
    while let Some(mut field) = form.next_field().await? {
        if field.name() != Some("file") {
            continue;
        }
        let name = file_name(field.file_name().unwrap_or_default());
        let stage = state.files.waiting.stage().await.map_err(broken)?;
        return match keep(&mut field, &stage.path().join(ZIP), most, false).await? {
            Kept::Whole(0) => Err(nothing_chosen()),
            Kept::Whole(_) => Ok(bringing::receive(state, &admin, name, stage).await?),
            Kept::TooLarge => {
                let most = size(i64::try_from(most).unwrap_or(i64::MAX));
                let sentence = format!("This file has more than {most}: this site takes no more.");
                Err(AppError::invalid("file", sentence).into())
            }
        };
    }
    Err(nothing_chosen())
}

fn nothing_chosen() -> Refusal {
    AppError::invalid("file", "Choose a file first.").into()
}

/// What was sent has no page of its own: whoever opens its address is led to the one that it was sent from.
async fn form() -> Redirect {
    Redirect::temporary(FORM)
}

async fn preview(Path(import): Path<ImportId>) -> Redirect {
    Redirect::temporary(&format!("{FORM}/{import}"))
}

#[derive(Deserialize)]
struct Yes {
    choice: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    delete: bool,
}

async fn accept(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(pages): Extension<Pages>,
    Path(import): Path<String>,
    headers: HeaderMap,
    Form(yes): Form<Yes>,
) -> Response {
    let made = async {
        let admin = viewer.admin()?;
        let id: ImportId = import.parse().map_err(|_| AppError::NotFound)?;
        let choice = match yes.choice.as_str() {
            "new" => Choice::New,
            "update" => Choice::Update { state: yes.state, delete: yes.delete },
            _ => return Err(AppError::invalid("choice", "Choose what is to be made of it.")),
        };
        // A task of its own: a client that hangs up now said yes, and files may take their time to a bucket.
        let made = tokio::spawn(async move { bringing::accept(&state, &admin, id, choice).await });
        made.await.unwrap_or(Err(AppError::Internal))
    };
    match made.await {
        Ok(course) => Redirect::to(&format!("/admin/courses/{course}/edit")).into_response(),
        Err(error) => refuse(pages, &format!("{FORM}/{import}"), headers, error.into()).await,
    }
}

async fn refuse(pages: Pages, path: &str, headers: HeaderMap, Refusal(status, sentence): Refusal) -> Response {
    pages.answer(path, headers, status, Refused(sentence)).await
}
