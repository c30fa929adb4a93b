//! What changes of a lesson's text, files and captions.

use super::plan::Known;
use crate::domain::change::{Fate, Piece, What};
use crate::domain::file::FileKind;
use crate::domain::id::FileId;
use crate::server::export::Lesson;
use crate::server::import::{ImportedFile, ImportedLesson};
use similar::{ChangeTag, TextDiff};
use std::time::Duration;

/// After this two texts are compared more coarsely.
const TIME_LIMIT: Duration = Duration::from_millis(100);

/// What is to be written of a lesson's files and captions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pieces {
    pub bring: Vec<ImportedFile>,
    pub drop: Vec<FileId>,
    /// By language: WebVTT.
    pub captions: Vec<(String, String)>,
    pub drop_captions: Vec<String>,
}

impl Pieces {
    /// Compares what a lesson has, where it is there, with the folder's.
    pub fn of(was: Option<&Lesson>, lesson: &ImportedLesson, known: &Known, delete: bool) -> (Self, Vec<What>) {
        // What could not be read is not gone.
        let delete = delete && !lesson.incomplete;
        let mut pieces = Self::default();
        let mut what = pieces.files(was, lesson, known, delete);
        what.extend(pieces.captions(was, lesson, delete));
        (pieces, what)
    }

    fn files(&mut self, was: Option<&Lesson>, lesson: &ImportedLesson, known: &Known, delete: bool) -> Vec<What> {
        let old = was.map(|was| was.files.as_slice()).unwrap_or_default();
        let brings_film = lesson.files.iter().find(|file| file.kind == FileKind::Video);
        let mut what = Vec::new();
        for file in &lesson.files {
            let fate = match old.iter().find(|old| old.name == file.name) {
                Some(old) if known.same.contains(&old.id) => continue,
                Some(old) => {
                    self.drop.push(old.id);
                    Fate::Changed
                }
                None => Fate::Added(file.bytes),
            };
            self.bring.push(file.clone());
            what.push(attached(Piece::File(file.name.clone()), fate));
        }
        for old in old.iter().filter(|old| lesson.files.iter().all(|file| file.name != old.name)) {
            match brings_film.filter(|_| old.kind == FileKind::Video) {
                // A lesson has one.
                Some(film) => {
                    self.drop.push(old.id);
                    what.retain(|what| *what != attached(Piece::File(film.name.clone()), Fate::Added(film.bytes)));
                    what.push(attached(Piece::File(film.name.clone()), Fate::Replaces(old.name.clone())));
                }
                None => {
                    self.drop.extend(delete.then_some(old.id));
                    what.push(attached(Piece::File(old.name.clone()), Fate::Missing { goes: delete }));
                }
            }
        }
        what
    }

    fn captions(&mut self, was: Option<&Lesson>, lesson: &ImportedLesson, delete: bool) -> Vec<What> {
        let old = was.map(|was| was.captions.as_slice()).unwrap_or_default();
        let mut what = Vec::new();
        for (language, vtt) in &lesson.captions {
            let fate = match old.iter().find(|(old, _)| old == language) {
                Some((_, old)) if old == vtt => continue,
                Some(_) => Fate::Changed,
                None => Fate::Added(i64::try_from(vtt.len()).unwrap_or(i64::MAX)),
            };
            self.captions.push((language.clone(), vtt.clone()));
            what.push(attached(Piece::Captions(language.clone()), fate));
        }
        for (language, _) in old.iter().filter(|(old, _)| lesson.captions.iter().all(|(new, _)| new != old)) {
            self.drop_captions.extend(delete.then(|| language.clone()));
            what.push(attached(Piece::Captions(language.clone()), Fate::Missing { goes: delete }));
        }
        what
    }

    /// Whether the lesson's own film comes, goes, or becomes another.
    pub fn other_film(&self, was: &Lesson) -> bool {
        let dropped = was.files.iter().any(|file| file.kind == FileKind::Video && self.drop.contains(&file.id));
        dropped || self.bring.iter().any(|file| file.kind == FileKind::Video)
    }
}

fn attached(piece: Piece, what: Fate) -> What {
    What::Attached { piece, what }
}

/// The lines that come and go between two texts; none where they are the same.
pub fn text(from: &str, to: &str) -> Option<What> {
    if from == to {
        return None;
    }
    let diff = TextDiff::configure().timeout(TIME_LIMIT).diff_lines(from, to);
    let (mut added, mut removed) = (0, 0);
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Equal => {}
            ChangeTag::Insert => added += 1,
            ChangeTag::Delete => removed += 1,
        }
    }
    Some(What::Text { added, removed })
}
