//! The changes of a folder, brought into the course that was exported as it: worked out and shown first, then written
//! in one transaction, on exactly the course that they were shown for. Ids stay, and so everyone's progress.

mod gather;
mod lists;
mod pieces;
mod plan;
#[cfg(test)]
mod tests;

use super::auth::Author;
use super::db::{self, Db};
use super::export::Course;
use super::files::{Files, ORPHANED, broken};
use super::import::ImportedCourse;
use crate::domain::id::{CourseId, FileId, LessonId};
use crate::error::AppError;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::io;

pub use pieces::Pieces;
pub use plan::{Known, Plan, PlannedLesson, PlannedSection, plan};

/// Works out what the folder changes in the course that it was exported from. Not found where that is not here.
///
/// # Errors
/// Refused, with a sentence, where the folder cannot update.
pub async fn compare(db: &Db, files: &Files, folder: &ImportedCourse, delete: bool) -> Result<Plan, AppError> {
    let id = CourseId(folder.exported_as.ok_or(AppError::NotFound)?);
    let stored = db::exports::course(db, id).await?.ok_or(AppError::NotFound)?;
    let known = Known {
        same: same_files(files, &stored, folder).await?,
        completions: db::updates::completions(db, id).await?.into_iter().collect(),
    };
    plan(&stored, folder, &known, delete).map_err(AppError::refused)
}

/// Writes a plan, if the course still is what it was made on; refused with a sentence where it is not.
pub async fn update(db: &Db, files: &Files, author: &Author, plan: Plan) -> Result<(), AppError> {
    // What is not stored before the sweep would take it for orphaned is not stored at all.
    let mut wanted = Vec::new();
    for lesson in &plan.lessons {
        wanted.extend(lesson.pieces.bring.iter().map(|file| (lesson.id, file)));
    }
    let brought = tokio::time::timeout(ORPHANED / 2, files.bring_all(wanted)).await;
    let brought = brought.map_err(|_| AppError::Unavailable)?.map_err(broken)?;
    let (rows, author) = (brought.clone(), author.clone());
    let written: Result<Vec<FileId>, AppError> =
        db.write(move |tx| Box::pin(async move { db::updates::apply(tx, &author, &plan, &rows).await })).await;
    match written {
        Ok(gone) => {
            files.remove(&gone).await;
            Ok(())
        }
        // Where it is not known whether the rows were written, the sweep finds out.
        Err(error) => {
            if matches!(error, AppError::Conflict(_) | AppError::NotFound | AppError::Invalid(_)) {
                files.take_back(&brought).await;
            }
            Err(error)
        }
    }
}

/// Stands for a course as it is: another one where anything of it differs.
pub fn state_of(course: &Course) -> String {
    let digest = Sha256::digest(format!("{course:?}"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Files of the course that the folder has with the same bytes.
async fn same_files(files: &Files, stored: &Course, folder: &ImportedCourse) -> Result<HashSet<FileId>, AppError> {
    let lessons = folder.sections.iter().flat_map(|section| &section.lessons);
    let in_folder: HashMap<LessonId, _> = lessons.map(|lesson| (LessonId(lesson.id), &lesson.files)).collect();
    let mut same = HashSet::new();
    for lesson in stored.sections.iter().flat_map(|section| &section.lessons) {
        let Some(others) = in_folder.get(&lesson.id) else { continue };
        for file in &lesson.files {
            let other = others.iter().find(|other| other.name == file.name && other.kind == file.kind);
            let Some(other) = other.filter(|other| other.bytes == file.bytes) else { continue };
            match files.is_same(file.id, file.bytes, &other.path).await {
                Ok(true) => _ = same.insert(file.id),
                Ok(false) => {}
                // One that was lost is brought again.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(broken(error)),
            }
        }
    }
    Ok(same)
}
