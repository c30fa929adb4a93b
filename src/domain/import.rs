//! A course that waits to be imported, as its author looks at it before.

use super::change::Change;
use super::id::{CourseId, ImportId};
use super::lesson::LessonStatus;
use super::section::SectionStatus;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What would be made, and what the update of a course that is here already would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    pub id: ImportId,
    /// Of the zip file.
    pub file: String,
    pub title: String,
    pub sections: Vec<PreviewSection>,
    /// What was left out or changed in reading, a sentence each.
    pub warnings: Vec<String>,
    /// Until when it waits.
    pub until: Timestamp,
    /// Whether there is a course of this title.
    pub namesake: bool,
    /// Where it was exported from a course that is here.
    pub update: Option<UpdatePreview>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewSection {
    pub name: String,
    pub status: SectionStatus,
    pub lessons: Vec<PreviewLesson>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewLesson {
    pub name: String,
    pub status: LessonStatus,
    /// Of its text.
    pub lines: usize,
    /// Whether it plays a video by its address.
    pub has_video: bool,
    /// Names and bytes.
    pub files: Vec<(String, i64)>,
    /// Languages' tags.
    pub captions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdatePreview {
    pub course: CourseId,
    /// As it is called now.
    pub title: String,
    /// Stands for the course as it is now, so that nothing else is updated.
    pub state: String,
    /// Without anything that goes.
    pub changes: Vec<Change>,
    pub same_lessons: usize,
    /// Whether the folder is likely that course's: it has its title, or most of its lessons are that course's.
    pub likely: bool,
    /// Why this folder cannot update it, where it cannot.
    pub refusal: Option<String>,
}

impl ImportPreview {
    pub fn lessons(&self) -> impl Iterator<Item = &PreviewLesson> {
        self.sections.iter().flat_map(|section| &section.lessons)
    }

    /// How many files come along, and their bytes.
    pub fn files(&self) -> (usize, i64) {
        let files = self.lessons().flat_map(|lesson| &lesson.files);
        files.fold((0, 0), |(count, sum), (_, bytes)| (count + 1, sum + bytes))
    }
}

impl UpdatePreview {
    /// Learners' completions of what is not in the folder, which goes only where that is said; none where all is there.
    pub fn could_go(&self) -> Option<i64> {
        let could_go = self.changes.iter().any(Change::keeps);
        could_go.then(|| self.changes.iter().map(Change::completions).sum())
    }
}

/// What the edge says of a form with files that was refused, where the form's page is the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);
