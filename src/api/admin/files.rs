use crate::domain::id::{CaptionsId, FileId};
use crate::error::AppError;
use leptos::prelude::*;

/// Deletes a file of a lesson and leads back to the lesson's editor.
#[server(endpoint = "admin/delete_lesson_file")]
pub async fn delete_lesson_file(id: FileId) -> Result<(), AppError> {
    use crate::server::context;
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let lesson = state.files.delete(&state.db, admin, id).await?;
    context::back_without_script(&format!("/admin/lessons/{lesson}/edit#files"));
    Ok(())
}

/// Deletes captions and leads back to the lesson's editor.
#[server(endpoint = "admin/delete_captions")]
pub async fn delete_captions(id: CaptionsId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let lesson = state.db.write(move |tx| Box::pin(async move { db::captions::delete(tx, &admin, id).await })).await?;
    context::back_without_script(&format!("/admin/lessons/{lesson}/edit#files"));
    Ok(())
}
