use crate::domain::deletion::Deletion;
use crate::domain::draft::DraftMark;
use crate::domain::id::{CourseId, LessonId, SectionId, VersionId};
use crate::domain::lesson::{Lesson, LessonForm, LessonMove};
use crate::domain::step::Step;
use crate::domain::version::LessonVersions;
use crate::error::AppError;
use leptos::prelude::*;

/// Moves a lesson by one place in its section, past the neighbour that was seen beside it.
#[server(endpoint = "admin/swap_lesson")]
pub async fn swap_lesson(course: CourseId, step: Step) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::order::swap_lesson(tx, &admin, course, step).await })).await
}

/// What the Move page needs: the lesson's place and the sections of every course.
#[server(endpoint = "admin/get_lesson_move")]
pub async fn get_lesson_move(id: LessonId) -> Result<LessonMove, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    db::lessons::places(&context::state()?.db, &admin, id).await?.ok_or(AppError::NotFound)
}

/// Moves a lesson to the start or end of another section and leads back to the course that it was in.
#[server(endpoint = "admin/move_lesson")]
pub async fn move_lesson(
    course: CourseId,
    lesson: LessonId,
    from: SectionId,
    to: SectionId,
    #[server(default)] first: bool,
) -> Result<(), AppError> {
    use crate::server::context;
    use crate::server::db::order::{self, Placement};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let placement = Placement { lesson, from, to, first };
    state.db.write(move |tx| Box::pin(async move { order::place(tx, &admin, placement).await })).await?;
    leptos_axum::redirect(&format!("/admin/courses/{course}/edit"));
    Ok(())
}

#[server(endpoint = "admin/get_lesson_edit")]
pub async fn get_lesson_edit(id: LessonId) -> Result<Lesson, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    db::lessons::get(&context::state()?.db, &admin, id).await?.ok_or(AppError::NotFound)
}

/// Appends a lesson to a section and answers its id. From the outline (`stay`) only its name is given and one stays
/// there; else it leads back to the course.
#[server(endpoint = "admin/create_lesson")]
pub async fn create_lesson(
    course: CourseId,
    section: SectionId,
    form: LessonForm,
    #[server(default)] stay: bool,
) -> Result<LessonId, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    let id = state
        .db
        .write(move |tx| Box::pin(async move { db::lessons::create(tx, &admin, section, fields).await }))
        .await?;
    if !stay {
        leptos_axum::redirect(&format!("/admin/courses/{course}/edit"));
    }
    Ok(id)
}

/// Saves a lesson where it still is the version that was edited; answers the version that is stored now.
#[server(endpoint = "admin/update_lesson")]
pub async fn update_lesson(
    id: LessonId,
    version: String,
    #[server(default)] draft: DraftMark,
    form: LessonForm,
) -> Result<String, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    state
        .db
        .write(move |tx| {
            Box::pin(async move {
                let version = db::lessons::update(tx, &admin, id, &version, fields).await?;
                // What is saved is no draft any more.
                db::drafts::discard(tx, &admin, id, &draft).await?;
                Ok(version)
            })
        })
        .await
}

/// A lesson's states, newest first, and one of them beside what it is now.
#[server(endpoint = "admin/get_lesson_versions")]
pub async fn get_lesson_versions(
    id: LessonId,
    #[server(default)] version: Option<VersionId>,
) -> Result<LessonVersions, AppError> {
    use crate::server::{context, history};
    let admin = context::viewer().admin()?;
    history::of_lesson(&context::state()?, &admin, id, version).await
}

/// Makes a lesson's text what it was in one of its states, and leads to its form.
#[server(endpoint = "admin/restore_lesson_version")]
pub async fn restore_lesson_version(id: LessonId, version: VersionId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::versions::restore(tx, &admin, id, version).await })).await?;
    leptos_axum::redirect(&format!("/admin/lessons/{id}/edit"));
    Ok(())
}

/// What goes with the lesson.
#[server(endpoint = "admin/get_lesson_deletion")]
pub async fn get_lesson_deletion(id: LessonId) -> Result<Deletion, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let (course, name) = db::lessons::course_of(&state.db, &admin, id).await?.ok_or(AppError::NotFound)?;
    let goes = db::deletions::consequences(&state.db, &admin, course, &[], &[id]).await?;
    Ok(Deletion::of_rows(course, name, 0, goes.completions))
}

/// Deletes a lesson and leads back to its course, where it can be restored for a day.
#[server(endpoint = "admin/delete_lesson")]
pub async fn delete_lesson(id: LessonId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let (course, _) = db::lessons::course_of(&state.db, &admin, id).await?.ok_or(AppError::NotFound)?;
    let deletion = db::deletions::fresh();
    state
        .db
        .write(move |tx| Box::pin(async move { db::deletions::delete(tx, &admin, course, deletion, &[], &[id]).await }))
        .await?;
    leptos_axum::redirect(&format!("/admin/courses/{course}/edit#deleted"));
    Ok(())
}
