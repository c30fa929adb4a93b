use crate::domain::access::Preview;
use crate::error::AppError;
use leptos::prelude::*;

/// Shows the site as a visitor or a buyer sees it from now on, and leads to a page of it.
#[server(endpoint = "admin/start_preview")]
pub async fn start_preview(preview: Preview, next: String) -> Result<(), AppError> {
    use crate::server::context;
    context::viewer().admin()?;
    context::preview_as(&context::state()?, Some(preview))?;
    context::redirect(&next, "/")
}

/// Shows the site to the admin as it is to admins again, and leads to a page of it.
#[server(endpoint = "admin/stop_preview")]
pub async fn stop_preview(next: String) -> Result<(), AppError> {
    use crate::server::context;
    context::viewer().admin()?;
    context::preview_as(&context::state()?, None)?;
    context::redirect(&next, "/admin")
}
