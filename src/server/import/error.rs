use std::path::PathBuf;

use super::{MAX_FILES_BYTES, MAX_INCLUDES, MAX_PAGE_BYTES, MAX_PAGES, MAX_READ_BYTES};
use crate::domain::file::size;

/// Why a folder could not be read as a course. Files are relative to the folder, lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{} is not a folder: give the folder that holds book.toml or SUMMARY.md", path.display())]
    NotAFolder { path: PathBuf },
    #[error(
        "no SUMMARY.md in {}: write one that lists the pages, at {} or beside book.toml",
        root.display(), expected.display()
    )]
    NoSummary { root: PathBuf, expected: PathBuf },
    #[error("{}: `src = \"{src}\"` is not a folder inside the course: name one that is", file.display())]
    BadSource { file: PathBuf, src: String },
    #[error("{} {reason}: put a readable file inside the course's folder in its place", file.display())]
    Unreadable { file: PathBuf, reason: String },
    #[error("{} is not UTF-8 (line {line}): save it in that encoding", file.display())]
    NotUtf8 { file: PathBuf, line: usize },
    #[error("{} is larger than {MAX_PAGE_BYTES} bytes with what it includes: split it into several pages", file.display())]
    TooLarge { file: PathBuf },
    #[error("{} line {line} not understood: {what}", file.display())]
    Summary { file: PathBuf, line: usize, what: String },
    #[error("{} lists no pages: add a line like `- [First lesson](first-lesson.md)`", file.display())]
    NoPages { file: PathBuf },
    #[error("{} lists {found} pages, more than {MAX_PAGES}: split the book into several courses", file.display())]
    TooManyPages { file: PathBuf, found: usize },
    #[error(
        "the files of all lessons are more than {}, or their texts more than 64 MB (at the lesson “{lesson}”): upload films by \
        themselves",
        size(MAX_FILES_BYTES)
    )]
    TooManyBytes { lesson: String },
    #[error("{} is not understood, correct it there: {what}", file.display())]
    Toml { file: PathBuf, what: String },
    #[error("{}: {of} cannot be taken: {why}", file.display())]
    Value { file: PathBuf, of: String, why: String },
    #[error(
        "there are more than {MAX_INCLUDES} includes in all pages, or more than {} are read for them (at {}): include less",
        size(i64::try_from(MAX_READ_BYTES).unwrap_or(i64::MAX)), file.display()
    )]
    TooManyIncludes { file: PathBuf },
    #[error("{}: {of} has the status \"{status}\": write {allowed}", file.display())]
    Status { file: PathBuf, of: String, status: String, allowed: &'static str },
}

impl ImportError {
    /// Of a value that a form would refuse; `why` is the form's sentence.
    pub(super) fn value(file: &str, of: String, why: &str) -> Self {
        Self::Value { file: file.into(), of, why: why.trim_end_matches('.').to_owned() }
    }
}
