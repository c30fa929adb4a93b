//! Copies lessons, sections and courses, files included.

use super::auth::Admin;
use super::context::AppState;
use super::db;
use super::db::copies::Original;
use super::files::{ORPHANED, broken};
use crate::domain::id::{CourseId, FileId};
use crate::error::AppError;
use futures::{StreamExt, TryStreamExt, stream};
use std::io;

/// Files that are copied at once: a bucket takes its time for each, and little of ours.
const AT_ONCE: usize = 16;

/// Copies something; returns the course that the copy is in, or is. It is a task of its own: a client that hangs up has
/// asked for it, and what it would leave behind would be half of it.
pub async fn copy(state: &AppState, admin: &Admin, of: Original) -> Result<CourseId, AppError> {
    let (state, admin) = (state.clone(), admin.clone());
    tokio::spawn(async move { run(&state, &admin, of).await }).await.unwrap_or(Err(AppError::Internal))
}

async fn run(state: &AppState, admin: &Admin, of: Original) -> Result<CourseId, AppError> {
    let mut plan = db::copies::plan(&state.db, admin, of).await?;
    let copies: Vec<FileId> = plan.files.iter().map(|(_, copy)| *copy).collect();
    // Bytes first: a file whose row is not written after all is swept, one that is missing would be a hole. What is not
    // stored before the sweep would take it for orphaned is not stored at all.
    let there = tokio::time::timeout(ORPHANED / 2, bytes(state, plan.files)).await;
    plan.files = match there.map_err(|_| AppError::Unavailable).and_then(|there| there.map_err(broken)) {
        Ok(there) => there,
        Err(error) => {
            state.files.remove(&copies).await;
            return Err(error);
        }
    };
    let (writer, rows) = (admin.clone(), plan);
    let written =
        state.db.write(move |tx| Box::pin(async move { db::copies::write(tx, &writer, of, &rows).await })).await;
    // Where it is not known whether the rows were written, the sweep finds out.
    if let Err(AppError::Conflict(_) | AppError::Invalid(_) | AppError::NotFound) = written {
        state.files.remove(&copies).await;
    }
    written
}

/// Copies the bytes of files, and returns those that are there. What has none is left out: there is nothing of it to copy.
async fn bytes(state: &AppState, files: Vec<(FileId, FileId)>) -> io::Result<Vec<(FileId, FileId)>> {
    let copied = stream::iter(files).map(|(original, copy)| async move {
        match state.files.store.copy(original, copy).await {
            Ok(()) => Ok(Some((original, copy))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                tracing::warn!(%original, "a file has no bytes");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    });
    copied.buffer_unordered(AT_ONCE).try_filter_map(|copied| async move { Ok(copied) }).try_collect().await
}
