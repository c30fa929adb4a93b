//! The changes one by one, in words and in what has to be written.

use super::lists::moved;
use super::pieces::{self, Pieces};
use super::plan::{Known, Old, PlannedLesson, PlannedSection};
use crate::domain::change::{Change, Of, What};
use crate::domain::id::{LessonId, SectionId};
use crate::domain::lesson::{LessonFields, LessonStatus};
use crate::domain::section::SectionFields;
use crate::server::export::{Course, Lesson};
use crate::server::import::{ImportedCourse, ImportedLesson};
use std::collections::HashMap;

/// Gathers the changes, and what has to be written of lessons.
pub(super) struct Gather<'a> {
    pub old: Old<'a>,
    pub known: &'a Known,
    pub delete: bool,
    pub changes: Vec<Change>,
    pub lessons: Vec<PlannedLesson>,
}

impl Gather<'_> {
    fn push(&mut self, of: Of, name: &str, what: Vec<What>) {
        if !what.is_empty() {
            self.changes.push(Change { of, name: name.to_owned(), what });
        }
    }

    pub fn course(&mut self, stored: &Course, folder: &ImportedCourse) {
        let mut what: Vec<What> = renamed(&stored.title, &folder.title).into_iter().collect();
        what.extend(pieces::text(&stored.description, &folder.description));
        self.push(Of::Course, &folder.title, what);
    }

    pub fn section(&mut self, section: &PlannedSection, in_folder: bool, moved: bool, before: Option<String>) {
        let SectionFields { name, status } = &section.fields;
        let what = match self.old.sections.get(&section.id) {
            None => vec![What::Added { status: status.value().to_owned(), within: None, lines: 0 }],
            Some(_) if !in_folder => vec![What::Missing { goes: false, completions: 0 }],
            Some(was) => {
                let mut what: Vec<What> = renamed(&was.name, name).into_iter().collect();
                what.extend(status_changed(was.status.value(), status.value()));
                what.extend(moved.then_some(What::Moved { to: None, after: before }));
                what
            }
        };
        self.push(Of::Section, name, what);
    }

    pub fn lessons_of(&mut self, section: &PlannedSection, folder: &HashMap<LessonId, &ImportedLesson>) {
        let old = self.old.sections.get(&section.id);
        let before: Vec<LessonId> = old.iter().flat_map(|section| &section.lessons).map(|lesson| lesson.id).collect();
        let moved = moved(&before, &section.lessons);
        let mut after: Option<String> = None;
        for id in &section.lessons {
            let place = |to: Option<&str>| What::Moved { to: to.map(str::to_owned), after: after.clone() };
            let name = match (folder.get(id), self.old.lessons.get(id).copied()) {
                (Some(lesson), None) => {
                    self.new_lesson(section, lesson);
                    lesson.name.clone()
                }
                (Some(lesson), Some((was_in, was))) => {
                    let place = match was_in == section.id {
                        true => moved.contains(id).then(|| place(None)),
                        false => Some(place(Some(&section.fields.name))),
                    };
                    self.lesson(section.id, was, lesson, place);
                    lesson.name.clone()
                }
                (None, Some((_, was))) => {
                    let completions = self.known.completions.get(id).copied().unwrap_or_default();
                    self.push(Of::Lesson, &was.name, vec![What::Missing { goes: false, completions }]);
                    was.name.clone()
                }
                (None, None) => continue,
            };
            after = Some(name);
        }
    }

    fn new_lesson(&mut self, section: &PlannedSection, lesson: &ImportedLesson) {
        let fields = fields_of(lesson, lesson.markdown.clone());
        let (pieces, attached) = Pieces::of(None, lesson, self.known, self.delete);
        let added = What::Added {
            status: fields.status.value().to_owned(),
            within: Some(section.fields.name.clone()),
            lines: lesson.markdown.as_deref().map_or(0, |text| text.lines().count()),
        };
        self.push(Of::Lesson, &lesson.name, std::iter::once(added).chain(attached).collect());
        let id = LessonId(lesson.id);
        let planned = PlannedLesson { id, section: section.id, is_new: true, fields, other_video: false, pieces };
        self.lessons.push(planned);
    }

    fn lesson(&mut self, section: SectionId, was: &Lesson, lesson: &ImportedLesson, place: Option<What>) {
        // An empty text and none are one to a reader: what is stored stays.
        let (before, after) =
            (was.markdown.as_deref().unwrap_or_default(), lesson.markdown.as_deref().unwrap_or_default());
        let markdown = if before == after { was.markdown.clone() } else { lesson.markdown.clone() };
        let fields = fields_of(lesson, markdown);
        let (pieces, attached) = Pieces::of(Some(was), lesson, self.known, self.delete);

        let mut what: Vec<What> = renamed(&was.name, &fields.name).into_iter().collect();
        what.extend(pieces::text(before, after));
        what.extend(status_changed(was.status.value(), fields.status.value()));
        let other_address = was.video_url != fields.video_url;
        what.extend(other_address.then(|| What::Video { to: fields.video_url.clone() }));
        let by_watching = fields.completes_by_watching;
        what.extend((was.completes_by_watching != by_watching).then_some(What::Completes { by_watching }));
        what.extend(attached);
        let writes = what.iter().any(|what| !is_remark(what));
        what.extend(place);
        self.push(Of::Lesson, &fields.name, what);
        if writes {
            let other_video = other_address || pieces.other_film(was);
            let planned = PlannedLesson { id: was.id, section, is_new: false, fields, other_video, pieces };
            self.lessons.push(planned);
        }
    }

    /// Says what goes, and returns the lessons.
    pub fn gone(
        &mut self,
        stored: &Course,
        sections: &[SectionId],
        missing: &impl Fn(LessonId) -> bool,
    ) -> Vec<LessonId> {
        let mut gone = Vec::new();
        let delete = self.delete;
        for section in stored.sections.iter().filter(|_| delete) {
            if sections.contains(&section.id) {
                self.push(Of::Section, &section.name, vec![What::Missing { goes: true, completions: 0 }]);
            }
            for lesson in section.lessons.iter().filter(|lesson| missing(lesson.id)) {
                let completions = self.known.completions.get(&lesson.id).copied().unwrap_or_default();
                self.push(Of::Lesson, &lesson.name, vec![What::Missing { goes: true, completions }]);
                gone.push(lesson.id);
            }
        }
        gone
    }
}

fn is_remark(what: &What) -> bool {
    Change { of: Of::Lesson, name: String::new(), what: vec![what.clone()] }.is_remark()
}

fn fields_of(lesson: &ImportedLesson, markdown: Option<String>) -> LessonFields {
    LessonFields {
        name: lesson.name.clone(),
        status: LessonStatus::from(lesson.status),
        video_url: lesson.video_url.clone(),
        completes_by_watching: lesson.completes_by_watching,
        markdown,
    }
}

fn renamed(from: &str, to: &str) -> Option<What> {
    (from != to).then(|| What::Renamed { from: from.to_owned() })
}

fn status_changed(from: &str, to: &str) -> Option<What> {
    (from != to).then(|| What::Status { from: from.to_owned(), to: to.to_owned() })
}
