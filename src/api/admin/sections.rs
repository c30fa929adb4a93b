use crate::domain::bulk::BulkReport;
use crate::domain::deletion::Deletion;
use crate::domain::id::{BulkReportId, CourseId, SectionId};
use crate::domain::section::{Section, SectionForm};
use crate::domain::step::Step;
use crate::error::AppError;
use leptos::prelude::*;

/// Moves a section by one place, past the neighbour that was seen beside it.
#[server(endpoint = "admin/swap_section")]
pub async fn swap_section(course: CourseId, step: Step) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::order::swap_section(tx, &admin, course, step).await })).await
}

#[server(endpoint = "admin/get_section")]
pub async fn get_section(id: SectionId) -> Result<Section, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    db::sections::get(&context::state()?.db, &admin, id).await?.ok_or(AppError::NotFound)
}

/// What became of many files that this admin sent at once; none where that was more than a day ago.
#[server(endpoint = "admin/get_bulk_report")]
pub async fn get_bulk_report(report: BulkReportId) -> Result<Option<BulkReport>, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    Ok(db::bulk_reports::get(&context::state()?.db, &admin, report).await?)
}

/// Appends a section to a course; answers its id.
#[server(endpoint = "admin/create_section")]
pub async fn create_section(course: CourseId, form: SectionForm) -> Result<SectionId, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::sections::create(tx, &admin, course, fields).await })).await
}

/// Saves a section and leads back to its course.
#[server(endpoint = "admin/update_section")]
pub async fn update_section(course: CourseId, id: SectionId, form: SectionForm) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::sections::update(tx, &admin, id, fields).await })).await?;
    leptos_axum::redirect(&format!("/admin/courses/{course}/edit"));
    Ok(())
}

/// Makes a section public with all of its drafts, previews stay what they are; leads to its course.
#[server(endpoint = "admin/publish_section")]
pub async fn publish_section(section: SectionId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let course =
        state.db.write(move |tx| Box::pin(async move { db::sections::publish(tx, &admin, section).await })).await?;
    leptos_axum::redirect(&format!("/admin/courses/{course}/edit"));
    Ok(())
}

/// What goes with the section.
#[server(endpoint = "admin/get_section_deletion")]
pub async fn get_section_deletion(id: SectionId) -> Result<Deletion, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let (course, name) = db::sections::course_of(&state.db, &admin, id).await?.ok_or(AppError::NotFound)?;
    let goes = db::deletions::consequences(&state.db, &admin, course, &[id], &[]).await?;
    Ok(Deletion::of_rows(course, name, goes.lessons, goes.completions))
}

/// Deletes a section with its lessons and leads back to its course, where it can be restored for a day.
#[server(endpoint = "admin/delete_section")]
pub async fn delete_section(id: SectionId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let (course, _) = db::sections::course_of(&state.db, &admin, id).await?.ok_or(AppError::NotFound)?;
    let deletion = db::deletions::fresh();
    state
        .db
        .write(move |tx| Box::pin(async move { db::deletions::delete(tx, &admin, course, deletion, &[id], &[]).await }))
        .await?;
    leptos_axum::redirect(&format!("/admin/courses/{course}/edit#deleted"));
    Ok(())
}
