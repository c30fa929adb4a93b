//! How a list to take along is answered.

use crate::error::AppError;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::Stream;
use std::io;

/// The file of these lines; or a sentence that there are none, under the error's status.
pub fn answer(
    lines: Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static, AppError>,
    name: &str,
    none: &'static str,
) -> Response {
    match lines {
        Ok(lines) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename={name}")),
            ];
            (headers, Body::from_stream(lines)).into_response()
        }
        Err(error) => super::text(super::answers::status(&error), none),
    }
}
