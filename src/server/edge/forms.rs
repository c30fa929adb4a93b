//! Forms with files, sent without script or with it: their bytes go to the disk as they come, and what is to be said
//! of them is said by the form's own page.

use crate::error::AppError;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::extract::multipart::Field;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use std::path::Path;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use tower::ServiceExt;

/// A body that brings nothing for this long has broken off.
const PATIENCE: Duration = Duration::from_secs(20);

/// The pages, to answer with one of them.
#[derive(Clone)]
pub struct Pages(pub Router);

impl Pages {
    /// The page at `path` as whoever sent the form sees it, under this status; `said` is its context.
    pub async fn answer<T: Clone + Send + Sync + 'static>(
        self,
        path: &str,
        mut headers: HeaderMap,
        status: StatusCode,
        said: T,
    ) -> Response {
        headers.remove(header::CONTENT_TYPE);
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::TRANSFER_ENCODING);
        let mut again = Request::new(Body::empty());
        match path.parse() {
            Ok(uri) => *again.uri_mut() = uri,
            Err(_) => return super::text(StatusCode::NOT_FOUND, "There is nothing here.\n"),
        }
        *again.headers_mut() = headers;
        again.extensions_mut().insert(said);
        let Ok(mut page) = self.0.oneshot(again).await;
        if page.status().is_success() {
            *page.status_mut() = status;
        }
        page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        page
    }
}

/// What became of a field's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Whole(u64),
    /// There were more than were wanted: none is kept.
    TooLarge,
}

/// Writes what comes of a field to a new file, at most so many bytes. Where there are more it is read to its end only
/// if other fields matter (`on`).
pub async fn keep(field: &mut Field<'_>, path: &Path, most: u64, on: bool) -> Result<Kept, AppError> {
    let mut file = File::create_new(path).await.map_err(super::super::files::broken)?;
    let mut bytes = 0_u64;
    loop {
        let chunk = timeout(PATIENCE, field.chunk()).await.map_err(|_| broke_off())?.map_err(|_| broke_off())?;
        let Some(chunk) = chunk else { break };
        bytes = bytes.saturating_add(chunk.len() as u64);
        if bytes <= most {
            file.write_all(&chunk).await.map_err(super::super::files::broken)?;
        } else if on {
            // What is too large keeps no room meanwhile.
            file.set_len(0).await.map_err(super::super::files::broken)?;
        } else {
            return Ok(Kept::TooLarge);
        }
    }
    file.flush().await.map_err(super::super::files::broken)?;
    Ok(if bytes <= most { Kept::Whole(bytes) } else { Kept::TooLarge })
}

/// What is said of a form that did not come whole.
pub fn broke_off() -> AppError {
    AppError::invalid("file", "This did not come whole, so nothing was kept of it. Send it again.")
}

/// An error as one sentence.
pub fn sentence(error: &AppError) -> String {
    match error {
        AppError::Invalid(fields) => fields.iter().map(|(_, sentence)| sentence).collect::<Vec<_>>().join(" "),
        error => error.to_string(),
    }
}
