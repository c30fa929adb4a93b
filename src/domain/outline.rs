//! A course's sections and lessons as one viewer may see them, and what follows from their order.

use super::access::{LessonAccess, Standing};
use super::id::{CourseId, LessonId, ProductId, SectionId};
use super::lesson::LessonStatus;
use super::progress::Progress;
use super::section::SectionStatus;
use super::time::Timestamp;
use super::tuple::as_tuple;
use serde::{Deserialize, Serialize};

/// Hidden lessons are absent, and so are sections of which nothing is left for a viewer who is no admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "OutlineTuple", into = "OutlineTuple")]
pub struct Outline {
    pub course_id: CourseId,
    pub title: String,
    pub description: String,
    pub standing: Standing,
    /// A public product that holds the course, for a viewer who would have to buy it.
    pub sold_in: Option<ProductId>,
    /// The lesson that the viewer was at last.
    pub visited: Option<LessonId>,
    /// When the course was first finished.
    pub completed_at: Option<Timestamp>,
    /// Visible lessons that were made after that.
    pub added_since: u32,
    pub sections: Vec<OutlineSection>,
}

as_tuple!(Outline as OutlineTuple {
    course_id: CourseId,
    title: String,
    description: String,
    standing: Standing,
    sold_in: Option<ProductId>,
    visited: Option<LessonId>,
    completed_at: Option<Timestamp>,
    added_since: u32,
    sections: Vec<OutlineSection>,
});

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "SectionTuple", into = "SectionTuple")]
pub struct OutlineSection {
    pub id: SectionId,
    pub name: String,
    pub status: SectionStatus,
    pub lessons: Vec<OutlineLesson>,
}

as_tuple!(OutlineSection as SectionTuple {
    id: SectionId,
    name: String,
    status: SectionStatus,
    lessons: Vec<OutlineLesson>,
});

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "LessonTuple", into = "LessonTuple")]
pub struct OutlineLesson {
    pub id: LessonId,
    pub name: String,
    pub status: LessonStatus,
    pub access: LessonAccess,
    /// Whether it is part of progress: drafts that only an admin sees are not.
    pub counts: bool,
    pub completed: bool,
    pub has_video: bool,
}

as_tuple!(OutlineLesson as LessonTuple {
    id: LessonId,
    name: String,
    status: LessonStatus,
    access: LessonAccess,
    counts: bool,
    completed: bool,
    has_video: bool,
});

/// A lesson's place among those that its viewer can open: what stands around it in the player.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The name of its section.
    pub section: String,
    /// The lessons before and after it, across sections.
    pub previous: Option<(LessonId, String)>,
    pub next: Option<(LessonId, String)>,
}

impl OutlineSection {
    pub fn progress(&self) -> Progress {
        progress_of(&self.lessons)
    }
}

fn progress_of<'a>(lessons: impl IntoIterator<Item = &'a OutlineLesson>) -> Progress {
    let (mut done, mut total) = (0, 0);
    for lesson in lessons.into_iter().filter(|lesson| lesson.counts) {
        total += 1;
        done += usize::from(lesson.completed);
    }
    Progress::new(done, total)
}

impl Outline {
    /// Every lesson that is shown, in the order of sections and then of lessons.
    pub fn lessons(&self) -> impl DoubleEndedIterator<Item = &OutlineLesson> {
        self.sections.iter().flat_map(|section| &section.lessons)
    }

    /// What stands around a lesson; what is locked is no neighbour.
    pub fn place(&self, id: LessonId) -> Place {
        let section = self.sections.iter().find(|section| section.lessons.iter().any(|lesson| lesson.id == id));
        let open = || self.lessons().filter(|lesson| lesson.access == LessonAccess::Open);
        let named = |lesson: &OutlineLesson| (lesson.id, lesson.name.clone());
        Place {
            section: section.map(|section| section.name.clone()).unwrap_or_default(),
            previous: open().rev().skip_while(|lesson| lesson.id != id).nth(1).map(named),
            next: open().skip_while(|lesson| lesson.id != id).nth(1).map(named),
        }
    }

    pub fn progress(&self) -> Progress {
        progress_of(self.lessons())
    }

    /// Where Continue leads: the first lesson not completed from the one visited last on (or after the last completed
    /// one, where none was visited), else the first not completed, else the first of all.
    pub fn continue_at(&self) -> Option<&OutlineLesson> {
        let counted: Vec<_> = self.lessons().filter(|lesson| lesson.counts).collect();
        let visited = counted.iter().position(|lesson| Some(lesson.id) == self.visited);
        let completed = || counted.iter().rposition(|lesson| lesson.completed).map(|last| last + 1);
        let after = visited.or_else(completed).unwrap_or_default();
        counted[after..]
            .iter()
            .chain(&counted[..after])
            .find(|lesson| !lesson.completed)
            .or(counted.first())
            .copied()
            .or_else(|| self.lessons().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn lesson(n: u128, completed: bool) -> OutlineLesson {
        OutlineLesson {
            id: LessonId(Uuid::from_u128(n)),
            name: format!("Lesson {n}"),
            status: LessonStatus::Public,
            access: LessonAccess::Open,
            counts: true,
            completed,
            has_video: false,
        }
    }

    fn outline(sections: Vec<Vec<OutlineLesson>>) -> Outline {
        let sections = sections.into_iter().enumerate().map(|(n, lessons)| OutlineSection {
            id: SectionId(Uuid::from_u128(n as u128)),
            name: format!("Section {n}"),
            status: SectionStatus::Public,
            lessons,
        });
        Outline {
            course_id: CourseId(Uuid::nil()),
            title: "Course".into(),
            description: String::new(),
            standing: Standing::Entitled,
            sold_in: None,
            visited: None,
            completed_at: None,
            added_since: 0,
            sections: sections.collect(),
        }
    }

    fn id(lesson: Option<&OutlineLesson>) -> Option<u128> {
        lesson.map(|lesson| lesson.id.0.as_u128())
    }

    #[test]
    fn neighbours_reach_across_sections_pass_what_is_locked_and_end_at_the_ends() {
        let mut locked = lesson(4, false);
        locked.access = LessonAccess::Locked;
        let outline = outline(vec![vec![lesson(1, false)], vec![locked], vec![lesson(2, false), lesson(3, false)]]);
        let around = |n| {
            let place = outline.place(LessonId(Uuid::from_u128(n)));
            let id = |neighbour: Option<(LessonId, String)>| neighbour.map(|(id, _)| id.0.as_u128());
            (id(place.previous), place.section, id(place.next))
        };
        assert_eq!(around(1), (None, "Section 0".to_owned(), Some(2)));
        assert_eq!(around(2), (Some(1), "Section 2".to_owned(), Some(3)));
        assert_eq!(around(3), (Some(2), "Section 2".to_owned(), None));
        assert_eq!(around(9), (None, String::new(), None));
    }

    #[test]
    fn continue_follows_the_last_completed_then_the_gaps_then_the_start() {
        let of =
            |done: [bool; 3]| outline(vec![vec![lesson(1, done[0]), lesson(2, done[1])], vec![lesson(3, done[2])]]);
        assert_eq!(id(of([false, false, false]).continue_at()), Some(1));
        assert_eq!(id(of([false, true, false]).continue_at()), Some(3));
        assert_eq!(id(of([false, true, true]).continue_at()), Some(1));
        assert_eq!(id(of([true, true, true]).continue_at()), Some(1));
        assert_eq!(id(outline(vec![]).continue_at()), None);
        let left = |done, visited| {
            let outline = Outline { visited: Some(LessonId(Uuid::from_u128(visited))), ..of(done) };
            id(outline.continue_at())
        };
        assert_eq!(left([false, false, false], 2), Some(2));
        assert_eq!(left([false, true, false], 2), Some(3));
        assert_eq!(left([false, true, true], 3), Some(1));
        assert_eq!(left([true, false, true], 1), Some(2));
        assert_eq!(left([false, true, false], 9), Some(3));
    }

    #[test]
    fn a_draft_that_an_admin_sees_counts_for_nothing() {
        let mut draft = lesson(2, false);
        draft.counts = false;
        let outline = outline(vec![vec![lesson(1, true), draft]]);
        assert_eq!(outline.progress(), Progress { completed: 1, total: 1 });
    }
}
