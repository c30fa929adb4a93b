use crate::domain::id::ImportId;
use crate::domain::import::ImportPreview;
use crate::error::AppError;
use leptos::prelude::*;

/// What would be made of a zip file that this admin sent.
#[server(endpoint = "admin/get_import")]
pub async fn get_import(id: ImportId) -> Result<ImportPreview, AppError> {
    use crate::server::{bringing, context};
    let admin = context::viewer().admin()?;
    bringing::preview(&context::state()?, &admin, id).await
}

/// Drops what was sent and leads to the courses.
#[server(endpoint = "admin/cancel_import")]
pub async fn cancel_import(id: ImportId) -> Result<(), AppError> {
    use crate::server::{bringing, context};
    let admin = context::viewer().admin()?;
    bringing::cancel(&context::state()?, &admin, id).await?;
    leptos_axum::redirect("/admin/courses");
    Ok(())
}
