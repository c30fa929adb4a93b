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
    pub revision: i64,
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
    /// What wrote it, and which state it is.
    pub hand: String,
    pub revision: i64,
}

/// What writes a draft, and what it knows of it: a tab replaces what it wrote itself and what it has seen, and nothing
/// that its author wrote in another tab or on another device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftMark {
    /// One for each time that the form is opened; empty without script.
    pub hand: String,
    /// The newest revision that was seen; 0 where there was none.
    pub seen: i64,
}

impl DraftMark {
    /// The names of its fields in forms.
    pub const HAND: &str = "draft[hand]";
    pub const SEEN: &str = "draft[seen]";
}

/// That a draft was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "KeptTuple", into = "KeptTuple")]
pub struct DraftKept {
    /// Which state of it that is.
    pub revision: i64,
    /// Who else has one.
    pub others: Vec<OtherDraft>,
}

as_tuple!(DraftKept as KeptTuple { revision: i64, others: Vec<OtherDraft> });

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

/// A text together with what others saved meanwhile, or with one's own draft of another tab or device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "MergedTuple", into = "MergedTuple")]
pub struct Merged {
    pub markdown: String,
    /// The text that was brought in.
    pub theirs: String,
    /// And what the form's other fields are there: name, status, video's address, and whether it is completed by hand.
    pub others: (String, String, String, bool),
    /// The version of the lesson that is saved.
    pub version: String,
    /// Of one's own draft, where that was brought in.
    pub revision: Option<i64>,
    /// How many places both changed: there, the text holds both, between marks.
    pub conflicts: usize,
    /// Who saved last, where that is known, and when; of one's own draft, when it was written.
    pub by: Option<String>,
    pub at: Option<Timestamp>,
}

as_tuple!(Merged as MergedTuple {
    markdown: String,
    theirs: String,
    others: (String, String, String, bool),
    version: String,
    revision: Option<i64>,
    conflicts: usize,
    by: Option<String>,
    at: Option<Timestamp>,
});
