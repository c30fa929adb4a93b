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

/// Files of a course that were compared with a folder's. What has an id never changes, and so what was found stays so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// With the same bytes.
    pub same: HashSet<FileId>,
    pub other: HashSet<FileId>,
}

/// Compares the files of a folder with those of the course that it was exported from, reading all that could be the
/// same; there are none where that course is not here.
pub async fn compare_files(db: &Db, files: &Files, folder: &ImportedCourse) -> Result<Compared, AppError> {
    let Some(id) = folder.exported_as else { return Ok(Compared::default()) };
    match db::exports::course(db, CourseId(id)).await? {
        Some(stored) => compared(files, &stored, folder, Compared::default()).await,
        None => Ok(Compared::default()),
    }
}

/// Works out what the folder changes in the course that it was exported from. Not found where that is not here. Files
/// are read where it is not known already whether they are the same.
///
/// # Errors
/// Refused, with a sentence, where the folder cannot update.
pub async fn compare(
    db: &Db,
    files: &Files,
    folder: &ImportedCourse,
    before: Compared,
    delete: bool,
) -> Result<Plan, AppError> {
    let id = CourseId(folder.exported_as.ok_or(AppError::NotFound)?);
    let stored = db::exports::course(db, id).await?.ok_or(AppError::NotFound)?;
    let known = Known {
        same: compared(files, &stored, folder, before).await?.same,
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

/// Compares what was not compared before.
async fn compared(
    files: &Files,
    stored: &Course,
    folder: &ImportedCourse,
    mut compared: Compared,
) -> Result<Compared, AppError> {
    let lessons = folder.sections.iter().flat_map(|section| &section.lessons);
    let in_folder: HashMap<LessonId, _> = lessons.map(|lesson| (LessonId(lesson.id), &lesson.files)).collect();
    for lesson in stored.sections.iter().flat_map(|section| &section.lessons) {
        let Some(others) = in_folder.get(&lesson.id) else { continue };
        for file in &lesson.files {
            let other = others.iter().find(|other| other.name == file.name && other.kind == file.kind);
            let Some(other) = other.filter(|other| other.bytes == file.bytes) else { continue };
            if compared.same.contains(&file.id) || compared.other.contains(&file.id) {
                continue;
            }
            let is_same = match files.is_same(file.id, file.bytes, &other.path).await {
                Ok(is_same) => is_same,
                // One that was lost is brought again.
                Err(error) if error.kind() == io::ErrorKind::NotFound => false,
                Err(error) => return Err(broken(error)),
            };
            let found = if is_same { &mut compared.same } else { &mut compared.other };
            found.insert(file.id);
        }
    }
    Ok(compared)
}
