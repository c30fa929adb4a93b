//! A zip file with a course, unpacked into a folder. What it says of itself is believed by nobody: every limit holds
//! for what is really read.

use super::folder::lexical;
use crate::domain::file::size;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use zip::ZipReadOptions;
use zip::read::{Config, ZipFileEntry};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;

/// The most files and folders in one.
pub const MAX_ENTRIES: usize = 20_000;
/// How often what is unpacked may be as large as the zip file. Text packs to a tenth; what packs to less than a
/// hundredth is made to fill disks.
const MAX_RATIO: u64 = 100;
/// So many bytes may come of a small one whatever its ratio.
const RATIO_SLACK: u64 = 4 << 20;
/// Of a path's bytes, and of how deep it goes.
const MAX_PATH: usize = 1_000;
const MAX_DEPTH: usize = 20;
/// Bytes that are held at a time.
const CHUNK: usize = 64 << 10;
/// What some systems put beside the files: nobody's course.
const LITTER: &str = "__MACOSX/";

/// Why a zip file is refused; a sentence for its author. Nothing of it is left.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    #[error("This is no zip file, or it is broken: pack the folder again.")]
    Broken,
    #[error("“{0}” is broken in this zip file: pack the folder again.")]
    BrokenFile(String),
    #[error("“{0}” is encrypted: pack the folder without a password.")]
    Encrypted(String),
    #[error("The name “{0}” leads out of the folder, or means something else elsewhere: rename that file.")]
    Path(String),
    #[error("The name of a file is no UTF-8 text: pack the folder with a program that writes names so.")]
    Name,
    #[error("“{0}” is a link or another special file: put the file itself in its place.")]
    Special(String),
    #[error("“{0}” is in this zip file twice.")]
    Twice(String),
    #[error("There are more than {MAX_ENTRIES} files in this zip file.")]
    TooMany,
    #[error("Unpacked, this is more than {}.", size(i64::try_from(*.0).unwrap_or(i64::MAX)))]
    TooLarge(u64),
    #[error("Unpacked, this is more than {MAX_RATIO} times as large as the zip file: no course packs so well.")]
    Bomb,
    #[error("{0}")]
    Disk(#[from] io::Error),
}

/// Unpacks a zip file into `folder`, which is not there yet, and returns where in it the course is: a folder of the
/// zip file that holds everything else is looked through. Zip files inside stay what they are.
///
/// # Errors
/// Whatever is wrong with one file is wrong with all of them; the folder is gone then. More than `most` bytes are not
/// unpacked.
pub fn unpack(zip: &Path, folder: &Path, most: u64) -> Result<PathBuf, UnpackError> {
    let unpacked = Unpacking::new(zip, folder, most).and_then(|unpacking| unpacking.run(zip));
    match unpacked {
        Ok(()) => Ok(course_in(folder)),
        Err(error) => {
            // What cannot be removed now the sweep removes later.
            _ = fs::remove_dir_all(folder);
            Err(error)
        }
    }
}

struct Unpacking<'a> {
    folder: &'a Path,
    /// Bytes that may still come of it: by the sum, and by the ratio.
    left: u64,
    left_by_ratio: u64,
    most: u64,
}

impl<'a> Unpacking<'a> {
    fn new(zip: &Path, folder: &'a Path, most: u64) -> Result<Self, UnpackError> {
        let packed = fs::metadata(zip)?.len();
        fs::create_dir(folder)?;
        let left_by_ratio = packed.saturating_mul(MAX_RATIO).saturating_add(RATIO_SLACK);
        Ok(Self { folder, left: most, left_by_ratio, most })
    }

    fn run(mut self, zip: &Path) -> Result<(), UnpackError> {
        // One at a time, so that a list of a billion files is never in memory.
        let mut archive =
            ZipIterable::try_new(io::BufReader::new(File::open(zip)?), Config::default()).map_err(broken)?;
        let mut bodies = io::BufReader::new(File::open(zip)?);
        for (count, entry) in archive.files().map_err(broken)?.enumerate() {
            if count == MAX_ENTRIES {
                return Err(UnpackError::TooMany);
            }
            self.take(entry.map_err(broken)?, &mut bodies)?;
        }
        Ok(())
    }

    fn take(&mut self, entry: ZipFileEntry<'_>, bodies: &mut io::BufReader<File>) -> Result<(), UnpackError> {
        let name = str::from_utf8(entry.name_raw()).map_err(|_| UnpackError::Name)?.to_owned();
        if name.starts_with(LITTER) {
            return Ok(());
        }
        let path = inside(&name).ok_or_else(|| UnpackError::Path(shown(&name)))?;
        if entry.encrypted() {
            return Err(UnpackError::Encrypted(shown(&name)));
        }
        if is_special(entry.unix_mode()) {
            return Err(UnpackError::Special(shown(&name)));
        }
        let is_folder = name.ends_with('/');
        let to = self.folder.join(&path);
        // Of two files with one name the second is refused, and so is a file where a folder is, or the other way round.
        let clash = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => {
                UnpackError::Twice(shown(&name))
            }
            _ => UnpackError::Disk(error),
        };
        if is_folder {
            return fs::create_dir_all(to).map_err(clash);
        }
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(clash)?;
        }
        let mut out = File::create_new(to).map_err(clash)?;
        let broken = || UnpackError::BrokenFile(shown(&name));
        let mut file = entry.with_reader(bodies, ZipReadOptions::new()).map_err(|_| broken())?;
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match file.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(_) => return Err(broken()),
            };
            let bytes = read as u64;
            self.left = self.left.checked_sub(bytes).ok_or(UnpackError::TooLarge(self.most))?;
            self.left_by_ratio = self.left_by_ratio.checked_sub(bytes).ok_or(UnpackError::Bomb)?;
            out.write_all(&chunk[..read])?;
        }
    }
}

/// Where an entry belongs, if its name is a plain way down: relative, with slashes, nothing that climbs or that
/// another system would read otherwise.
fn inside(name: &str) -> Option<PathBuf> {
    let plain = name.len() <= MAX_PATH
        && !name.starts_with('/')
        && !name.chars().any(|letter| letter.is_control() || letter == '\\')
        && name.trim_end_matches('/').split('/').all(|part| {
            // `C:` is a drive, `a.txt:x` a hidden stream of a.txt.
            !matches!(part, "" | "." | "..") && part.len() <= 255 && part.as_bytes().get(1) != Some(&b':')
        })
        && name.split('/').count() <= MAX_DEPTH;
    lexical(Path::new(name)).filter(|path| plain && !path.as_os_str().is_empty())
}

/// Whether a mode, where there is one, says neither file nor folder: a link, a pipe, a device.
fn is_special(mode: Option<u32>) -> bool {
    const KIND: u32 = 0o170_000;
    mode.is_some_and(|mode| !matches!(mode & KIND, 0 | 0o100_000 | 0o040_000))
}

/// A name in a sentence: short, and without what would break the line.
fn shown(name: &str) -> String {
    let clean: String = name.chars().map(|letter| if letter.is_control() { '�' } else { letter }).collect();
    match clean.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean,
    }
}

fn broken(error: ZipError) -> UnpackError {
    match error {
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => UnpackError::Disk(error),
        _ => UnpackError::Broken,
    }
}

/// Where in a folder that was unpacked the course is: in the folder that holds everything, where there is one.
pub fn course_in(folder: &Path) -> PathBuf {
    let is_course = |folder: &Path| {
        ["book.toml", "lectern.toml", "SUMMARY.md", "src"].iter().any(|name| folder.join(name).exists())
    };
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    match (entries.next(), entries.next()) {
        (Some(only), None) if only.is_dir() && !is_course(folder) => only,
        _ => folder.to_owned(),
    }
}

#[cfg(test)]
#[path = "unpack_tests.rs"]
mod tests;
