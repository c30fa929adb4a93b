//! Courses that were read from folders, stored whole or not at all: their files first, then every row in one write.

use super::db::{self, Db};
use super::files::{Files, ORPHANED, broken};
use super::import::ImportedCourse;
use crate::domain::id::CourseId;
use crate::error::AppError;

/// What became of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    Stored(CourseId),
    /// There is one with the same title, and no second one was wanted.
    Existing(CourseId),
    /// It has the ids of something that is here: it is to be read with its own.
    Known,
}

/// Stores a course under the ids that its links name. `again` makes a second one where one of the same title exists.
pub async fn store(db: &Db, files: &Files, course: ImportedCourse, again: bool) -> Result<Imported, AppError> {
    // Asked again in the write: this only spares copying what would be taken back.
    let title = course.title.clone();
    let known = db.write(move |tx| Box::pin(async move { db::imports::existing(tx, &title).await })).await?;
    if let Some(id) = known.filter(|_| !again) {
        return Ok(Imported::Existing(id));
    }
    // What is not stored before the sweep would take it for orphaned is not stored at all.
    let brought = tokio::time::timeout(ORPHANED / 2, files.bring(&course)).await;
    let brought = brought.map_err(|_| AppError::Unavailable)?.map_err(broken)?;
    let rows = brought.clone();
    let lessons = course.sections.iter().flat_map(|section| &section.lessons).map(|lesson| lesson.id);
    let ids = course.sections.iter().map(|section| section.id).chain(lessons).chain([course.id]).collect::<Vec<_>>();
    let written = db
        .write(move |tx| {
            Box::pin(async move {
                db::imports::lock(tx).await?;
                if db::imports::any_known(tx, &ids).await? {
                    return Ok(Imported::Known);
                }
                match db::imports::existing(tx, &course.title).await? {
                    Some(id) if !again => Ok(Imported::Existing(id)),
                    _ => db::imports::insert(tx, &course, &rows).await.map(Imported::Stored),
                }
            })
        })
        .await;
    // Where it is not known whether the rows were written, the sweep finds out.
    if matches!(written, Ok(Imported::Existing(_) | Imported::Known)) {
        files.take_back(&brought).await;
    }
    written
}
