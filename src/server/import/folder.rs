//! The only place that opens pages, and the only one to say what lies inside the course's folder.

use std::cell::Cell;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::{ImportError, MAX_INCLUDES, MAX_PAGE_BYTES, MAX_READ_BYTES};

/// The course's folder. Paths that come in and go out are relative to it.
pub(super) struct Folder {
    given: PathBuf,
    /// Without symbolic links, so that a prefix is a proof of lying inside.
    root: PathBuf,
    /// Bytes that were read as text so far, whether they were kept or not.
    read: Cell<usize>,
    /// Includes that were asked for so far.
    includes: Cell<usize>,
}

/// Why a file is not read; reads on after "the file x …".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Absolute,
    Outside,
    Missing,
    TooLarge,
    /// The line of the first wrong byte, from 1.
    NotUtf8(usize),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absolute => f.write_str("is given by an absolute path"),
            Self::Outside => f.write_str("lies outside the course's folder"),
            Self::Missing => f.write_str("is not there or cannot be read"),
            Self::TooLarge => write!(f, "is larger than {MAX_PAGE_BYTES} bytes"),
            Self::NotUtf8(line) => write!(f, "is not UTF-8 (line {line})"),
        }
    }
}

impl Folder {
    pub fn open(given: &Path) -> Result<Self, ImportError> {
        let not_a_folder = || ImportError::NotAFolder { path: given.to_path_buf() };
        let root = given.canonicalize().map_err(|_| not_a_folder())?;
        if !root.is_dir() {
            return Err(not_a_folder());
        }
        Ok(Self { given: given.to_path_buf(), root, read: Cell::default(), includes: Cell::default() })
    }

    /// The folder's own name, the last resort for a title.
    pub fn name(&self) -> Option<String> {
        self.root.file_name().map(|name| name.to_string_lossy().into_owned())
    }

    /// The folder of SUMMARY.md: the one that book.toml names, else `src`, else the root, where only the last has one.
    pub fn src(&self, named: Option<&str>) -> Result<PathBuf, ImportError> {
        let name = named.unwrap_or("src");
        let src = lexical(Path::new(name));
        if named.is_some() && !self.is_dir(src.as_deref()) {
            return Err(ImportError::BadSource { file: "book.toml".into(), src: name.to_owned() });
        }
        let src = src.unwrap_or_default();
        [src.clone(), PathBuf::new()]
            .into_iter()
            .find(|folder| self.root.join(folder).join("SUMMARY.md").exists())
            .ok_or_else(|| ImportError::NoSummary { root: self.given.clone(), expected: src.join("SUMMARY.md") })
    }

    fn is_dir(&self, folder: Option<&Path>) -> bool {
        folder
            .and_then(|folder| self.root.join(folder).canonicalize().ok())
            .is_some_and(|path| path.starts_with(&self.root) && path.is_dir())
    }

    /// The text of `file`, which the course cannot do without.
    pub fn read_text(&self, file: &Path) -> Result<String, ImportError> {
        self.read(file).map_err(|refusal| Self::fatal(file, refusal))
    }

    /// The text of `file`; `None` where there is none.
    pub fn read_if_there(&self, file: &Path) -> Result<Option<String>, ImportError> {
        if self.root.join(file).symlink_metadata().is_err() {
            return Ok(None);
        }
        self.read_text(file).map(Some)
    }

    pub fn fatal(file: &Path, refusal: Refusal) -> ImportError {
        let file = file.to_path_buf();
        match refusal {
            Refusal::NotUtf8(line) => ImportError::NotUtf8 { file, line },
            Refusal::TooLarge => ImportError::TooLarge { file },
            _ => ImportError::Unreadable { file, reason: refusal.to_string() },
        }
    }

    /// Where `file` is, how many bytes it has, and the first of them; `None` where it is not there or is no file.
    pub fn peek(&self, file: &Path, most: usize) -> Option<(PathBuf, u64, Vec<u8>)> {
        let path = self.inside(file).ok()?;
        let mut head = Vec::new();
        let opened = File::open(&path).ok()?;
        let bytes = opened.metadata().ok()?.len();
        opened.take(most as u64).read_to_end(&mut head).ok()?;
        Some((path, bytes, head))
    }

    /// The text of `file` without a byte order mark. Never more than [`MAX_PAGE_BYTES`] are held, whatever the file is.
    pub fn read(&self, file: &Path) -> Result<String, Refusal> {
        self.read_at_most(file, MAX_PAGE_BYTES)
    }

    /// The same for files that may have more bytes, or fewer.
    pub fn read_at_most(&self, file: &Path, most: usize) -> Result<String, Refusal> {
        let path = self.inside(file)?;
        let mut bytes = Vec::new();
        let opened = File::open(&path).map_err(|_| Refusal::Missing)?;
        let read = opened.take(most as u64 + 1).read_to_end(&mut bytes);
        self.read.set(self.read.get().saturating_add(bytes.len()));
        read.map_err(|_| Refusal::Missing)?;
        if bytes.len() > most {
            return Err(Refusal::TooLarge);
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            Refusal::NotUtf8(1 + error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count())
        })?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    /// Counts an include of the page `page`, which is about to be read.
    ///
    /// # Errors
    /// All pages together have asked for more than [`MAX_INCLUDES`], or more than [`MAX_READ_BYTES`] were read for them: a
    /// file that puts nothing in costs as much as one that does.
    pub fn spend_include(&self, page: &Path) -> Result<(), ImportError> {
        self.includes.set(self.includes.get() + 1);
        match self.includes.get() > MAX_INCLUDES || self.read.get() > MAX_READ_BYTES {
            true => Err(ImportError::TooManyIncludes { file: page.to_path_buf() }),
            false => Ok(()),
        }
    }

    /// Where a file of the folder is, symbolic links followed.
    fn inside(&self, file: &Path) -> Result<PathBuf, Refusal> {
        if file.is_absolute() {
            return Err(Refusal::Absolute);
        }
        if lexical(file).is_none() {
            return Err(Refusal::Outside);
        }
        let path = self.root.join(file).canonicalize().map_err(|_| Refusal::Missing)?;
        if !path.starts_with(&self.root) {
            return Err(Refusal::Outside);
        }
        // Asked before opening, because opening a pipe would wait for a writer.
        if path.is_file() { Ok(path) } else { Err(Refusal::Missing) }
    }
}

/// `path` with `.` and `..` worked out by name alone; `None` where it is absolute or leaves the folder that it is relative to.
pub(super) fn lexical(path: &Path) -> Option<PathBuf> {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(name) => clean.push(name),
            Component::ParentDir if clean.pop() => {}
            _ => return None,
        }
    }
    Some(clean)
}

#[cfg(test)]
mod tests {
    use super::super::tests::folder_with;
    use super::*;

    #[test]
    fn a_path_out_of_the_folder_is_refused() {
        let dir = folder_with(&[("in/a.md", "text")]);
        let folder = Folder::open(&dir.path().join("in")).unwrap();
        assert_eq!(folder.read(Path::new("a.md")).unwrap(), "text");
        assert_eq!(folder.read(Path::new("../in/a.md")), Err(Refusal::Outside));
        assert_eq!(folder.read(Path::new("/etc/hostname")), Err(Refusal::Absolute));
        assert_eq!(folder.read(Path::new("b.md")), Err(Refusal::Missing));
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_out_of_the_folder_is_refused() {
        let dir = folder_with(&[("in/a.md", "text"), ("secret", "no")]);
        std::os::unix::fs::symlink(dir.path().join("secret"), dir.path().join("in/b.md")).unwrap();
        let folder = Folder::open(&dir.path().join("in")).unwrap();
        assert_eq!(folder.read(Path::new("b.md")), Err(Refusal::Outside));
    }

    #[test]
    fn a_file_that_is_not_utf8_is_refused_with_its_line() {
        let dir = folder_with(&[]);
        std::fs::write(dir.path().join("a.md"), b"fine\n\xff").unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        assert_eq!(folder.read(Path::new("a.md")), Err(Refusal::NotUtf8(2)));
    }

    #[test]
    fn a_file_of_more_than_a_mebibyte_is_refused() {
        let dir = folder_with(&[("a.md", &"a".repeat(MAX_PAGE_BYTES)), ("b.md", &"b".repeat(MAX_PAGE_BYTES + 1))]);
        let folder = Folder::open(dir.path()).unwrap();
        assert!(folder.read(Path::new("a.md")).is_ok());
        assert_eq!(folder.read(Path::new("b.md")), Err(Refusal::TooLarge));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        let dir = folder_with(&[("a.md", "\u{feff}text")]);
        assert_eq!(Folder::open(dir.path()).unwrap().read(Path::new("a.md")).unwrap(), "text");
    }
}
