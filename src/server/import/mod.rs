//! Reads a course from a folder in mdBook's shape: `book.toml`, `SUMMARY.md`, one Markdown file a lesson.
//!
//! Nothing here knows the database. The ids are made here, before anything is stored, because pages link to each other
//! and a link needs the id of a lesson that is not read yet.

// Here for the tests alone: the build without them checks the rest.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod address;
mod braces;
mod code_blocks;
mod directives;
mod error;
mod excerpt;
mod files;
mod folder;
mod html;
mod links;
mod loose;
mod manifest;
mod names;
mod outline;
mod page;
#[cfg(test)]
mod real_books;
mod summary;
#[cfg(test)]
mod tests;
mod text;
mod unpack;
mod verbatim;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::domain::lesson::LessonStatus;
use crate::domain::validate;
use uuid::Uuid;

pub use error::ImportError;
pub use files::{ImportedFile, MAX_FILE_BYTES};
use folder::Folder;
pub use loose::{file_lesson, markdown_lesson};
use manifest::{Book, Manifest};
use outline::{PlannedLesson, PlannedSection};
use page::{PageReader, Pages};
use summary::Summary;
pub use unpack::{UnpackError, course_in, unpack};

/// The largest file that is read, and the largest page after its includes are put in, in bytes (1 MiB).
pub const MAX_PAGE_BYTES: usize = 1024 * 1024;
/// The most lessons one book may have.
pub const MAX_PAGES: usize = 5_000;
/// The longest name of a course, section or lesson, in characters; a longer one is cut, with a warning.
pub const MAX_NAME_CHARS: usize = 200;
/// How deep included files may include others.
pub const MAX_INCLUDE_DEPTH: usize = 10;
/// The most includes of one page, nested ones counted. Without it a file that includes itself a hundred times would be
/// read 100¹⁰ times before the depth stops it.
pub const MAX_INCLUDES_PER_PAGE: usize = 1_000;
/// The most includes of all pages.
pub const MAX_INCLUDES: usize = 50_000;
/// The most bytes of pages and includes that are read (256 MB): what an include takes of a file may be little, or
/// nothing.
pub const MAX_READ_BYTES: usize = 256_000_000;
/// The most bytes of a course's files together (10 GB): a folder can name one file in a thousand lessons, and each
/// lesson has its own.
pub const MAX_FILES_BYTES: i64 = 10_000_000_000;

/// The most bytes of its texts and captions together: all of them are held at once.
const MAX_TEXT_BYTES: usize = 64 << 20;

/// A course as read from a folder, ready to be stored under the ids that its links already name.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedCourse {
    pub id: Uuid,
    /// The course that was exported as this folder; none where it was written by hand.
    pub exported_as: Option<Uuid>,
    pub title: String,
    /// Empty where neither `lectern.toml` nor `book.toml` has one.
    pub description: String,
    /// In the order of the book.
    pub sections: Vec<ImportedSection>,
    /// What was left out or changed, in the order it was met.
    pub warnings: Vec<Warning>,
}

/// A section and its lessons, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedSection {
    pub id: Uuid,
    /// 1 to [`MAX_NAME_CHARS`] characters. Two sections may have the same name.
    pub name: String,
    pub public: bool,
    /// Whether `lectern.toml` says so; else it is what is usual.
    pub said: bool,
    /// Empty in what was exported so alone.
    pub lessons: Vec<ImportedLesson>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ImportedLesson {
    pub id: Uuid,
    /// 1 to [`MAX_NAME_CHARS`] characters.
    pub name: String,
    /// CommonMark with GitHub's extensions, without NUL bytes. `None` for a draft and for a page whose file cannot be read.
    pub markdown: Option<String>,
    /// Whether it should have a page and that could not be read.
    pub page_missing: bool,
    /// Whether files or captions that the folder names could not be read: what is missing here is not gone.
    pub incomplete: bool,
    pub status: ImportedStatus,
    /// One that [`crate::domain::video::Video::parse`] takes.
    pub video_url: Option<String>,
    pub completes_by_watching: bool,
    /// By language: WebVTT.
    pub captions: Vec<(String, String)>,
    /// What its text shows and links to, by the names that it says.
    pub files: Vec<ImportedFile>,
}

/// What a course that was exported is stored under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ids {
    /// The ids that it had: it is the same course, somewhere else.
    Kept,
    /// Its own: it is another course.
    Fresh,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportedStatus {
    Public,
    Private,
    Preview,
}

impl From<ImportedStatus> for LessonStatus {
    fn from(status: ImportedStatus) -> Self {
        match status {
            ImportedStatus::Public => Self::Public,
            ImportedStatus::Private => Self::Private,
            ImportedStatus::Preview => Self::Preview,
        }
    }
}

/// Something that the author should look at; the import went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Relative to the course's folder.
    pub file: PathBuf,
    /// Counted from 1. Of the page, also where the cause is in a file that the page includes.
    pub line: usize,
    pub what: String,
}

impl Warning {
    fn new(file: &Path, line: usize, what: impl Into<String>) -> Self {
        Self { file: file.to_path_buf(), line, what: what.into() }
    }
}

/// Reads the course in the folder `root`.
///
/// `progress(done, total)` is called after each lesson, `total` being the number of lessons.
///
/// What the book's shape leaves open (which chapters make a section) is written at `outline::plan`. A folder that was
/// exported is read as it was written; `ids` says whether with the ids that it had.
///
/// # Errors
/// When there is no course to be read or it would be read wrongly: no `SUMMARY.md`, one that is not understood, a file
/// that is not UTF-8 or too large, a wrong value in a TOML file. A page that is missing is a warning, not an error.
pub fn read_course(
    root: &Path,
    ids: Ids,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<ImportedCourse, ImportError> {
    let folder = Folder::open(root)?;
    let book = Book::read(&folder)?;
    let manifest = Manifest::read(&folder)?;
    let src = folder.src(book.src.as_deref())?;
    let summary_file = src.join("SUMMARY.md");
    let mut warnings = Vec::new();

    let summary = Summary::parse(&folder.read_text(&summary_file)?, &summary_file)?;
    // One that was exported may be spaced as its author likes.
    let exported = manifest.title().filter(|_| manifest.is_verbatim()).and_then(|title| validate::name(title).ok());
    let title = exported
        .or_else(|| {
            [manifest.title(), book.title.clone(), summary.title.clone(), folder.name()]
                .into_iter()
                .flatten()
                .map(|title| names::tidy(&title))
                .find(|title| !title.is_empty())
        })
        .unwrap_or_else(|| names::UNTITLED.to_owned());
    let title = names::cut(title, &summary_file, 1, &mut warnings);
    let description = describe(&manifest, &book)?;

    let kept = match ids {
        Ids::Kept => manifest.id(),
        Ids::Fresh => None,
    };
    let course_id = kept.unwrap_or_else(Uuid::new_v4);
    let plan = match manifest.is_verbatim() {
        true => manifest.apply(outline::as_written(&summary, &title, &summary_file, &mut warnings)?, kept.is_some()),
        false => outline::plan(&summary, &title, &summary_file, &mut warnings)?,
    };
    let pages = Pages::of(course_id, &plan, &src, &summary_file, &mut warnings);
    warn_of_strangers(&manifest, &plan, &mut warnings);

    let total = plan.iter().map(|section| section.lessons.len()).sum();
    let (mut done, mut bytes, mut text) = (0, 0_i64, 0_usize);
    let mut sections = Vec::with_capacity(plan.len());
    for PlannedSection { id, name, public, lessons: planned } in plan {
        let mut lessons = Vec::with_capacity(planned.len());
        for lesson in planned {
            let mut reader = PageReader { folder: &folder, src: &src, pages: &pages, warnings: &mut warnings };
            let lesson = read_lesson(lesson, &mut reader, &manifest, &summary_file)?;
            bytes = lesson.files.iter().fold(bytes, |sum, file| sum.saturating_add(file.bytes));
            let captions: usize = lesson.captions.iter().map(|(_, vtt)| vtt.len()).sum();
            text += lesson.markdown.as_ref().map_or(0, String::len) + captions;
            if bytes > MAX_FILES_BYTES || text > MAX_TEXT_BYTES {
                return Err(ImportError::TooManyBytes { lesson: lesson.name });
            }
            lessons.push(lesson);
            done += 1;
            progress(done, total);
        }
        let said = public.is_some() || manifest.names_section(&name);
        let public = public.unwrap_or_else(|| manifest.section_is_public(&name));
        sections.push(ImportedSection { id, public, said, name, lessons });
    }
    let exported_as = manifest.id().filter(|_| manifest.is_verbatim());
    Ok(ImportedCourse { id: course_id, exported_as, title, description, sections, warnings })
}

/// What the course says of itself, by the rule of its form.
fn describe(manifest: &Manifest, book: &Book) -> Result<String, ImportError> {
    let (file, text) = match manifest.description() {
        Some(text) => (manifest::MANIFEST, text),
        None => (manifest::BOOK, book.description.as_deref().unwrap_or_default()),
    };
    let text = text.replace('\0', "");
    match validate::description(text.clone()) {
        // What was exported comes back byte by byte.
        Ok(_) if manifest.is_verbatim() => Ok(text),
        Ok(tidy) => Ok(tidy),
        Err(why) => Err(ImportError::value(file, "the description of the course".to_owned(), &why)),
    }
}

fn read_lesson(
    lesson: PlannedLesson,
    reader: &mut PageReader<'_>,
    manifest: &Manifest,
    summary_file: &Path,
) -> Result<ImportedLesson, ImportError> {
    let PlannedLesson { id, name, path, line } = lesson;
    let known = path.as_deref().and_then(|path| manifest.lesson(path));
    let (mut files, mut captions, mut page_missing, mut incomplete) = (Vec::new(), Vec::new(), false, false);
    let markdown = match &path {
        None => None,
        Some(path) if manifest.is_verbatim() => {
            let read = reader.read_verbatim(path, known, summary_file, line)?;
            (files, captions) = (read.files, read.captions);
            (page_missing, incomplete) = (read.page_missing, read.incomplete);
            read.markdown
        }
        Some(path) => match reader.read(path, &name)? {
            Ok((text, brought)) => {
                files = brought;
                Some(text)
            }
            Err(refusal) => {
                let what = format!("the page `{path}` {refusal}: the lesson is private and has no text");
                reader.warnings.push(Warning::new(summary_file, line, what));
                page_missing = true;
                None
            }
        },
    };
    // A lesson without text is nothing that a learner should meet, whatever the manifest says; what was exported is
    // what it was.
    let status = match markdown {
        None if !manifest.is_verbatim() => ImportedStatus::Private,
        _ => known.and_then(|known| known.status).unwrap_or(ImportedStatus::Public),
    };
    let video_url = known.and_then(|known| known.video_url.clone());
    let completes_by_watching = known.is_none_or(|known| !known.completes_by_hand);
    Ok(ImportedLesson {
        id,
        name,
        markdown,
        page_missing,
        incomplete,
        status,
        video_url,
        completes_by_watching,
        captions,
        files,
    })
}

/// Warns of lessons and sections in the manifest that the book does not have: mostly renamed files.
fn warn_of_strangers(manifest: &Manifest, plan: &[PlannedSection], warnings: &mut Vec<Warning>) {
    let lessons = plan.iter().flat_map(|section| &section.lessons);
    let paths = lessons.filter_map(|lesson| lesson.path.as_deref().map(page::normalised)).collect::<HashSet<_>>();
    let names = plan.iter().map(|section| section.name.as_str()).collect::<HashSet<_>>();
    warnings.extend(manifest.strangers(&paths, &names));
}

/// Markdown with the addresses of its links and pictures led elsewhere, where `lead` says so; nothing else is changed.
pub fn relinked(markdown: &str, lead: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let mut page = text::PageText::new(markdown.to_owned());
    let mut lead = |address: &str, _| lead(address).map_or(links::Lead::Stays, links::Lead::Whole);
    links::rewrite(&mut page, Path::new(""), &mut lead, page::MARKDOWN, &mut Vec::new());
    page.into_string()
}

/// An address with its percent signs decoded.
pub fn decoded(address: &str) -> String {
    address::percent_decoded(address)
}
