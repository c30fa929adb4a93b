//! An outline in its author's hands, to which changes are made.

use super::{OutlineChange, Places, Row, Stale, Statuses};
use crate::domain::id::{DeletionId, LessonId, SectionId};
use crate::domain::lesson::LessonStatus;
use crate::domain::section::SectionStatus;

/// An outline as its author edits it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    pub sections: Vec<Branch>,
    /// What was deleted and can be restored, as far as this tree saw it.
    bin: Vec<(DeletionId, Deleted)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub id: SectionId,
    pub name: String,
    pub status: SectionStatus,
    pub lessons: Vec<Leaf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    pub id: LessonId,
    pub name: String,
    pub status: LessonStatus,
}

/// Rows with the positions that they had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Deleted {
    sections: Vec<(usize, Branch)>,
    lessons: Vec<(SectionId, usize, Leaf)>,
}

impl Tree {
    pub fn new(sections: Vec<Branch>) -> Self {
        Self { sections, bin: Vec::new() }
    }

    /// Takes over what another reading of the outline found; what can be restored stays known.
    pub fn follow(&mut self, found: Self) {
        self.sections = found.sections;
    }

    pub fn section(&self, id: SectionId) -> Option<&Branch> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// A lesson's section and its position there.
    pub fn place(&self, id: LessonId) -> Option<(&Branch, usize)> {
        self.sections
            .iter()
            .find_map(|section| section.lessons.iter().position(|lesson| lesson.id == id).map(|at| (section, at)))
    }

    pub fn lesson(&self, id: LessonId) -> Option<&Leaf> {
        self.place(id).map(|(section, at)| &section.lessons[at])
    }

    /// The name of a row.
    pub fn name(&self, row: Row) -> Option<&str> {
        match row {
            Row::Section(id) => self.section(id).map(|section| section.name.as_str()),
            Row::Lesson(id) => self.lesson(id).map(|lesson| lesson.name.as_str()),
        }
    }

    /// What takes a change back that this tree made. `fresh` is for a deletion, where it takes one.
    pub fn inverse(&self, change: &OutlineChange, fresh: DeletionId) -> OutlineChange {
        use OutlineChange as C;
        let delete = |sections, lessons| C::Delete { deletion: fresh, sections, lessons };
        match change.clone() {
            C::Arrange { seen, wanted } => C::Arrange { seen: wanted, wanted: seen },
            C::Rename { row, seen, wanted } => C::Rename { row, seen: wanted, wanted: seen },
            C::SetStatus { seen, wanted } => C::SetStatus { seen: wanted, wanted: seen },
            C::AddSection { id, .. } => delete(vec![id], Vec::new()),
            C::AddLesson { id, .. } => delete(Vec::new(), vec![id]),
            C::Delete { deletion, .. } => C::Restore { deletion },
            C::Restore { deletion } => {
                let rows = self.deleted(deletion).cloned().unwrap_or_default();
                delete(
                    rows.sections.iter().map(|(_, section)| section.id).collect(),
                    rows.lessons.iter().map(|(.., lesson)| lesson.id).collect(),
                )
            }
        }
    }

    /// Makes a change, or leaves everything as it is.
    pub fn apply(&mut self, change: &OutlineChange) -> Result<(), Stale> {
        match change {
            OutlineChange::Arrange { seen, wanted } => self.arrange(seen, wanted),
            OutlineChange::Rename { row, seen, wanted } => self.rename(*row, seen, wanted),
            OutlineChange::SetStatus { seen, wanted } => self.set_status(seen, wanted),
            OutlineChange::AddSection { id, name } => {
                if self.section(*id).is_none() {
                    let status = SectionStatus::default();
                    self.sections.push(Branch { id: *id, name: name.clone(), status, lessons: Vec::new() });
                }
                Ok(())
            }
            OutlineChange::AddLesson { id, section, after, name } => self.add_lesson(*id, *section, *after, name),
            OutlineChange::Delete { deletion, sections, lessons } => self.delete(*deletion, sections, lessons),
            OutlineChange::Restore { deletion } => self.restore(*deletion),
        }
    }

    /// The lists that some places name, as they are.
    fn now(&self, places: &Places) -> Result<Places, Stale> {
        let sections = places.sections.is_some().then(|| self.sections.iter().map(|section| section.id).collect());
        let lessons = places.lessons.iter().map(|(id, _)| {
            let section = self.section(*id).ok_or(Stale)?;
            Ok((*id, section.lessons.iter().map(|lesson| lesson.id).collect()))
        });
        Ok(Places { sections, lessons: lessons.collect::<Result<_, _>>()? })
    }

    fn arrange(&mut self, seen: &Places, wanted: &Places) -> Result<(), Stale> {
        if self.now(wanted)? == *wanted {
            return Ok(());
        }
        if self.now(seen)? != *seen || !wanted.holds_the_same(seen) {
            return Err(Stale);
        }
        let mut leaves: Vec<Leaf> = Vec::new();
        for (id, _) in &wanted.lessons {
            leaves.append(&mut self.section_mut(*id).ok_or(Stale)?.lessons);
        }
        for (id, lessons) in &wanted.lessons {
            let found = lessons.iter().filter_map(|lesson| taken(&mut leaves, |leaf| leaf.id == *lesson)).collect();
            self.section_mut(*id).ok_or(Stale)?.lessons = found;
        }
        if let Some(order) = &wanted.sections {
            let mut sections = std::mem::take(&mut self.sections);
            self.sections = order.iter().filter_map(|id| taken(&mut sections, |section| section.id == *id)).collect();
        }
        Ok(())
    }

    fn rename(&mut self, row: Row, seen: &str, wanted: &str) -> Result<(), Stale> {
        let name = match row {
            Row::Section(id) => self.section_mut(id).map(|section| &mut section.name),
            Row::Lesson(id) => self.lesson_mut(id).map(|lesson| &mut lesson.name),
        };
        let name = name.ok_or(Stale)?;
        if name != wanted && name != seen {
            return Err(Stale);
        }
        wanted.clone_into(name);
        Ok(())
    }

    fn set_status(&mut self, seen: &Statuses, wanted: &Statuses) -> Result<(), Stale> {
        let sections = seen.sections.iter().zip(&wanted.sections).all(|((id, seen), (_, wanted))| {
            self.section(*id).is_some_and(|section| [*seen, *wanted].contains(&section.status))
        });
        let lessons = seen.lessons.iter().zip(&wanted.lessons).all(|((id, seen), (_, wanted))| {
            self.lesson(*id).is_some_and(|lesson| [*seen, *wanted].contains(&lesson.status))
        });
        if !sections || !lessons {
            return Err(Stale);
        }
        for (id, status) in &wanted.sections {
            if let Some(section) = self.section_mut(*id) {
                section.status = *status;
            }
        }
        for (id, status) in &wanted.lessons {
            if let Some(lesson) = self.lesson_mut(*id) {
                lesson.status = *status;
            }
        }
        Ok(())
    }

    fn add_lesson(
        &mut self,
        id: LessonId,
        section: SectionId,
        after: Option<LessonId>,
        name: &str,
    ) -> Result<(), Stale> {
        if self.lesson(id).is_some() {
            return Ok(());
        }
        let section = self.section_mut(section).ok_or(Stale)?;
        let after = section.lessons.iter().position(|lesson| Some(lesson.id) == after);
        let at = after.map_or(section.lessons.len(), |after| after + 1);
        section.lessons.insert(at, Leaf { id, name: name.to_owned(), status: LessonStatus::default() });
        Ok(())
    }

    fn delete(&mut self, deletion: DeletionId, sections: &[SectionId], lessons: &[LessonId]) -> Result<(), Stale> {
        if self.deleted(deletion).is_some() {
            return Ok(());
        }
        let there = sections.iter().all(|id| self.section(*id).is_some())
            && lessons.iter().all(|id| self.lesson(*id).is_some());
        if !there {
            return Err(Stale);
        }
        let mut deleted = Deleted::default();
        for (at, section) in self.sections.iter().enumerate() {
            if sections.contains(&section.id) {
                deleted.sections.push((at, section.clone()));
                continue;
            }
            let gone = section.lessons.iter().enumerate().filter(|(_, lesson)| lessons.contains(&lesson.id));
            deleted.lessons.extend(gone.map(|(at, lesson)| (section.id, at, lesson.clone())));
        }
        self.sections.retain(|section| !sections.contains(&section.id));
        for section in &mut self.sections {
            section.lessons.retain(|lesson| !lessons.contains(&lesson.id));
        }
        self.bin.push((deletion, deleted));
        Ok(())
    }

    fn restore(&mut self, deletion: DeletionId) -> Result<(), Stale> {
        let Deleted { sections, lessons } = self.deleted(deletion).cloned().ok_or(Stale)?;
        if lessons.iter().any(|(section, ..)| self.section(*section).is_none()) {
            return Err(Stale);
        }
        for (at, section) in sections {
            if self.section(section.id).is_none() {
                self.sections.insert(at.min(self.sections.len()), section);
            }
        }
        for (section, at, lesson) in lessons {
            if self.lesson(lesson.id).is_none()
                && let Some(section) = self.section_mut(section)
            {
                section.lessons.insert(at.min(section.lessons.len()), lesson);
            }
        }
        Ok(())
    }

    fn deleted(&self, id: DeletionId) -> Option<&Deleted> {
        self.bin.iter().find(|(deletion, _)| *deletion == id).map(|(_, deleted)| deleted)
    }

    fn section_mut(&mut self, id: SectionId) -> Option<&mut Branch> {
        self.sections.iter_mut().find(|section| section.id == id)
    }

    fn lesson_mut(&mut self, id: LessonId) -> Option<&mut Leaf> {
        self.sections.iter_mut().flat_map(|section| &mut section.lessons).find(|lesson| lesson.id == id)
    }
}

/// What fits, taken out of a list.
fn taken<T>(list: &mut Vec<T>, fits: impl Fn(&T) -> bool) -> Option<T> {
    list.iter().position(fits).map(|at| list.remove(at))
}
