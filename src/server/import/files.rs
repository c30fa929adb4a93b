//! Files that pages show and link to, brought along with their lessons.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::folder::Folder;
use crate::domain::file::{FileKind, encoded, file_name};
use crate::server::files::kind::{self, Found};

/// The largest file that is brought along, in bytes (100 MB). Films are uploaded.
pub const MAX_FILE_BYTES: u64 = 100_000_000;

/// A file of a lesson, still where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedFile {
    pub path: PathBuf,
    /// No other file of the lesson has it. With an ending, so that a lesson's text can say it.
    pub name: String,
    /// A picture, or an attachment.
    pub kind: FileKind,
    pub content_type: &'static str,
    pub bytes: i64,
}

/// What one lesson brings along.
pub(super) struct LessonFiles<'a> {
    folder: &'a Folder,
    files: Vec<ImportedFile>,
    /// What was asked for before: where in `files`.
    known: HashMap<PathBuf, Option<usize>>,
}

impl<'a> LessonFiles<'a> {
    pub fn new(folder: &'a Folder) -> Self {
        Self { folder, files: Vec::new(), known: HashMap::new() }
    }

    pub fn into_list(self) -> Vec<ImportedFile> {
        self.files
    }

    /// Brings the file along; returns the address by which the lesson's text names it. None where it is no file, or
    /// none that can be shown or handed out.
    pub fn bring(&mut self, file: &Path, as_picture: bool) -> Option<String> {
        let at = match self.known.get(file) {
            Some(known) => *known,
            None => {
                let found = self.look(file).map(|found| {
                    self.files.push(found);
                    self.files.len() - 1
                });
                self.known.insert(file.to_path_buf(), found);
                found
            }
        };
        let found = self.files.get(at?)?;
        (!as_picture || found.kind == FileKind::Picture).then(|| encoded(&found.name))
    }

    /// Takes a file that was exported with the lesson, whatever it is; false where it is not there.
    pub fn take(&mut self, folder: &Path, name: &str) -> bool {
        let peeked = self.folder.peek(&folder.join(name), kind::HEAD).filter(|_| file_name(name) == name);
        let found = peeked.and_then(|(path, bytes, head)| match kind::of(name, &head) {
            Ok(Found::File(kind, content_type)) => {
                Some(ImportedFile { path, name: name.to_owned(), kind, content_type, bytes: bytes.try_into().ok()? })
            }
            _ => None,
        });
        let fits = found.filter(|found| {
            !self.has(name)
                && (found.kind != FileKind::Video || self.files.iter().all(|file| file.kind != FileKind::Video))
        });
        fits.map(|found| self.files.push(found)).is_some()
    }

    pub fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }

    fn look(&self, file: &Path) -> Option<ImportedFile> {
        let (path, bytes, head) = self.folder.peek(file, kind::HEAD)?;
        let name = file_name(file.file_name()?.to_str()?);
        let has_ending = !name.starts_with('.') && Path::new(&name).extension().is_some();
        if !has_ending || bytes > MAX_FILE_BYTES {
            return None;
        }
        match kind::of(&name, &head) {
            Ok(Found::File(kind @ (FileKind::Picture | FileKind::Attachment), content_type)) => {
                Some(ImportedFile { path, name: self.free(name), kind, content_type, bytes: bytes.try_into().ok()? })
            }
            _ => None,
        }
    }

    /// The name, with a number before its ending where another file of the lesson has it: `curve-2.png`.
    fn free(&self, name: String) -> String {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let numbered = (2..).map(|number| format!("{stem}-{number}.{ending}"));
        std::iter::once(name.clone()).chain(numbered).find(|name| !self.has(name)).unwrap_or_default()
    }
}
