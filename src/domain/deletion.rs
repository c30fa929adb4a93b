use super::id::{CourseId, DeletionId};
use super::money::grouped;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a deletion would take with it, said before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    pub name: String,
    /// What goes, in words: `7 lessons`, `32 completions of learners`.
    pub goes: Vec<String>,
    /// What forbids it, with the page where it can be changed; empty where nothing does.
    pub forbidden_by: Vec<(String, String)>,
    /// Where to go back to.
    pub back: String,
    /// Whether it can be restored for a day.
    pub restorable: bool,
}

impl Deletion {
    /// Of rows of a course's outline.
    pub fn of_rows(course: CourseId, name: String, lessons: i64, completions: i64) -> Self {
        let lessons = match lessons {
            0 => "its text, notes and files".to_owned(),
            n => count(n, "lesson", "lessons"),
        };
        Self {
            name,
            goes: vec![lessons, count(completions, "completion of a learner", "completions of learners")],
            forbidden_by: Vec::new(),
            back: format!("/admin/courses/{course}/edit"),
            restorable: true,
        }
    }
}

/// What was deleted from a course's outline together, and can be restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedRows {
    pub id: DeletionId,
    /// Of the first row.
    pub name: String,
    pub sections: i32,
    pub lessons: i32,
    /// When it goes for good.
    pub until: Timestamp,
}

impl DeletedRows {
    /// What went: `“Basics” with 7 lessons`, `“Intro” and 2 other lessons`.
    pub fn words(&self) -> String {
        let (sections, lessons) = (i64::from(self.sections), i64::from(self.lessons));
        let with = match (sections, lessons) {
            (0, 1) => return format!("“{}”", self.name),
            (0, _) => return format!("“{}” and {}", self.name, count(lessons - 1, "other lesson", "other lessons")),
            (1, _) => String::new(),
            _ => format!(" and {}", count(sections - 1, "other section", "other sections")),
        };
        format!("“{}”{with} with {}", self.name, count(lessons, "lesson", "lessons"))
    }
}

/// `1 lesson`, `7,000 lessons`.
pub fn count(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n.unsigned_abs()), if n == 1 { one } else { many })
}
