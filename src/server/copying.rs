//! Copies lessons, sections and courses, files included.

use super::auth::Admin;
use super::context::AppState;
use super::db;
use super::db::copies::{Original, Plan};
use super::files::broken;
use crate::domain::id::CourseId;
use crate::error::AppError;
use std::io;

/// Copies something; returns the course that the copy is in, or is.
pub async fn copy(state: &AppState, admin: &Admin, of: Original) -> Result<CourseId, AppError> {
    let mut plan = db::copies::plan(&state.db, admin, of).await?;
    // Bytes first: a file whose row is not written after all is swept, one that is missing would be a hole.
    if let Err(error) = bytes(state, &mut plan).await {
        take_back(state, &plan).await;
        return Err(broken(error));
    }
    let (writer, rows) = (admin.clone(), plan.clone());
    let written =
        state.db.write(move |tx| Box::pin(async move { db::copies::write(tx, &writer, of, &rows).await })).await;
    // Where it is not known whether the rows were written, the sweep finds out.
    if let Err(AppError::Conflict(_) | AppError::Invalid(_) | AppError::NotFound) = written {
        take_back(state, &plan).await;
    }
    written
}

/// Copies the bytes of a plan's files. What has none is left out: there is nothing of it to copy.
async fn bytes(state: &AppState, plan: &mut Plan) -> io::Result<()> {
    let mut there = Vec::new();
    for (original, copy) in std::mem::take(&mut plan.files) {
        plan.files.push((original, copy));
        match state.files.store.copy(original, copy).await {
            Ok(()) => there.push((original, copy)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => tracing::warn!(%original, "a file has no bytes"),
            Err(error) => return Err(error),
        }
    }
    plan.files = there;
    Ok(())
}

async fn take_back(state: &AppState, plan: &Plan) {
    state.files.remove(&plan.files.iter().map(|(_, copy)| *copy).collect::<Vec<_>>()).await;
}
