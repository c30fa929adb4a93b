//! Many files that become draft lessons of a section.

use super::forms::{self, Kept, Pages, keep};
use crate::domain::bulk::{BULK_MAX, BulkReport};
use crate::domain::file::{file_name, size};
use crate::domain::id::{BulkReportId, SectionId};
use crate::domain::import::Refused;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::bulk::{self, Sent};
use crate::server::context::AppState;
use crate::server::db;
use crate::server::files::broken;
use crate::server::import::MAX_FILES_BYTES;
use axum::Router;
use axum::extract::{Extension, Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/admin/sections/{section}/lessons/bulk/files"];

pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/sections/{section}/lessons/bulk/files", post(files).get(form))
}

/// What was sent has no page of its own: whoever opens its address is led to the form.
async fn form(Path(section): Path<SectionId>) -> Redirect {
    Redirect::temporary(&format!("/admin/sections/{section}/lessons/bulk"))
}

async fn files(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(pages): Extension<Pages>,
    Path(section): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let page = format!("/admin/sections/{section}/lessons/bulk");
    match take(&state, viewer, &section, form).await {
        // A page of its own, so that reading it again sends nothing again.
        Ok((_, Some(noted))) => Redirect::to(&format!("{page}?report={noted}")).into_response(),
        Ok((report, None)) => {
            let status = if report.made.is_empty() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
            pages.answer(&page, headers, status, report).await
        }
        Err(forms::Refusal(status, sentence)) => pages.answer(&page, headers, status, Refused(sentence)).await,
    }
}

/// Makes lessons of a form's files, and returns what became of them and under which id that is kept.
async fn take(
    state: &AppState,
    viewer: Viewer,
    section: &str,
    mut form: Multipart,
) -> Result<(BulkReport, Option<BulkReportId>), forms::Refusal> {
    let admin = viewer.admin()?;
    let section: SectionId = section.parse().map_err(|_| AppError::NotFound)?;
    db::sections::get(&state.db, &admin, section).await?.ok_or(AppError::NotFound)?;
    let stage = state.files.waiting.stage().await.map_err(broken)?;
    let each = state.config.settings.upload_max;
    let mut left = u64::try_from(MAX_FILES_BYTES).unwrap_or(u64::MAX);
    let (mut sent, mut refused) = (Vec::new(), Vec::new());
    while let Some(mut field) = form.next_field().await? {
        // A form whose author chose nothing sends one file without a name.
        let Some(name) = field.file_name().filter(|name| !name.is_empty()).map(file_name) else { continue };
        if sent.len() + refused.len() >= BULK_MAX {
            let sentence = format!("These are more than {BULK_MAX} files: send them in parts.");
            return Err(AppError::invalid("files", sentence).into());
        }
        let path = stage.path().join(format!("{}", sent.len() + refused.len()));
        match keep(&mut field, &path, each.min(left), true).await? {
            Kept::Whole(bytes) => {
                left -= bytes;
                sent.push(Sent { name, path, bytes });
            }
            Kept::TooLarge if left < each => {
                let all = size(MAX_FILES_BYTES);
                refused.push((name, format!("Together these files have more than {all}: send them in parts.")));
            }
            Kept::TooLarge => {
                let most = size(i64::try_from(each).unwrap_or(i64::MAX));
                refused.push((name, format!("This file has more than {most}: this site takes no more.")));
            }
        }
    }
    if sent.is_empty() && refused.is_empty() {
        return Err(AppError::invalid("files", "Choose files first.").into());
    }
    // All came, so all is made, whoever still listens.
    let (state, admin) = (state.clone(), admin.clone());
    let made = tokio::spawn(async move {
        let report = bulk::make(&state, &admin, section, &stage, sent, refused).await;
        let noted = bulk::note(&state, &admin, section, &report).await;
        (report, noted)
    });
    Ok(made.await.map_err(|_| AppError::Internal)?)
}
