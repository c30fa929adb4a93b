//! What an author does, in words.

use crate::domain::deletion::count;
use crate::domain::outline_edit::{Intent, Row, Tree};

/// What undo takes back. The tree is the one that it is about to be done to.
pub fn of(tree: &Tree, intent: &Intent) -> String {
    match intent {
        Intent::MoveLessons { lessons, .. } => {
            format!("moving {}", rows(tree, lessons.iter().map(|id| Row::Lesson(*id))))
        }
        Intent::MoveSection { section, .. } => format!("moving {}", rows(tree, [Row::Section(*section)])),
        Intent::Rename { row, .. } => format!("renaming {}", rows(tree, [*row])),
        Intent::SetStatus { rows: all, .. } => format!("the status of {}", rows(tree, all.iter().copied())),
        Intent::AddSection { name } | Intent::AddLesson { name, .. } => format!("adding “{}”", name.trim()),
        Intent::Delete { rows: all } => format!("deleting {}", rows(tree, all.iter().copied())),
    }
}

/// What came of it, as it is read out. The tree is the one that it was done to.
pub fn done(tree: &Tree, intent: &Intent, across: bool) -> String {
    match intent {
        Intent::MoveLessons { lessons, to, .. } => {
            let Some((section, at)) = lessons.first().and_then(|lesson| tree.place(*lesson)) else {
                return String::new();
            };
            let here = rows(tree, lessons.iter().map(|id| Row::Lesson(*id)));
            if lessons.len() > 1 {
                return format!("{here} are in “{}”.", tree.name(Row::Section(*to)).unwrap_or_default());
            }
            let place = format!("{here} is lesson {} of {}", at + 1, section.lessons.len());
            if across { format!("{place} in “{}”.", section.name) } else { format!("{place}.") }
        }
        Intent::MoveSection { section, .. } => {
            let at = tree.sections.iter().position(|other| other.id == *section).unwrap_or_default();
            format!("{} is section {} of {}.", rows(tree, [Row::Section(*section)]), at + 1, tree.sections.len())
        }
        Intent::Rename { name, .. } => format!("It is called “{}” now.", name.trim()),
        Intent::SetStatus { rows: all, status } => {
            format!("{}: {}.", rows(tree, all.iter().copied()), status.label())
        }
        Intent::AddSection { name } => format!("The section “{}” was added.", name.trim()),
        Intent::AddLesson { name, .. } => format!("The lesson “{}” was added as a draft.", name.trim()),
        Intent::Delete { .. } => "Deleted. It can be restored for a day.".to_owned(),
    }
}

/// What others did.
pub fn followed(who: &str) -> String {
    match who {
        "" => "The outline was changed elsewhere.".to_owned(),
        who => format!("{who} changed the outline."),
    }
}

/// `“Basics”`, or `3 lessons`.
pub fn rows(tree: &Tree, rows: impl IntoIterator<Item = Row>) -> String {
    let rows: Vec<Row> = rows.into_iter().collect();
    let section = rows.iter().find(|row| matches!(row, Row::Section(_)));
    match (rows.as_slice(), section) {
        ([one], _) | (_, Some(one)) => format!("“{}”", tree.name(*one).unwrap_or_default()),
        (many, None) => count(many.len() as i64, "lesson", "lessons"),
    }
}
