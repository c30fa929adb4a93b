use crate::domain::deletion::Deletion;
use crate::domain::id::{CourseId, SectionId};
use crate::domain::section::{Section, SectionForm};
use crate::domain::step::Step;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// Puts a course's sections into the wanted order; both lists hold every section, as seen and as wanted.
#[server(endpoint = "admin/reorder_sections", input = Json)]
pub async fn reorder_sections(course: CourseId, seen: Vec<SectionId>, wanted: Vec<SectionId>) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state
        .db
        .write(move |tx| Box::pin(async move { db::order::sections(tx, &admin, course, &seen, &wanted).await }))
        .await
}

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

/// What goes with the section.
#[server(endpoint = "admin/get_section_deletion")]
pub async fn get_section_deletion(id: SectionId) -> Result<Deletion, AppError> {
    use crate::domain::deletion::count;
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let found = db::sections::deletion(&context::state()?.db, &admin, id).await?.ok_or(AppError::NotFound)?;
    Ok(Deletion {
        name: found.name,
        goes: vec![
            count(found.lessons, "lesson", "lessons"),
            count(found.completions, "completion", "completions of learners"),
        ],
        forbidden_by: Vec::new(),
        back: format!("/admin/courses/{}/edit", found.course_id),
    })
}

/// Deletes a section with its lessons and leads back to its course.
#[server(endpoint = "admin/delete_section")]
pub async fn delete_section(id: SectionId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let course = state.db.write(move |tx| Box::pin(async move { db::sections::delete(tx, &admin, id).await })).await?;
    leptos_axum::redirect(&format!("/admin/courses/{course}/edit"));
    Ok(())
}
