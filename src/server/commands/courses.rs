//! Courses in and out, as folders.

use super::{open_files, with_database};
use crate::server::config::Config;
use crate::server::db;
use crate::server::export::{Content, Piece, pieces};
use crate::server::files::Files;
use crate::server::import::{Ids, read_course};
use crate::server::importing::{self, Imported};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::Path;

/// Reads a folder and stores it as one course, or not at all.
pub async fn import(config: Config, path: &Path, new: bool) -> Result<(), String> {
    let started = std::time::Instant::now();
    let bar = ProgressBar::new(0)
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} pages").map_err(|error| error.to_string())?);
    let read = |ids| {
        let course = read_course(path, ids, &mut |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        course.map_err(|error| error.to_string())
    };
    let course = read(Ids::Kept)?;
    let title = course.title.clone();
    let sections = course.sections.len();
    let lessons: usize = course.sections.iter().map(|section| section.lessons.len()).sum();
    let warnings = course.warnings.clone();
    let brought: usize =
        course.sections.iter().flat_map(|section| &section.lessons).map(|lesson| lesson.files.len()).sum();
    let files = open_files(&config)?;
    let imported = with_database(&config, async |db| {
        files.claim(db).await?;
        let store = async |course| importing::store(db, &files, course, new).await.map_err(|error| error.to_string());
        match store(course).await? {
            // Exported here: it becomes a course of its own.
            Imported::Known => store(read(Ids::Fresh)?).await,
            imported => Ok(imported),
        }
    })
    .await?;
    if let Imported::Existing(id) = imported {
        return Err(format!(
            "There is a course “{title}” already ({id}). Run this with --new to make a second one of that name."
        ));
    }
    for warning in &warnings {
        println!("{}:{}: {}", warning.file.display(), warning.line, warning.what);
    }
    println!(
        "Imported “{title}”: {sections} sections, {lessons} lessons, {brought} files, {} warnings, {:.1} s.",
        warnings.len(),
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Writes a course as a folder, whole or not at all.
pub async fn export(config: Config, course: &str, path: &Path) -> Result<(), String> {
    if path.exists() {
        return Err(format!("{} is there already: name a folder that is not.", path.display()));
    }
    let files = open_files(&config)?;
    let course = with_database(&config, async |db| {
        let failed = |error: sqlx::Error| error.to_string();
        let found = db::exports::named(db, course).await.map_err(failed)?;
        let id = match found.as_slice() {
            [id] => *id,
            [] => {
                return Err(format!(
                    "There is no course “{course}”: name it by its title or by the id in its address."
                ));
            }
            several => {
                let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
                return Err(format!(
                    "There are {} courses “{course}”: name one by its id: {}",
                    ids.len(),
                    ids.join(", ")
                ));
            }
        };
        db::exports::course(db, id).await.map_err(failed)?.ok_or_else(|| "The course is gone.".to_owned())
    })
    .await?;
    let pieces = pieces(&course);
    // Beside its place, and moved there when it is whole.
    let part = path.with_file_name(format!(".{}.part", path.file_name().unwrap_or_default().to_string_lossy()));
    let failed = |error: std::io::Error| format!("{} could not be written: {error}", path.display());
    if let Err(error) = write_pieces(&part, &pieces, &files).await {
        _ = std::fs::remove_dir_all(&part);
        return Err(failed(error));
    }
    std::fs::rename(&part, path).map_err(failed)?;
    let lessons: usize = course.sections.iter().map(|section| section.lessons.len()).sum();
    let (title, sections) = (&course.title, course.sections.len());
    println!(
        "Exported “{title}”: {sections} sections, {lessons} lessons, {} files in {}.",
        pieces.len(),
        path.display()
    );
    Ok(())
}

async fn write_pieces(folder: &Path, pieces: &[Piece], files: &Files) -> std::io::Result<()> {
    for piece in pieces {
        let path = folder.join(&piece.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        match &piece.content {
            Content::Text(text) => std::fs::write(&path, text)?,
            Content::Stored(id, bytes) => files.store.copy_out(*id, *bytes, &path).await?,
        }
    }
    Ok(())
}
