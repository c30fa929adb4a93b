//! What pages and files are called in the folder, and names as Markdown.

use super::Course;
use crate::domain::id::LessonId;
use std::collections::HashMap;

/// Most characters of a part of a path that is made from a name.
const SLUG_MAX: usize = 48;

/// Where each lesson's page is, relative to `src` and without its ending: `02-bread/01-the-dough`. A lesson's files
/// are in the folder of that name.
pub struct Places(HashMap<LessonId, String>);

impl Places {
    pub fn of(course: &Course) -> Self {
        let mut places = HashMap::new();
        for (section, number) in course.sections.iter().zip(1..) {
            for (lesson, at) in section.lessons.iter().zip(1..) {
                places.insert(lesson.id, format!("{}/{}", numbered(number, &section.name), numbered(at, &lesson.name)));
            }
        }
        Self(places)
    }

    pub fn of_lesson(&self, lesson: LessonId) -> Option<&str> {
        self.0.get(&lesson).map(String::as_str)
    }
}

/// The number keeps names apart that are written alike.
fn numbered(number: usize, name: &str) -> String {
    match slug(name) {
        slug if slug.is_empty() => format!("{number:02}"),
        slug => format!("{number:02}-{slug}"),
    }
}

/// A name in letters, digits and hyphens; empty where it has none of those.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' if slug.len() < SLUG_MAX => slug.push(letter),
            _ if slug.is_empty() || slug.ends_with('-') || slug.len() >= SLUG_MAX => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

pub fn captions(language: &str) -> String {
    format!("captions.{language}.vtt")
}

/// The way from one page to another.
pub fn from(own: &str, other: &str) -> String {
    let ((folder, _), (other_folder, page)) = (split(own), split(other));
    if folder == other_folder { format!("{page}.md") } else { format!("../{other}.md") }
}

fn split(place: &str) -> (&str, &str) {
    place.split_once('/').unwrap_or(("", place))
}

/// A page's first lines: its lesson's name, which the player shows above the text.
pub fn heading(name: &str) -> String {
    format!("# {}\n\n", escaped(name))
}

/// A name in which nothing is taken for Markdown.
pub fn escaped(name: &str) -> String {
    name.chars().fold(String::with_capacity(name.len()), |mut out, letter| {
        if letter.is_ascii_punctuation() && !matches!(letter, ',' | '.' | '\'' | '?' | ':' | ';' | '/' | '%') {
            out.push('\\');
        }
        out.push(letter);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_of_names_and_never_of_what_a_path_means() {
        for (name, path) in [
            ("The if Name", "07-the-if-name"),
            ("../../etc/passwd", "07-etc-passwd"),
            ("Größe & Maß", "07-gr-e-ma"),
            ("日本語", "07"),
            (&"a b".repeat(99), &format!("07-{}", "a-ba-ba-ba-ba-ba-ba-ba-ba-ba-ba-ba-ba-ba-ba-ba-b")),
        ] {
            assert!(numbered(7, name).starts_with(&path[..path.len().min(40)]), "{name}: {}", numbered(7, name));
            assert!(numbered(7, name).len() <= SLUG_MAX + 3);
        }
    }

    #[test]
    fn the_way_from_page_to_page() {
        assert_eq!(from("01-a/01-b", "01-a/02-c"), "02-c.md");
        assert_eq!(from("01-a/01-b", "02-d/01-e"), "../02-d/01-e.md");
    }
}
