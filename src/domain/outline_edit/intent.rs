//! What an author means, apart from what the outline is at the moment: it becomes a change of the outline that is
//! there, and again of the one that is there after somebody else was quicker.

use super::{OutlineChange, Places, Row, Statuses, Tree};
use crate::domain::id::{DeletionId, LessonId, SectionId};
use crate::domain::lesson::LessonStatus;
use crate::domain::section::SectionStatus;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// Into a section, before one of its lessons, or to its end.
    MoveLessons {
        lessons: Vec<LessonId>,
        to: SectionId,
        before: Option<LessonId>,
    },
    /// Before another section, or to the end.
    MoveSection {
        section: SectionId,
        before: Option<SectionId>,
    },
    Rename {
        row: Row,
        name: String,
    },
    /// Of what is none for sections, they stay as they are.
    SetStatus {
        rows: Vec<Row>,
        status: LessonStatus,
    },
    AddSection {
        name: String,
    },
    AddLesson {
        section: SectionId,
        after: Option<LessonId>,
        name: String,
    },
    Delete {
        rows: Vec<Row>,
    },
}

impl Intent {
    /// One place up or down, past the row beside it; none at a list's end.
    pub fn step(tree: &Tree, row: Row, up: bool) -> Option<Self> {
        match row {
            Row::Section(section) => {
                let at = tree.sections.iter().position(|other| other.id == section)?;
                let before = anchor(at, tree.sections.len(), up)?;
                Some(Self::MoveSection { section, before: tree.sections.get(before).map(|section| section.id) })
            }
            Row::Lesson(lesson) => {
                let (section, at) = tree.place(lesson)?;
                let before = anchor(at, section.lessons.len(), up)?;
                let before = section.lessons.get(before).map(|lesson| lesson.id);
                Some(Self::MoveLessons { lessons: vec![lesson], to: section.id, before })
            }
        }
    }

    /// The change of this outline that does what is meant; none where it would change nothing, or what it is about is
    /// gone. `fresh` makes ids.
    pub fn plan(&self, tree: &Tree, fresh: impl Fn() -> Uuid) -> Option<OutlineChange> {
        match self {
            Self::MoveLessons { lessons, to, before } => move_lessons(tree, lessons, *to, *before),
            Self::MoveSection { section, before } => move_section(tree, *section, *before),
            Self::Rename { row, name } => {
                let seen = tree.name(*row)?.to_owned();
                let wanted = name.trim().to_owned();
                (seen != wanted && !wanted.is_empty()).then_some(OutlineChange::Rename { row: *row, seen, wanted })
            }
            Self::SetStatus { rows, status } => set_status(tree, rows, *status),
            Self::AddSection { name } => {
                let name = name.trim().to_owned();
                (!name.is_empty()).then(|| OutlineChange::AddSection { id: SectionId(fresh()), name })
            }
            Self::AddLesson { section, after, name } => {
                let name = name.trim().to_owned();
                let there = tree.section(*section).is_some() && !name.is_empty();
                let (section, after) = (*section, *after);
                there.then(|| OutlineChange::AddLesson { id: LessonId(fresh()), section, after, name })
            }
            Self::Delete { rows } => {
                let (mut sections, mut lessons) = (Vec::new(), Vec::new());
                for row in once(rows).filter(|row| tree.name(*row).is_some()) {
                    match row {
                        Row::Section(id) => sections.push(id),
                        Row::Lesson(id) => lessons.push(id),
                    }
                }
                let any = !sections.is_empty() || !lessons.is_empty();
                any.then(|| OutlineChange::Delete { deletion: DeletionId(fresh()), sections, lessons })
            }
        }
    }
}

/// Some rows, each once.
fn once(rows: &[Row]) -> impl Iterator<Item = Row> {
    rows.iter().enumerate().filter(|(at, row)| !rows[..*at].contains(row)).map(|(_, row)| *row)
}

/// The position before which a row goes that moves by one place.
fn anchor(at: usize, length: usize, up: bool) -> Option<usize> {
    if up { at.checked_sub(1) } else { (at + 1 < length).then_some(at + 2) }
}

/// The list with some of its items, in the order given, before another one that stays, or at its end.
fn placed<T: Copy + PartialEq>(list: &[T], moved: &[T], before: Option<T>) -> Vec<T> {
    // Where the place named moves itself, it is the next one that stays.
    let anchor = before.and_then(|before| list.iter().position(|id| *id == before));
    let anchor = anchor.and_then(|at| list[at..].iter().find(|id| !moved.contains(id)).copied());
    let mut wanted: Vec<T> = list.iter().filter(|id| !moved.contains(id)).copied().collect();
    let at = anchor.and_then(|anchor| wanted.iter().position(|id| *id == anchor)).unwrap_or(wanted.len());
    wanted.splice(at..at, moved.iter().copied());
    wanted
}

/// Moved lessons keep the order that they have in the outline.
fn move_lessons(tree: &Tree, moved: &[LessonId], to: SectionId, before: Option<LessonId>) -> Option<OutlineChange> {
    tree.section(to)?;
    let (mut seen, mut in_order) = (Places::default(), Vec::new());
    for section in &tree.sections {
        let ids: Vec<LessonId> = section.lessons.iter().map(|lesson| lesson.id).collect();
        let here: Vec<LessonId> = ids.iter().filter(|id| moved.contains(id)).copied().collect();
        if !here.is_empty() || section.id == to {
            seen.lessons.push((section.id, ids));
            in_order.extend(here);
        }
    }
    let lists = seen.lessons.iter().map(|(section, ids)| {
        let wanted = if *section == to {
            placed(ids, &in_order, before)
        } else {
            ids.iter().filter(|id| !in_order.contains(id)).copied().collect()
        };
        (*section, wanted)
    });
    let wanted = Places { sections: None, lessons: lists.collect() };
    (seen != wanted && !in_order.is_empty()).then_some(OutlineChange::Arrange { seen, wanted })
}

fn move_section(tree: &Tree, section: SectionId, before: Option<SectionId>) -> Option<OutlineChange> {
    tree.section(section)?;
    let ids: Vec<SectionId> = tree.sections.iter().map(|section| section.id).collect();
    let wanted = placed(&ids, &[section], before);
    let places = |sections| Places { sections: Some(sections), lessons: Vec::new() };
    (ids != wanted).then(|| OutlineChange::Arrange { seen: places(ids), wanted: places(wanted) })
}

fn set_status(tree: &Tree, rows: &[Row], status: LessonStatus) -> Option<OutlineChange> {
    let of_section = match status {
        LessonStatus::Public => Some(SectionStatus::Public),
        LessonStatus::Private => Some(SectionStatus::Private),
        LessonStatus::Preview => None,
    };
    let (mut seen, mut wanted) = (Statuses::default(), Statuses::default());
    for row in once(rows) {
        match row {
            Row::Section(id) => {
                if let (Some(section), Some(status)) = (tree.section(id), of_section)
                    && section.status != status
                {
                    seen.sections.push((id, section.status));
                    wanted.sections.push((id, status));
                }
            }
            Row::Lesson(id) => {
                if let Some(lesson) = tree.lesson(id).filter(|lesson| lesson.status != status) {
                    seen.lessons.push((id, lesson.status));
                    wanted.lessons.push((id, status));
                }
            }
        }
    }
    (seen != Statuses::default()).then_some(OutlineChange::SetStatus { seen, wanted })
}
