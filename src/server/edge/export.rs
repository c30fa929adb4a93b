//! A course to take along, for its author.

use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::context::AppState;
use crate::server::db;
use crate::server::export::{file_name, pieces, zip};
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/admin/courses/{course}/export.zip"];

pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/courses/{course}/export.zip", get(export))
}

async fn export(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(course): Path<String>,
) -> Response {
    let course = async {
        let id = super::course_of_admin(viewer, &course)?;
        db::exports::course(&state.db, id).await?.ok_or(AppError::NotFound)
    };
    let course = match course.await {
        Ok(course) => course,
        Err(error) => return super::no_course(&error),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename={}.zip", file_name(&course))),
    ];
    (headers, Body::from_stream(zip::stream(pieces(&course), state.files.store))).into_response()
}
