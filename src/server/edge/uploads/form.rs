//! The same by a plain form, for a browser without script.

use super::{Refusal, announce, broke_off, drop_upload, receive, refuse};
use crate::domain::file::file_name;
use crate::domain::id::LessonId;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::context::AppState;
use crate::server::db::files::Upload;
use axum::extract::{Extension, Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

/// Most bytes of a language's tag.
const LANGUAGE_MAX: usize = 100;

/// What a form sent has no page of its own: whoever opens its address is led to the editor.
pub async fn editor(Path(lesson): Path<LessonId>) -> Redirect {
    Redirect::temporary(&format!("/admin/lessons/{lesson}/edit"))
}

/// A file from a form, as browsers send it; leads back to the lesson's editor.
pub async fn take(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(lesson): Path<String>,
    form: Multipart,
) -> Response {
    match take_form(&state, viewer, &lesson, form).await {
        Ok(()) => Redirect::to(&format!("/admin/lessons/{lesson}/edit#files")).into_response(),
        Err(Refusal(status, sentence)) => {
            let mut page = super::super::answers::page(&state.leptos_options, &AppError::refused(sentence));
            *page.status_mut() = status;
            page
        }
    }
}

async fn take_form(state: &AppState, viewer: Viewer, lesson: &str, mut form: Multipart) -> Result<(), Refusal> {
    let admin = viewer.admin()?;
    let lesson: LessonId = lesson.parse().map_err(|_| AppError::NotFound)?;
    let unread = || Refusal(StatusCode::BAD_REQUEST, "This form was not understood. Send it again.".to_owned());
    let mut language = None;
    while let Some(mut field) = form.next_field().await.map_err(|error| broke_off(&error))? {
        match field.name() {
            Some("language") => {
                let mut tag = Vec::new();
                while let Some(bytes) = field.chunk().await.map_err(|error| broke_off(&error))? {
                    tag.extend(bytes);
                    if tag.len() > LANGUAGE_MAX {
                        return Err(unread());
                    }
                }
                language = Some(String::from_utf8(tag).map_err(|_| unread())?);
            }
            Some("file") => {
                let name = file_name(field.file_name().unwrap_or_default());
                // A form does not say how long its files are.
                let most = state.config.settings.upload_max;
                let upload = announce(state, &admin, lesson, name, language.take(), most).await?;
                let Some(turn) = state.files.parts.turn(upload.id) else { return Err(unread()) };
                match receive(state, &turn, 0, most, field).await {
                    Ok(0) => {
                        drop_upload(state, &admin, upload.id).await?;
                        return refuse(StatusCode::BAD_REQUEST, "Choose a file first.");
                    }
                    Ok(received) => {
                        let upload = Upload { bytes: i64::try_from(received).unwrap_or(i64::MAX), ..upload };
                        let id = upload.id;
                        if let Err(error) = state.files.keep(&state.db, &admin, upload).await {
                            drop_upload(state, &admin, id).await?;
                            return Err(error.into());
                        }
                    }
                    Err(refusal) => {
                        drop_upload(state, &admin, upload.id).await?;
                        return Err(refusal);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}
