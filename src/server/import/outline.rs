//! From a book's outline to a course's: which chapters make a section, and what everything is called.

use std::path::Path;

use uuid::Uuid;

use super::names::{cut, name_of, tidy};
use super::summary::{Chapter, Entry, Place, Summary};
use super::{ImportError, MAX_PAGES, Warning};

/// A section before its pages are read.
#[derive(Debug)]
pub(super) struct PlannedSection {
    pub id: Uuid,
    pub name: String,
    /// Where that is known.
    pub public: Option<bool>,
    pub lessons: Vec<PlannedLesson>,
}

impl PlannedSection {
    fn new(name: String, lessons: Vec<PlannedLesson>) -> Self {
        Self { id: Uuid::new_v4(), name, public: None, lessons }
    }
}

/// A lesson before its page is read.
#[derive(Debug)]
pub(super) struct PlannedLesson {
    pub id: Uuid,
    pub name: String,
    /// As in SUMMARY.md; `None` for a draft.
    pub path: Option<String>,
    /// In SUMMARY.md.
    pub line: usize,
}

impl PlannedLesson {
    fn of(chapter: &Chapter, file: &Path, warnings: &mut Vec<Warning>) -> Self {
        let name = name_of(chapter, file, warnings);
        Self { id: Uuid::new_v4(), name, path: chapter.path.clone(), line: chapter.line }
    }
}

/// What a chapter at the margin belongs to while it has no chapters of its own. Neighbours that are equal share a section.
#[derive(Debug, PartialEq, Eq)]
enum Gathering {
    Prefix,
    Suffix,
    /// The index of the part's heading among the entries.
    Part(Option<usize>),
}

/// Sorts a book's chapters into sections, keeping their order.
///
/// - A chapter at the margin that has chapters below it is a section. Its own page is the first lesson, the pages below
///   follow, whatever their depth. A draft at the margin gives the section its name only: it has no page to be a lesson.
/// - Chapters at the margin without others below them gather, neighbours together, in a section that is called after
///   the part; before the first part heading, after the course. A `---` between them does not divide them.
/// - Prefix chapters gather in "Introduction", suffix chapters in "Appendix". A part heading right above suffix chapters
///   names them instead; one with a list below it does not, because that list is what it is about.
/// - A draft below another chapter is a lesson even when it has chapters below it, so that its name is not lost.
///
/// # Errors
/// A book without any lesson, or with more than [`MAX_PAGES`].
pub(super) fn plan(
    summary: &Summary,
    course: &str,
    file: &Path,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<PlannedSection>, ImportError> {
    let mut sections: Vec<PlannedSection> = Vec::new();
    // The part that is open, with its place and whether a list already stands in it.
    let mut part: Option<(usize, String)> = None;
    let mut part_has_list = false;
    let mut gathering = None;

    for (index, entry) in summary.entries.iter().enumerate() {
        let chapter = match entry {
            Entry::Part { name, line } => {
                let name = cut(tidy(name), file, *line, warnings);
                part = (!name.is_empty()).then_some((index, name));
                part_has_list = false;
                continue;
            }
            Entry::Chapter(chapter) => chapter,
        };
        let lesson = PlannedLesson::of(chapter, file, warnings);
        if matches!(chapter.place, Place::Numbered { depth: 2.. })
            && let Some(section) = sections.last_mut()
        {
            section.lessons.push(lesson);
            continue;
        }
        if has_chapters_below(&summary.entries[index + 1..]) {
            gathering = None;
            part_has_list = true;
            let own = lesson.path.is_some();
            let name = lesson.name.clone();
            sections.push(PlannedSection::new(name, if own { vec![lesson] } else { Vec::new() }));
            continue;
        }
        let (kind, name) = match chapter.place {
            Place::Prefix => (Gathering::Prefix, "Introduction"),
            Place::Suffix => match &part {
                Some((at, name)) if !part_has_list => (Gathering::Part(Some(*at)), name.as_str()),
                _ => (Gathering::Suffix, "Appendix"),
            },
            Place::Numbered { .. } => {
                part_has_list = true;
                let name = part.as_ref().map_or(course, |(_, name)| name);
                (Gathering::Part(part.as_ref().map(|(at, _)| *at)), name)
            }
        };
        match sections.last_mut() {
            Some(section) if gathering.as_ref() == Some(&kind) => section.lessons.push(lesson),
            _ => sections.push(PlannedSection::new(name.to_owned(), vec![lesson])),
        }
        gathering = Some(kind);
    }

    match sections.iter().map(|section| section.lessons.len()).sum() {
        0 => Err(ImportError::NoPages { file: file.to_path_buf() }),
        found if found > MAX_PAGES => Err(ImportError::TooManyPages { file: file.to_path_buf(), found }),
        _ => Ok(sections),
    }
}

/// The sections of a book that was exported: every part is one, whether it has chapters or not.
///
/// # Errors
/// A book with more than [`MAX_PAGES`].
pub(super) fn as_written(
    summary: &Summary,
    course: &str,
    file: &Path,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<PlannedSection>, ImportError> {
    let mut sections: Vec<PlannedSection> = Vec::new();
    for entry in &summary.entries {
        match entry {
            Entry::Part { name, line } => {
                sections.push(PlannedSection::new(cut(tidy(name), file, *line, warnings), Vec::new()));
            }
            Entry::Chapter(chapter) => {
                let lesson = PlannedLesson::of(chapter, file, warnings);
                match sections.last_mut() {
                    Some(section) => section.lessons.push(lesson),
                    None => sections.push(PlannedSection::new(course.to_owned(), vec![lesson])),
                }
            }
        }
    }
    match sections.iter().map(|section| section.lessons.len()).sum() {
        found if found > MAX_PAGES => Err(ImportError::TooManyPages { file: file.to_path_buf(), found }),
        _ => Ok(sections),
    }
}

fn has_chapters_below(rest: &[Entry]) -> bool {
    matches!(rest.first(), Some(Entry::Chapter(Chapter { place: Place::Numbered { depth: 2.. }, .. })))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `section: lesson, lesson` for each section.
    fn sketch(text: &str) -> Vec<String> {
        let file = Path::new("SUMMARY.md");
        let sections = plan(&Summary::parse(text, file).unwrap(), "Course", file, &mut Vec::new()).unwrap();
        let names =
            |lessons: &[PlannedLesson]| lessons.iter().map(|lesson| lesson.name.clone()).collect::<Vec<_>>().join(", ");
        sections.iter().map(|section| format!("{}: {}", section.name, names(&section.lessons))).collect()
    }

    #[test]
    fn a_chapter_with_chapters_below_is_a_section_that_begins_with_its_own_page() {
        let text = "- [A](a.md)\n  - [B](b.md)\n    - [C](c.md)\n  - [D](d.md)\n- [E](e.md)\n  - [F](f.md)";
        assert_eq!(sketch(text), ["A: A, B, C, D", "E: E, F"]);
    }

    #[test]
    fn a_draft_with_chapters_below_gives_the_section_its_name_only() {
        assert_eq!(sketch("- [A]()\n  - [B](b.md)\n  - [C]()\n    - [D](d.md)"), ["A: B, C, D"]);
    }

    #[test]
    fn chapters_without_others_below_gather_under_the_part_or_the_course() {
        let text = "- [A](a.md)\n- [B](b.md)\n\n# One\n- [C](c.md)\n\n---\n\n- [D](d.md)\n- [E](e.md)\n  - [F](f.md)\n- [G](g.md)";
        assert_eq!(sketch(text), ["Course: A, B", "One: C, D", "E: E, F", "One: G"]);
    }

    #[test]
    fn parts_of_the_same_name_stay_apart() {
        assert_eq!(
            sketch("- [X](x.md)\n\n# One\n- [A](a.md)\n\n# One\n- [B](b.md)"),
            ["Course: X", "One: A", "One: B"]
        );
    }

    #[test]
    fn prefix_and_suffix_chapters_have_sections_of_their_own() {
        assert_eq!(
            sketch("[A](a.md)\n[B](b.md)\n\n# One\n- [C](c.md)\n\n[D](d.md)\n\n[E](e.md)"),
            ["Introduction: A, B", "One: C", "Appendix: D, E"]
        );
    }

    #[test]
    fn a_part_heading_right_above_suffix_chapters_names_them() {
        assert_eq!(sketch("- [A](a.md)\n\n# Thanks\n\n[B](b.md)\n\n[C](c.md)"), ["Course: A", "Thanks: B, C"]);
    }

    #[test]
    fn a_book_without_pages_or_with_too_many_is_an_error() {
        let file = Path::new("SUMMARY.md");
        let plan = |text: &str| plan(&Summary::parse(text, file).unwrap(), "Course", file, &mut Vec::new());
        assert!(matches!(plan("# Summary\n\nNothing yet."), Err(ImportError::NoPages { .. })));
        assert!(plan(&"- [A](a.md)\n".repeat(MAX_PAGES)).is_ok());
        assert!(matches!(
            plan(&"- [A](a.md)\n".repeat(MAX_PAGES + 1)),
            Err(ImportError::TooManyPages { found: 5001, .. })
        ));
    }
}
