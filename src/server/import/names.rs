//! Names of courses, sections and lessons: one line, never empty, never too long.

use std::path::Path;

use super::summary::Chapter;
use super::{MAX_NAME_CHARS, Warning};

/// The name of what has none and nothing to make one from.
pub(super) const UNTITLED: &str = "Untitled";

/// The name of a chapter; made from its file, with a warning, where it has none.
pub(super) fn name_of(chapter: &Chapter, file: &Path, warnings: &mut Vec<Warning>) -> String {
    let name = tidy(&chapter.name);
    if !name.is_empty() {
        return cut(name, file, chapter.line, warnings);
    }
    let stem = chapter.path.as_deref().and_then(|path| Path::new(path).file_stem());
    let name = stem.map(|stem| of_file(&stem.to_string_lossy())).unwrap_or_default();
    let name = if name.is_empty() { UNTITLED.to_owned() } else { name };
    let name = cut(name, file, chapter.line, warnings);
    warnings.push(Warning::new(file, chapter.line, format!("a name is empty: \"{name}\" stands in its place")));
    name
}

/// A name made of a file's, which is given without its ending; may be empty.
pub(super) fn of_file(stem: &str) -> String {
    sentence_case(&stem.replace(['-', '_'], " "))
}

fn sentence_case(name: &str) -> String {
    let name = tidy(name);
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A name on one line, without NUL bytes and without space that is not between two words.
pub(super) fn tidy(name: &str) -> String {
    name.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first [`MAX_NAME_CHARS`] characters of a name, with a warning where there were more.
pub(super) fn cut(name: String, file: &Path, line: usize, warnings: &mut Vec<Warning>) -> String {
    if name.chars().count() <= MAX_NAME_CHARS {
        return name;
    }
    warnings.push(Warning::new(file, line, format!("a name is longer than {MAX_NAME_CHARS} characters: it is cut")));
    name.chars().take(MAX_NAME_CHARS).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::summary::Place;
    use super::*;

    #[test]
    fn an_empty_name_is_made_from_the_file_with_a_warning() {
        let mut warnings = Vec::new();
        let mut name = |name: &str, path: Option<&str>| {
            let path = path.map(str::to_owned);
            let chapter = Chapter { name: name.to_owned(), path, line: 7, place: Place::Numbered { depth: 1 } };
            name_of(&chapter, Path::new("SUMMARY.md"), &mut warnings)
        };
        assert_eq!(name(" ", Some("first/my-page.md")), "My page");
        assert_eq!(name("", None), UNTITLED);
        assert_eq!(name(" A\n b", None), "A b");
        assert_eq!(warnings.iter().map(|warning| warning.line).collect::<Vec<_>>(), [7, 7]);
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let mut warnings = Vec::new();
        let name = cut("é".repeat(201), Path::new("a"), 3, &mut warnings);
        assert_eq!((name.chars().count(), warnings.len(), warnings[0].line), (200, 1, 3));
    }
}
