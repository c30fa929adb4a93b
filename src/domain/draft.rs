//! What was written into a lesson's form and is not saved yet.

use super::id::CourseId;
use super::lesson::LessonForm;
use super::time::Timestamp;
use super::tuple::as_tuple;
use super::version::Line;
use serde::{Deserialize, Serialize};

/// The drafts of a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafts {
    pub own: Option<Draft>,
    /// Whoever wrote last first.
    pub others: Vec<OtherDraft>,
}

/// One's own draft beside what is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftComparison {
    pub course_id: CourseId,
    pub course_title: String,
    pub name: String,
    pub at: Timestamp,
    /// From what is saved to the draft.
    pub lines: Vec<Line>,
}

/// One's own draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub form: LessonForm,
    /// Of the lesson that was being edited: what is saved under another one would overwrite somebody's work.
    pub version: String,
    pub at: Timestamp,
}

/// That somebody else has a draft, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "OtherTuple", into = "OtherTuple")]
pub struct OtherDraft {
    pub by: String,
    /// When they wrote last.
    pub at: Timestamp,
}

as_tuple!(OtherDraft as OtherTuple { by: String, at: Timestamp });

impl OtherDraft {
    pub fn words(&self) -> String {
        format!("{} has an unsaved draft of this lesson, last written {} UTC.", self.by, self.at.minute())
    }
}

/// A draft together with what others saved meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "MergedTuple", into = "MergedTuple")]
pub struct Merged {
    pub markdown: String,
    /// What is saved.
    pub theirs: String,
    /// And what the form's other fields are: name, status, video's address, and whether it is completed by hand.
    pub others: (String, String, String, bool),
    /// The version of that.
    pub version: String,
    /// How many places both changed: there, the text holds both, between marks.
    pub conflicts: usize,
    /// Who saved last, where that is known, and when.
    pub by: Option<String>,
    pub at: Option<Timestamp>,
}

as_tuple!(Merged as MergedTuple {
    markdown: String,
    theirs: String,
    others: (String, String, String, bool),
    version: String,
    conflicts: usize,
    by: Option<String>,
    at: Option<Timestamp>,
});
