use super::id::CourseId;
use super::progress::Progress;
use super::validate::{FieldErrors, Validator, description, name};
use serde::{Deserialize, Serialize};

/// A course in an admin's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseRow {
    pub id: CourseId,
    pub title: String,
    pub sections: i64,
    pub lessons: i64,
    pub products: i64,
    pub learners: i64,
}

/// A course that a learner has access to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyCourse {
    pub id: CourseId,
    pub title: String,
    pub description: String,
    pub progress: Progress,
    /// Where Continue leads; none where the course has no lesson yet.
    pub continue_at: Option<super::id::LessonId>,
    pub started: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseForm {
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseFields {
    pub title: String,
    pub description: String,
}

impl CourseForm {
    pub fn validate(self) -> Result<CourseFields, FieldErrors> {
        let mut check = Validator::default();
        let title = check.field("title", name(self.title));
        let description = check.field("description", description(self.description));
        check.done(|| Some(CourseFields { title: title?, description: description? }))
    }
}
