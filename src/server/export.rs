//! Writes a course as a folder in mdBook's shape, from which it is imported again byte by byte: `book.toml`,
//! `src/SUMMARY.md`, one Markdown file a lesson with its own files beside it, and `lectern.toml` for what mdBook does
//! not know.
//!
//! Pages begin with their lesson's name as a heading, and links between lessons lead from page to page, so that mdBook
//! makes the same book of them. `lectern.toml` says `verbatim`: reading it back takes just that away again, and
//! changes nothing else of a text.

mod manifest;
mod names;
pub mod zip;

use super::import::{decoded, relinked};
use crate::domain::file::FileKind;
use crate::domain::id::{CourseId, FileId, LessonId, SectionId};
use crate::domain::lesson::LessonStatus;
use crate::domain::section::SectionStatus;
use crate::server::markdown::is_file_name;
use names::{Places, escaped, heading};
use std::collections::HashSet;

/// A course with all that is its author's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    pub id: CourseId,
    pub title: String,
    pub description: String,
    /// In order, as lessons and files are.
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub id: SectionId,
    pub name: String,
    pub status: SectionStatus,
    pub lessons: Vec<Lesson>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    pub id: LessonId,
    pub name: String,
    pub status: LessonStatus,
    pub markdown: Option<String>,
    pub video_url: Option<String>,
    pub completes_by_watching: bool,
    pub files: Vec<File>,
    /// By language: WebVTT.
    pub captions: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub id: FileId,
    pub kind: FileKind,
    pub name: String,
    pub bytes: i64,
}

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Relative to the folder, with slashes.
    pub path: String,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Text(String),
    /// What the store has under this id, so many bytes.
    Stored(FileId, u64),
}

/// Every file of the folder that a course is written as.
pub fn pieces(course: &Course) -> Vec<Piece> {
    let places = Places::of(course);
    let mut pieces = vec![
        text("book.toml", manifest::book(course)),
        text("lectern.toml", manifest::lectern(course, &places)),
        text("src/SUMMARY.md", summary(course, &places)),
    ];
    for lesson in course.sections.iter().flat_map(|section| &section.lessons) {
        let Some(place) = places.of_lesson(lesson.id) else { continue };
        pieces.push(text(format!("src/{place}.md"), page(course, lesson, &places)));
        for (language, vtt) in &lesson.captions {
            pieces.push(text(format!("src/{place}/{}", names::captions(language)), vtt.clone()));
        }
        for file in &lesson.files {
            let bytes = u64::try_from(file.bytes).unwrap_or_default();
            pieces.push(Piece { path: format!("src/{place}/{}", file.name), content: Content::Stored(file.id, bytes) });
        }
    }
    pieces
}

/// What a file with the course is called, without an ending: letters, digits and hyphens.
pub fn file_name(course: &Course) -> String {
    match names::slug(&course.title) {
        slug if slug.is_empty() => "course".to_owned(),
        slug => slug,
    }
}

fn text(path: impl Into<String>, text: String) -> Piece {
    Piece { path: path.into(), content: Content::Text(text) }
}

fn summary(course: &Course, places: &Places) -> String {
    let mut text = String::from("# Summary\n");
    for section in &course.sections {
        text.push_str(&format!("\n# {}\n\n", escaped(&section.name)));
        for lesson in &section.lessons {
            if let Some(place) = places.of_lesson(lesson.id) {
                text.push_str(&format!("- [{}]({place}.md)\n", escaped(&lesson.name)));
            }
        }
    }
    text
}

fn page(course: &Course, lesson: &Lesson, places: &Places) -> String {
    let own = places.of_lesson(lesson.id).unwrap_or_default();
    let lessons = format!("/courses/{}/lessons/", course.id);
    let files: HashSet<&str> = lesson.files.iter().map(|file| file.name.as_str()).collect();
    let mut lead = |address: &str| {
        if let Some(rest) = address.strip_prefix(&lessons) {
            let (id, fragment) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
            let place = places.of_lesson(id.parse().ok()?)?;
            return Some(format!("{}{fragment}", names::from(own, place)));
        }
        let named = is_file_name(address) && files.contains(&*decoded(address));
        named.then(|| format!("{}/{address}", own.rsplit('/').next().unwrap_or_default()))
    };
    let markdown = lesson.markdown.as_deref().map(|markdown| relinked(markdown, &mut lead)).unwrap_or_default();
    heading(&lesson.name) + &markdown
}

#[cfg(test)]
mod tests;
