//! Many files of one form that become draft lessons of a section. A form that broke off makes none, so that sending it
//! again makes none twice; of one that came whole each file is a write of its own, so that what is wrong with one
//! takes nothing from the others.

use super::auth::Admin;
use super::context::AppState;
use super::db;
use super::db::files::NewFile;
use super::files::broken;
use super::files::kind::{self, Found};
use super::files::waiting::Stage;
use super::import::{file_lesson, markdown_lesson};
use crate::domain::bulk::{BulkReport, natural};
use crate::domain::file::FileKind;
use crate::domain::id::{BulkReportId, FileId, LessonId, SectionId};
use crate::domain::lesson::{LessonFields, LessonStatus};
use crate::domain::validate::{MARKDOWN_MAX, markdown};
use crate::error::AppError;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A file that came whole.
pub struct Sent {
    /// As its author calls it.
    pub name: String,
    pub path: PathBuf,
    pub bytes: u64,
}

/// What a file is to be: the lesson's fields, and the film that is its own.
struct Draft {
    fields: LessonFields,
    film: Option<&'static str>,
}

/// Makes the lessons of a stage's files, in the order in which people count; what was refused before is in the report,
/// too.
pub async fn make(
    state: &AppState,
    admin: &Admin,
    section: SectionId,
    stage: &Stage,
    mut sent: Vec<Sent>,
    refused: Vec<(String, String)>,
) -> BulkReport {
    sent.sort_by(|one, other| natural(&one.name, &other.name));
    let mut report = BulkReport { made: Vec::new(), refused };
    for file in sent {
        let name = file.name.clone();
        if let Err(error) = stage.touch() {
            tracing::warn!(%error, "a form's files could not be kept from being swept");
        }
        match one(state, admin, section, file).await {
            Ok((lesson, called)) => report.made.push((lesson, called, name)),
            Err(error) => report.refused.push((name, super::edge::sentence(&error))),
        }
    }
    report
}

/// Keeps what became of files, to be read later. None where nothing was made, or it cannot be kept: then it is said at
/// once or never.
pub async fn note(state: &AppState, admin: &Admin, section: SectionId, report: &BulkReport) -> Option<BulkReportId> {
    if report.made.is_empty() {
        return None;
    }
    let (admin, report) = (admin.clone(), report.clone());
    let noted =
        state.db.write(move |tx| Box::pin(async move { db::bulk_reports::insert(tx, &admin, section, &report).await }));
    noted.await.inspect_err(|error| tracing::warn!(%error, "a report of lessons could not be kept")).ok()
}

async fn one(state: &AppState, admin: &Admin, section: SectionId, sent: Sent) -> Result<(LessonId, String), AppError> {
    let (name, path) = (sent.name.clone(), sent.path.clone());
    let draft = tokio::task::spawn_blocking(move || draft(&name, &path)).await.map_err(|_| AppError::Internal)??;
    let called = draft.fields.name.clone();
    let film = match draft.film {
        None => None,
        Some(content_type) => {
            let id = FileId(Uuid::new_v4());
            state.files.store.adopt(&sent.path, id).await.map_err(broken)?;
            Some((id, content_type, sent.name, i64::try_from(sent.bytes).unwrap_or(i64::MAX)))
        }
    };
    let (admin, stored) = (admin.clone(), film.as_ref().map(|film| film.0));
    let made = state
        .db
        .write(move |tx| {
            Box::pin(async move {
                let lesson_id = db::lessons::create(tx, &admin, section, draft.fields).await?;
                if let Some((id, content_type, name, bytes)) = film {
                    let row = NewFile { id, lesson_id, kind: FileKind::Video, name, content_type, bytes };
                    db::files::insert(tx, &admin, &row).await?;
                }
                Ok(lesson_id)
            })
        })
        .await;
    // Where it is not known whether the row was written, the sweep finds out.
    if let (Err(AppError::NotFound), Some(id)) = (&made, stored) {
        state.files.remove(&[id]).await;
    }
    Ok((made?, called))
}

fn draft(name: &str, path: &Path) -> Result<Draft, AppError> {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let fields = |name: String, markdown| LessonFields {
        name,
        status: LessonStatus::Private,
        video_url: None,
        completes_by_watching: true,
        markdown,
    };
    match ending.to_ascii_lowercase().as_str() {
        "md" | "markdown" => {
            let (called, text) = markdown_lesson(text_of(path)?, stem);
            let text = markdown(text).map_err(AppError::refused)?;
            Ok(Draft { fields: fields(called, text), film: None })
        }
        "mp4" | "m4v" | "webm" | "mov" | "mkv" => {
            let mut head = Vec::new();
            File::open(path).and_then(|file| file.take(kind::HEAD as u64).read_to_end(&mut head)).map_err(broken)?;
            match kind::of(name, &head).map_err(AppError::refused)? {
                Found::File(FileKind::Video, film) => {
                    Ok(Draft { fields: fields(file_lesson(stem), None), film: Some(film) })
                }
                _ => Err(unknown()),
            }
        }
        _ => Err(unknown()),
    }
}

fn unknown() -> AppError {
    AppError::refused("Only Markdown (.md) and films (.mp4, .webm) become lessons.")
}

/// The text of a file; never more of it is held than a lesson may have.
fn text_of(path: &Path) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    let read = |file: File| file.take(MARKDOWN_MAX as u64 + 1).read_to_end(&mut bytes);
    File::open(path).and_then(read).map_err(broken)?;
    if bytes.len() > MARKDOWN_MAX {
        return Err(AppError::refused("This is longer than 1 MiB of text: split it into several."));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        AppError::refused(format!("Line {line} is not UTF-8 text: save the file as UTF-8."))
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
