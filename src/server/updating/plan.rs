//! What becomes of a course by a folder: worked out from both, before anything is written. Pure.

use super::gather::Gather;
use super::lists::{moved, with_kept};
use super::pieces::Pieces;
use crate::domain::change::Change;
use crate::domain::id::{FileId, LessonId, SectionId};
use crate::domain::lesson::LessonFields;
use crate::domain::section::{SectionFields, SectionStatus};
use crate::server::export::{Course, Lesson, Section};
use crate::server::import::{ImportedCourse, ImportedLesson, ImportedSection};
use std::collections::{HashMap, HashSet};

/// What is known beside the two.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Files of the course whose bytes are the same in the folder.
    pub same: HashSet<FileId>,
    /// Learners' completions, of lessons that have any.
    pub completions: HashMap<LessonId, i64>,
}

/// Everything that is to be written, and the course that it was worked out for.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub on: Course,
    /// For people: the course first, then in order, what goes at the end.
    pub changes: Vec<Change>,
    pub title: String,
    pub description: String,
    /// All that the course has afterwards, in order.
    pub sections: Vec<PlannedSection>,
    /// New lessons, and those that change beyond their place.
    pub lessons: Vec<PlannedLesson>,
    pub gone_sections: Vec<SectionId>,
    pub gone_lessons: Vec<LessonId>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PlannedSection {
    pub id: SectionId,
    pub is_new: bool,
    pub fields: SectionFields,
    /// In order.
    pub lessons: Vec<LessonId>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PlannedLesson {
    pub id: LessonId,
    pub section: SectionId,
    pub is_new: bool,
    pub fields: LessonFields,
    /// Whether it plays something else afterwards.
    pub other_video: bool,
    pub pieces: Pieces,
}

impl Plan {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.changes.iter().all(Change::is_remark)
    }

    /// The ids that are new to the course.
    pub fn new_ids(&self) -> impl Iterator<Item = uuid::Uuid> {
        let sections = self.sections.iter().filter(|section| section.is_new).map(|section| section.id.0);
        sections.chain(self.lessons.iter().filter(|lesson| lesson.is_new).map(|lesson| lesson.id.0))
    }

    /// How many lessons stay as they are, but for their place.
    pub fn same_lessons(&self) -> usize {
        let all: usize = self.sections.iter().map(|section| section.lessons.len()).sum();
        all - self.lessons.len()
    }
}

/// Works out the changes from the course as it is to the folder. What the folder does not have goes where `delete`
/// says so, and else stays behind what it stood behind.
///
/// # Errors
/// A sentence, where the folder lists a page that is not there: it would take a lesson's text away.
pub fn plan(stored: &Course, folder: &ImportedCourse, known: &Known, delete: bool) -> Result<Plan, String> {
    let lessons = || folder.sections.iter().flat_map(|section| &section.lessons);
    if let Some(lesson) = lessons().find(|lesson| lesson.page_missing) {
        return Err(format!(
            "The page of “{}” is listed in SUMMARY.md and cannot be read: put it back, or take its line out.",
            lesson.name
        ));
    }
    let old = Old::of(stored);
    let ids = section_ids(&old, folder);
    let in_folder: HashSet<LessonId> = lessons().map(|lesson| LessonId(lesson.id)).collect();
    let missing = |id: LessonId| !in_folder.contains(&id);

    let mut wanted: HashMap<SectionId, PlannedSection> = HashMap::new();
    for (section, id) in folder.sections.iter().zip(&ids) {
        wanted.insert(*id, planned(&old, *id, section, |lesson| !delete && missing(lesson)));
    }
    let old_order: Vec<SectionId> = stored.sections.iter().map(|section| section.id).collect();
    let gone_sections: Vec<SectionId> =
        old_order.iter().copied().filter(|id| delete && !wanted.contains_key(id)).collect();
    let order = with_kept(ids.clone(), &old_order, |id| !delete && !wanted.contains_key(&id));
    for section in stored.sections.iter().filter(|_| !delete) {
        wanted.entry(section.id).or_insert_with(|| PlannedSection {
            id: section.id,
            is_new: false,
            fields: SectionFields { name: section.name.clone(), status: section.status },
            lessons: section.lessons.iter().map(|lesson| lesson.id).filter(|id| missing(*id)).collect(),
        });
    }
    let sections: Vec<PlannedSection> = order.iter().filter_map(|id| wanted.remove(id)).collect();

    let mut work = Gather { old, known, delete, changes: Vec::new(), lessons: Vec::new() };
    work.course(stored, folder);
    let folder_lessons: HashMap<LessonId, &ImportedLesson> =
        lessons().map(|lesson| (LessonId(lesson.id), lesson)).collect();
    let moved_sections = moved(&old_order, &order);
    for (at, section) in sections.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| sections.get(at)).map(|section| section.fields.name.clone());
        work.section(section, ids.contains(&section.id), moved_sections.contains(&section.id), before);
        work.lessons_of(section, &folder_lessons);
    }
    let gone_lessons = work.gone(stored, &gone_sections, &missing);
    Ok(Plan {
        on: stored.clone(),
        changes: work.changes,
        title: folder.title.clone(),
        description: folder.description.clone(),
        sections,
        lessons: work.lessons,
        gone_sections,
        gone_lessons,
    })
}

/// The course as it is, by id.
pub(super) struct Old<'a> {
    pub sections: HashMap<SectionId, &'a Section>,
    /// With the section that each is in.
    pub lessons: HashMap<LessonId, (SectionId, &'a Lesson)>,
}

impl<'a> Old<'a> {
    fn of(course: &'a Course) -> Self {
        let sections = course.sections.iter().map(|section| (section.id, section)).collect();
        let lessons = course
            .sections
            .iter()
            .flat_map(|section| section.lessons.iter().map(|lesson| (lesson.id, (section.id, lesson))))
            .collect();
        Self { sections, lessons }
    }
}

/// Which section each one of the folder is: the one of its id; and one that `lectern.toml` does not speak of, because
/// somebody renamed it in SUMMARY.md alone, the one that most of its lessons come from.
fn section_ids(old: &Old<'_>, folder: &ImportedCourse) -> Vec<SectionId> {
    let mut ids: Vec<SectionId> = folder.sections.iter().map(|section| SectionId(section.id)).collect();
    let mut taken: HashSet<SectionId> = ids.iter().copied().filter(|id| old.sections.contains_key(id)).collect();
    for (section, id) in folder.sections.iter().zip(&mut ids).filter(|(section, _)| !section.said) {
        let mut from: Vec<(SectionId, usize)> = Vec::new();
        for lesson in &section.lessons {
            let Some((of, _)) = old.lessons.get(&LessonId(lesson.id)).filter(|(of, _)| !taken.contains(of)) else {
                continue;
            };
            match from.iter_mut().find(|(id, _)| id == of) {
                Some((_, count)) => *count += 1,
                None => from.push((*of, 1)),
            }
        }
        // Of several the first: `max_by_key` would take the last.
        if let Some((was, _)) = from.into_iter().rev().max_by_key(|(_, count)| *count) {
            *id = was;
            taken.insert(was);
        }
    }
    ids
}

fn planned(
    old: &Old<'_>,
    id: SectionId,
    section: &ImportedSection,
    stays: impl Fn(LessonId) -> bool,
) -> PlannedSection {
    let before = old.sections.get(&id);
    let said = if section.public { SectionStatus::Public } else { SectionStatus::Private };
    let status = before.filter(|_| !section.said).map_or(said, |before| before.status);
    let lessons = section.lessons.iter().map(|lesson| LessonId(lesson.id)).collect();
    let old_lessons: Vec<LessonId> =
        before.iter().flat_map(|section| &section.lessons).map(|lesson| lesson.id).collect();
    PlannedSection {
        id,
        is_new: before.is_none(),
        fields: SectionFields { name: section.name.clone(), status },
        lessons: with_kept(lessons, &old_lessons, stays),
    }
}
