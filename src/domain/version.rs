//! What a lesson was: every text that was saved of it.

use super::id::{CourseId, VersionId};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One state of a lesson, in a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonVersion {
    pub id: VersionId,
    pub saved_at: Timestamp,
    /// Who saved it, where that is known.
    pub by: Option<String>,
    pub name: String,
    /// Of its text.
    pub characters: i64,
}

/// A lesson's states, newest first; the first one is what it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonVersions {
    pub course_id: CourseId,
    pub course_title: String,
    pub name: String,
    pub versions: Vec<LessonVersion>,
    /// One of them beside what the lesson is now, where it was asked for.
    pub compared: Option<Compared>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    pub version: VersionId,
    /// From that state to the present one.
    pub lines: Vec<Line>,
}

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Line {
    Same(String),
    /// Is there now, and was not then.
    Added(String),
    /// Was there then, and is not now.
    Removed(String),
    /// So many lines are the same here.
    Skipped(usize),
}
