//! What the editor shows, and the queue of moves on their way to the server.

use super::super::form::FormTarget;
use crate::api::admin::courses::GetCourse;
use crate::api::admin::lessons::{PlaceLesson, ReorderLessons};
use crate::api::admin::sections::ReorderSections;
use crate::api::submit::Call;
use crate::components::announcer::Announcer;
use crate::components::live::spawn;
use crate::components::sortable::Dropped;
use crate::domain::access::LessonAccess;
use crate::domain::id::{CourseId, LessonId, SectionId};
use crate::domain::lesson::LessonStatus;
use crate::domain::outline::{Outline, OutlineLesson};
use crate::domain::section::SectionStatus;
use crate::domain::step::Step;
use crate::error::AppError;
use leptos::prelude::*;
use std::collections::VecDeque;
use uuid::Uuid;

/// A section whose lessons are a signal of their own: a move in one redraws no other.
#[derive(Clone)]
pub struct EditedSection {
    pub id: SectionId,
    pub name: String,
    pub status: SectionStatus,
    pub lessons: RwSignal<Vec<OutlineLesson>>,
    /// Which loading of the outline it is from: rows of an older one show what is no longer stored.
    pub loaded: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    Nothing,
    UnderWay,
    Saved,
}

#[derive(Clone, Copy)]
pub struct Editor {
    course: CourseId,
    sections: RwSignal<Vec<EditedSection>>,
    saving: RwSignal<Saving>,
    queue: StoredValue<VecDeque<Call>>,
    announcer: Announcer,
    trouble: RwSignal<Option<AppError>>,
    new_lesson: StoredValue<FormTarget>,
}

impl Editor {
    pub fn new(
        outline: Outline,
        announcer: Announcer,
        trouble: RwSignal<Option<AppError>>,
        new_lesson: FormTarget,
    ) -> Self {
        Self {
            course: outline.course_id,
            sections: RwSignal::new(edited(outline, 0)),
            saving: RwSignal::new(Saving::Nothing),
            queue: StoredValue::new(VecDeque::new()),
            announcer,
            trouble,
            new_lesson: StoredValue::new(new_lesson),
        }
    }

    /// Of the form that adds a lesson.
    pub fn new_lesson(self) -> FormTarget {
        self.new_lesson.get_value()
    }

    pub fn sections(self) -> RwSignal<Vec<EditedSection>> {
        self.sections
    }

    pub fn saving(self) -> RwSignal<Saving> {
        self.saving
    }

    /// What was dropped by pointer or keyboard.
    pub fn drop(self, dropped: &Dropped) {
        let (Ok(item), Ok(from), Ok(to)) =
            (dropped.item.parse::<Uuid>(), dropped.from.parse::<Uuid>(), dropped.to.parse::<Uuid>())
        else {
            return;
        };
        match dropped.kind.as_str() {
            "section" => self.move_section(SectionId(item), dropped.index),
            _ if from == to => self.move_lesson(SectionId(from), LessonId(item), dropped.index),
            _ => self.place_lesson(LessonId(item), SectionId(from), SectionId(to), dropped.index),
        }
    }

    /// One place up or down, of whichever row it is.
    pub fn step(self, step: Step) {
        let by = if step.up { -1 } else { 1 };
        if let Some(at) = self.sections.with_untracked(|all| all.iter().position(|section| section.id.0 == step.row)) {
            match at.checked_add_signed(by) {
                Some(index) => self.move_section(SectionId(step.row), index),
                None => self.at_the_end(),
            }
            return;
        }
        let lesson = LessonId(step.row);
        let place = self.sections.with_untracked(|all| {
            all.iter().find_map(|section| {
                let at = section.lessons.with_untracked(|lessons| lessons.iter().position(|row| row.id == lesson));
                at.map(|at| (section.id, at))
            })
        });
        match place.and_then(|(section, at)| at.checked_add_signed(by).map(|index| (section, index))) {
            Some((section, index)) => self.move_lesson(section, lesson, index),
            None => self.at_the_end(),
        }
    }

    pub fn add_section(self, id: SectionId, name: String) {
        self.announcer.say(format!("The section “{name}” was added."));
        self.sections.update(|all| {
            let loaded = all.first().map_or(0, |section| section.loaded);
            let lessons = RwSignal::new(Vec::new());
            all.push(EditedSection { id, name, status: SectionStatus::Private, lessons, loaded });
        });
    }

    pub fn add_lesson(self, section: SectionId, id: LessonId, name: String) {
        self.announcer.say(format!("The lesson “{name}” was added as a draft."));
        let lesson = OutlineLesson {
            id,
            name,
            status: LessonStatus::Private,
            access: LessonAccess::Open,
            counts: false,
            completed: false,
            has_video: false,
        };
        if let Some((lessons, _)) = self.lessons_of(section) {
            lessons.update(|lessons| lessons.push(lesson));
        }
    }

    fn at_the_end(self) {
        self.announcer.say("It is at the end of its list already.");
    }

    fn move_section(self, id: SectionId, index: usize) {
        let seen = self.section_ids();
        let mut name = String::new();
        self.sections.update(|all| {
            if let Some(at) = all.iter().position(|section| section.id == id) {
                let section = all.remove(at);
                name.clone_from(&section.name);
                all.insert(index.min(all.len()), section);
            }
        });
        let wanted = self.section_ids();
        if seen == wanted {
            return self.at_the_end();
        }
        self.announcer.say(format!("“{name}” is section {} of {}.", index + 1, wanted.len()));
        self.send(Call::json(&ReorderSections { course: self.course, seen, wanted }));
    }

    fn move_lesson(self, section: SectionId, id: LessonId, index: usize) {
        let Some((lessons, _)) = self.lessons_of(section) else { return };
        let seen = ids(lessons);
        let mut name = String::new();
        lessons.update(|lessons| {
            if let Some(at) = lessons.iter().position(|lesson| lesson.id == id) {
                let lesson = lessons.remove(at);
                name.clone_from(&lesson.name);
                lessons.insert(index.min(lessons.len()), lesson);
            }
        });
        let wanted = ids(lessons);
        if seen == wanted {
            return self.at_the_end();
        }
        self.announcer.say(format!("“{name}” is lesson {} of {}.", index + 1, wanted.len()));
        self.send(Call::json(&ReorderLessons { section, seen, wanted }));
    }

    fn place_lesson(self, id: LessonId, from: SectionId, to: SectionId, index: usize) {
        let (Some((source, _)), Some((target, section))) = (self.lessons_of(from), self.lessons_of(to)) else { return };
        let seen = ids(target);
        let at = source.with_untracked(|lessons| lessons.iter().position(|lesson| lesson.id == id));
        let Some(lesson) = at.and_then(|at| source.try_update(|lessons| lessons.remove(at))) else { return };
        let name = lesson.name.clone();
        target.update(|lessons| lessons.insert(index.min(lessons.len()), lesson));
        self.announcer.say(format!("“{name}” is lesson {} of {} in “{section}”.", index + 1, seen.len() + 1));
        self.send(Call::json(&PlaceLesson { lesson: id, from, to, index, seen }));
    }

    /// Sends a move after those before it, so that each is made on what the one before left.
    fn send(self, change: Call) {
        self.trouble.set(None);
        let idle = self.queue.try_update_value(|queue| {
            queue.push_back(change);
            queue.len() == 1
        });
        if idle == Some(true) {
            self.saving.set(Saving::UnderWay);
            spawn(self.work());
        }
    }

    async fn work(self) {
        while let Some(change) = self.queue.try_with_value(|queue| queue.front().cloned()).flatten() {
            match change.send().await {
                Ok(_) => _ = self.queue.try_update_value(VecDeque::pop_front),
                Err(error) => return self.roll_back(error),
            }
        }
        self.saving.try_set(Saving::Saved);
    }

    /// Whatever was refused, what is stored is shown next.
    fn roll_back(self, error: AppError) {
        _ = self.queue.try_update_value(VecDeque::clear);
        self.saving.try_set(Saving::Nothing);
        self.announcer.say(format!("Your move was not saved. {error}"));
        self.trouble.try_set(Some(error));
        spawn(self.reload());
    }

    /// Shows what is stored. What cannot be loaded here is left to the browser, which says why.
    async fn reload(self) {
        let answer = Call::form::<GetCourse>(format!("id={}", self.course)).send().await;
        match answer.ok().and_then(|json| serde_json::from_str(&json).ok()) {
            Some(outline) => {
                _ = self.sections.try_update(|sections| {
                    let next = sections.first().map_or(0, |section| section.loaded) + 1;
                    *sections = edited(outline, next);
                })
            }
            None => _ = window().location().reload(),
        }
    }

    fn section_ids(self) -> Vec<SectionId> {
        self.sections.with_untracked(|all| all.iter().map(|section| section.id).collect())
    }

    fn lessons_of(self, id: SectionId) -> Option<(RwSignal<Vec<OutlineLesson>>, String)> {
        self.sections.with_untracked(|all| {
            all.iter().find(|section| section.id == id).map(|section| (section.lessons, section.name.clone()))
        })
    }
}

fn edited(outline: Outline, loaded: u32) -> Vec<EditedSection> {
    let sections = outline.sections.into_iter().map(|section| EditedSection {
        id: section.id,
        name: section.name,
        status: section.status,
        lessons: RwSignal::new(section.lessons),
        loaded,
    });
    sections.collect()
}

fn ids(lessons: RwSignal<Vec<OutlineLesson>>) -> Vec<LessonId> {
    lessons.with_untracked(|lessons| lessons.iter().map(|lesson| lesson.id).collect())
}
