use crate::domain::deletion::DeletedRows;
use crate::domain::id::{CourseId, DeletionId, LessonId, SectionId};
use crate::domain::outline_edit::OutlineChange;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use uuid::Uuid;

/// Makes one change of a course's outline. `tab` is the page that it comes from: others are told, that one is not.
#[server(endpoint = "admin/change_outline", input = Json)]
pub async fn change_outline(course: CourseId, tab: Uuid, change: OutlineChange) -> Result<(), AppError> {
    use crate::server::{context, db, live};
    let admin = context::viewer().admin()?;
    let author = live::author(&admin, tab);
    let state = context::state()?;
    state
        .db
        .write(move |tx| Box::pin(async move { db::outline_changes::apply(tx, &admin, course, &author, change).await }))
        .await
}

/// What goes with some rows of an outline, in words.
#[server(endpoint = "admin/get_rows_deletion", input = Json)]
pub async fn get_rows_deletion(
    course: CourseId,
    sections: Vec<SectionId>,
    lessons: Vec<LessonId>,
) -> Result<Vec<String>, AppError> {
    use crate::domain::deletion::Deletion;
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let goes = db::deletions::consequences(&context::state()?.db, &admin, course, &sections, &lessons).await?;
    Ok(Deletion::of_rows(course, String::new(), goes.lessons, goes.completions).goes)
}

/// What was deleted from a course's outline and can be restored, what was deleted last first.
#[server(endpoint = "admin/list_deleted_rows")]
pub async fn list_deleted_rows(course: CourseId) -> Result<Vec<DeletedRows>, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    Ok(db::deletions::list(&context::state()?.db, &admin, course).await?)
}

/// Puts back what was deleted together, and leads to its course.
#[server(endpoint = "admin/restore_deletion")]
pub async fn restore_deletion(course: CourseId, deletion: DeletionId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state
        .db
        .write(move |tx| Box::pin(async move { db::deletions::restore(tx, &admin, course, deletion).await }))
        .await?;
    leptos_axum::redirect(&format!("/admin/courses/{course}/edit"));
    Ok(())
}
