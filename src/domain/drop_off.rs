use super::id::LessonId;
use serde::{Deserialize, Serialize};

/// How far the learners of a course got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropOff {
    pub title: String,
    /// People with access.
    pub learners: i64,
    /// The lessons that count, in their order.
    pub lessons: Vec<LessonReach>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonReach {
    pub id: LessonId,
    pub section: String,
    pub name: String,
    /// People with access who completed this lesson or a later one.
    pub reached: i64,
}

/// Whole percent of the learners, rounded down; 0 where there are none.
pub fn percent(reached: i64, learners: i64) -> i64 {
    if learners > 0 { reached * 100 / learners } else { 0 }
}
