//! What an author does to a course's outline. The editor, the server and the tests' model mean the same by it: the
//! first applies a change to a [`Tree`] at once, the second to the database, the third compares the two.

mod intent;
#[cfg(test)]
mod tests;
mod tree;

pub use intent::Intent;
pub use tree::{Branch, Leaf, Tree};

use super::id::{DeletionId, LessonId, SectionId};
use super::lesson::LessonStatus;
use super::section::SectionStatus;
use serde::{Deserialize, Serialize};

/// A section or a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Row {
    Section(SectionId),
    Lesson(LessonId),
}

/// Lists of rows in their order, as somebody saw them or wants them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// Every section of the course; none where sections keep their order.
    pub sections: Option<Vec<SectionId>>,
    /// Every lesson of some sections.
    pub lessons: Vec<(SectionId, Vec<LessonId>)>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statuses {
    pub sections: Vec<(SectionId, SectionStatus)>,
    pub lessons: Vec<(LessonId, LessonStatus)>,
}

/// One change of an outline. It says what it was made on: where that is no more, it is refused and nothing changes.
/// Where what it wants is there already it succeeds, so that it can be sent again when an answer was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutlineChange {
    /// Puts rows into another order, and lessons into other sections: both hold the same rows.
    Arrange {
        seen: Places,
        wanted: Places,
    },
    Rename {
        row: Row,
        seen: String,
        wanted: String,
    },
    /// Both hold the same rows.
    SetStatus {
        seen: Statuses,
        wanted: Statuses,
    },
    /// Appends a draft; its id is the author's, who goes on before the server has answered.
    AddSection {
        id: SectionId,
        name: String,
    },
    /// Adds a draft after a lesson; at the end of its section where that one is gone, or none is named.
    AddLesson {
        id: LessonId,
        section: SectionId,
        after: Option<LessonId>,
        name: String,
    },
    /// Takes rows out, lessons of the sections among them included. They can be restored for a while.
    Delete {
        deletion: DeletionId,
        sections: Vec<SectionId>,
        lessons: Vec<LessonId>,
    },
    /// Puts back what was deleted together, each row where it was, or at the end of what became shorter.
    Restore {
        deletion: DeletionId,
    },
}

/// What a change was made on is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale;

impl Places {
    /// Whether two hold the same lists with the same rows, each once. Every row is looked for in all of them: what comes
    /// from elsewhere is to be bounded first.
    pub fn holds_the_same(&self, other: &Self) -> bool {
        fn same<T: PartialEq>(one: &[T], other: &[T]) -> bool {
            let once = |list: &[T]| list.iter().enumerate().all(|(at, id)| !list[..at].contains(id));
            one.len() == other.len() && once(one) && one.iter().all(|id| other.contains(id))
        }
        let lists = |places: &Self| places.lessons.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        let lessons = |places: &Self| places.lessons.iter().flat_map(|(_, ids)| ids.clone()).collect::<Vec<_>>();
        self.sections.is_some() == other.sections.is_some()
            && same(self.sections.as_deref().unwrap_or_default(), other.sections.as_deref().unwrap_or_default())
            && same(&lists(self), &lists(other))
            && same(&lessons(self), &lessons(other))
    }

    /// How many rows it names.
    pub fn len(&self) -> usize {
        self.sections.as_ref().map_or(0, Vec::len) + self.lessons.iter().map(|(_, ids)| ids.len() + 1).sum::<usize>()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
