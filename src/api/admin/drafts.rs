use crate::domain::draft::{DraftComparison, DraftKept, DraftMark, Drafts, Merged};
use crate::domain::id::LessonId;
use crate::domain::lesson::LessonForm;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// One's own draft of a lesson, and who else has one.
#[server(endpoint = "admin/get_drafts")]
pub async fn get_drafts(id: LessonId) -> Result<Drafts, AppError> {
    use crate::server::{context, drafts};
    let admin = context::viewer().admin()?;
    drafts::of(&context::state()?, &admin, id).await
}

/// One's own draft of a lesson beside what is saved.
#[server(endpoint = "admin/compare_draft")]
pub async fn compare_draft(id: LessonId) -> Result<DraftComparison, AppError> {
    use crate::server::{context, drafts};
    let admin = context::viewer().admin()?;
    drafts::compared(&context::state()?, &admin, id).await
}

/// Keeps what is typed into a lesson's form, however it is, where that overwrites nothing of another tab or device.
#[server(endpoint = "admin/save_draft")]
pub async fn save_draft(
    id: LessonId,
    version: String,
    #[server(default)] draft: DraftMark,
    form: LessonForm,
) -> Result<DraftKept, AppError> {
    use crate::server::{context, db, drafts};
    let admin = context::viewer().admin()?;
    let form = drafts::keepable(form)?;
    let state = context::state()?;
    let writer = admin.clone();
    let revision = state
        .db
        .write(move |tx| Box::pin(async move { db::drafts::put(tx, &writer, id, &version, &draft, &form).await }))
        .await?;
    Ok(DraftKept { revision, others: db::drafts::others(&state.db, &admin, id).await? })
}

/// Forgets one's draft of a lesson, as far as the page shows it, and leads to the lesson's form.
#[server(endpoint = "admin/discard_draft")]
pub async fn discard_draft(id: LessonId, #[server(default)] draft: DraftMark) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::drafts::discard(tx, &admin, id, &draft).await })).await?;
    context::back_without_script(&format!("/admin/lessons/{id}/edit"));
    Ok(())
}

/// A text together with what others saved since it was begun on `base`: where that is not given, on what one's draft on
/// the server was begun on. `own` brings that draft in instead, of another tab or device. Nothing is saved by it.
#[server(endpoint = "admin/merge_draft", input = Json)]
pub async fn merge_draft(
    id: LessonId,
    #[server(default)] base: Option<String>,
    #[server(default)] own: bool,
    markdown: String,
) -> Result<Merged, AppError> {
    use crate::server::{context, drafts};
    let admin = context::viewer().admin()?;
    drafts::merge(&context::state()?, &admin, id, base, own, markdown).await
}

/// A text as the player shows it, as HTML.
#[server(endpoint = "admin/preview_lesson", input = Json)]
pub async fn preview_lesson(id: LessonId, markdown: String) -> Result<String, AppError> {
    use crate::server::{context, drafts};
    context::viewer().admin()?;
    drafts::preview(id, markdown).await
}
