//! Courses that an admin sends as a zip file: unpacked, looked at, then imported or given up. Whatever is refused
//! leaves no row and no file.

use super::auth::{Admin, Author};
use super::context::AppState;
use super::db;
use super::export::Course;
use super::files::broken;
use super::files::waiting::Stage;
use super::import::{Ids, ImportError, ImportedCourse, ImportedLesson, UnpackError, course_in, read_course, unpack};
use super::importing::{self, Imported};
use super::updating::{self, Compared};
use crate::domain::id::{CourseId, ImportId};
use crate::domain::import::{ImportPreview, PreviewLesson, PreviewSection, UpdatePreview};
use crate::domain::section::SectionStatus;
use crate::error::AppError;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// What a zip file is called while it is unpacked.
pub const ZIP: &str = "course.zip";
/// A course that is sent without a title is called after its zip file, if its folder can be.
const FOLDER: &str = "course";

/// What an author chose to be made of what they sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    New,
    /// Of the course as it was when its changes were shown.
    Update {
        state: String,
        delete: bool,
    },
}

/// Takes the zip file of a stage that came whole: it waits if a course can be read from it.
pub async fn receive(state: &AppState, admin: &Admin, name: String, stage: Stage) -> Result<ImportId, AppError> {
    let most = state.config.settings.upload_max;
    let folder = folder_name(&name);
    let unpacked = tokio::task::spawn_blocking(move || {
        let zip = stage.path().join(ZIP);
        let folder = unpack(&zip, &stage.path().join(folder), most).map_err(refused)?;
        std::fs::remove_file(zip).map_err(broken)?;
        let course = read_course(&folder, Ids::Kept, &mut |_, _| ())
            .map_err(|error| AppError::invalid("file", said(&error, &folder)))?;
        Ok::<_, AppError>((stage, course))
    });
    let (stage, course) = unpacked.await.map_err(|_| AppError::Internal)??;
    // Now, while nobody waits for a page: what has files has many bytes.
    let compared = updating::compare_files(&state.db, &state.files, &course).await?;
    let (by, id) = (admin.clone(), stage.id());
    let noted = state
        .db
        .write(move |tx| Box::pin(async move { db::waiting_imports::insert(tx, &by, id, &name, &compared).await }))
        .await;
    stage.keep();
    if let Err(error) = noted {
        state.files.drop_waiting(id).await;
        return Err(error);
    }
    Ok(id)
}

fn refused(error: UnpackError) -> AppError {
    match error {
        UnpackError::Disk(error) => broken(error),
        error => AppError::invalid("file", error.to_string()),
    }
}

/// Why a folder is no course, as its sender may read it: where it is on this machine is nobody's business.
fn said(error: &ImportError, folder: &Path) -> String {
    let said = error.to_string().replace(&folder.display().to_string(), "the zip file");
    let first: String = said.chars().take(1).flat_map(char::to_uppercase).collect();
    format!("{first}{}.", said.chars().skip(1).collect::<String>())
}

/// What the zip file is called, where a folder can be called so.
fn folder_name(zip: &str) -> String {
    let stem = zip.strip_suffix(".zip").unwrap_or(zip).trim_start_matches('.');
    let fits = (1..=200).contains(&stem.len()) && stem != ZIP;
    if fits { stem.to_owned() } else { FOLDER.to_owned() }
}

/// What would be made of what this admin sent; not found where it is another's, or gone.
pub async fn preview(state: &AppState, admin: &Admin, id: ImportId) -> Result<ImportPreview, AppError> {
    let waiting = db::waiting_imports::get(&state.db, admin, id).await?.ok_or(AppError::NotFound)?;
    let course = read(state, id, Ids::Kept).await?;
    let title = course.title.clone();
    let namesake = state.db.write(move |tx| Box::pin(async move { db::imports::existing(tx, &title).await })).await?;
    let update = update_preview(state, &course, waiting.compared).await?;
    Ok(ImportPreview {
        id,
        file: waiting.name,
        sections: sections(&course),
        warnings: course
            .warnings
            .iter()
            .map(|warning| format!("{}, line {}: {}", warning.file.display(), warning.line, warning.what))
            .collect(),
        title: course.title,
        until: waiting.expires_at.into(),
        namesake: namesake.is_some(),
        update,
    })
}

async fn update_preview(
    state: &AppState,
    course: &ImportedCourse,
    compared: Compared,
) -> Result<Option<UpdatePreview>, AppError> {
    let of = |id: CourseId, title: String, state: String| UpdatePreview {
        course: id,
        title,
        state,
        changes: Vec::new(),
        same_lessons: 0,
        likely: false,
        refusal: None,
    };
    match updating::compare(&state.db, &state.files, course, compared, false).await {
        Ok(plan) => Ok(Some(UpdatePreview {
            same_lessons: plan.same_lessons(),
            likely: is_likely(&plan.on, course),
            changes: plan.changes,
            ..of(plan.on.id, plan.on.title.clone(), updating::state_of(&plan.on))
        })),
        Err(AppError::NotFound) => Ok(None),
        Err(AppError::Conflict(why)) => {
            let id = CourseId(course.exported_as.ok_or(AppError::NotFound)?);
            Ok(Some(UpdatePreview { refusal: Some(why.to_string()), ..of(id, course.title.clone(), String::new()) }))
        }
        Err(error) => Err(error),
    }
}

/// Whether a folder is likely what its manifest says: it may name a course because somebody copied the manifest.
fn is_likely(stored: &Course, folder: &ImportedCourse) -> bool {
    let stored_lessons = stored.sections.iter().flat_map(|section| &section.lessons);
    let ids: HashSet<Uuid> = stored_lessons.map(|lesson| lesson.id.0).collect();
    let lessons = || folder.sections.iter().flat_map(|section| &section.lessons);
    let known = lessons().filter(|lesson| ids.contains(&lesson.id)).count();
    stored.title == folder.title || 2 * known > lessons().count()
}

fn sections(course: &ImportedCourse) -> Vec<PreviewSection> {
    let lesson = |lesson: &ImportedLesson| PreviewLesson {
        name: lesson.name.clone(),
        status: lesson.status.into(),
        lines: lesson.markdown.as_deref().map_or(0, |text| text.lines().count()),
        has_video: lesson.video_url.is_some(),
        files: lesson.files.iter().map(|file| (file.name.clone(), file.bytes)).collect(),
        captions: lesson.captions.iter().map(|(language, _)| language.clone()).collect(),
    };
    let sections = course.sections.iter().map(|section| PreviewSection {
        name: section.name.clone(),
        status: if section.public { SectionStatus::Public } else { SectionStatus::Private },
        lessons: section.lessons.iter().map(lesson).collect(),
    });
    sections.collect()
}

/// Makes of it what its author chose; it does not wait any more then.
pub async fn accept(state: &AppState, admin: &Admin, id: ImportId, choice: Choice) -> Result<CourseId, AppError> {
    let Some(_turn) = state.files.waiting.turn(id) else {
        return Err(AppError::refused("This is being imported already."));
    };
    let by = admin.clone();
    let claimed = state.db.write(move |tx| Box::pin(async move { db::waiting_imports::claim(tx, &by, id).await }));
    let compared = claimed.await?;
    let course = read(state, id, Ids::Kept).await?;
    let made = match choice {
        Choice::Update { state: shown, delete } => {
            let plan = updating::compare(&state.db, &state.files, &course, compared, delete).await?;
            if updating::state_of(&plan.on) != shown {
                return Err(AppError::refused(
                    "Somebody changed this course meanwhile, so nothing was brought in. Look at the changes again.",
                ));
            }
            let made = plan.on.id;
            updating::update(&state.db, &state.files, &Author::from(admin), plan).await?;
            made
        }
        Choice::New => match importing::store(&state.db, &state.files, course, true).await? {
            Imported::Stored(id) | Imported::Existing(id) => id,
            Imported::Known => {
                let course = read(state, id, Ids::Fresh).await?;
                match importing::store(&state.db, &state.files, course, true).await? {
                    Imported::Stored(id) | Imported::Existing(id) => id,
                    Imported::Known => return Err(AppError::Internal),
                }
            }
        },
    };
    // It is made, whatever becomes of what it was made from: that is swept at last.
    if let Err(error) = forget(state, admin, id).await {
        tracing::warn!(%error, %id, "what was imported still waits");
    }
    Ok(made)
}

/// Gives it up.
pub async fn cancel(state: &AppState, admin: &Admin, id: ImportId) -> Result<(), AppError> {
    let Some(_turn) = state.files.waiting.turn(id) else {
        return Err(AppError::refused("This is being imported already."));
    };
    forget(state, admin, id).await
}

async fn forget(state: &AppState, admin: &Admin, id: ImportId) -> Result<(), AppError> {
    let by = admin.clone();
    state.db.write(move |tx| Box::pin(async move { db::waiting_imports::delete(tx, &by, id).await })).await?;
    state.files.drop_waiting(id).await;
    Ok(())
}

async fn read(state: &AppState, id: ImportId, ids: Ids) -> Result<ImportedCourse, AppError> {
    let waiting = state.files.waiting.path(id);
    let read = tokio::task::spawn_blocking(move || {
        let folder = unpacked_in(&waiting).ok_or(AppError::NotFound)?;
        read_course(&folder, ids, &mut |_, _| ()).map_err(|error| AppError::refused(said(&error, &folder)))
    });
    read.await.map_err(|_| AppError::Internal)?
}

/// Where the course is that waits in a folder.
fn unpacked_in(waiting: &Path) -> Option<PathBuf> {
    let mut folders = std::fs::read_dir(waiting).ok()?.flatten().map(|entry| entry.path());
    folders.find(|path| path.is_dir()).map(|folder| course_in(&folder))
}
