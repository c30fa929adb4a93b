//! Whole courses, small ones made here.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

/// A folder that goes away with the value.
pub(super) struct TempFolder(PathBuf);

impl TempFolder {
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        // A folder left over in the system's temporary one is no reason to fail.
        _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A new folder with these files in it.
pub(super) fn folder_with(files: &[(&str, &str)]) -> TempFolder {
    let folder = TempFolder(std::env::temp_dir().join(format!("lectern-import-{}", Uuid::new_v4())));
    std::fs::create_dir_all(folder.path()).unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn course(files: &[(&str, &str)]) -> Result<ImportedCourse, ImportError> {
    read_course(folder_with(files).path(), Ids::Fresh, &mut |_, _| {})
}

pub(super) fn lessons(course: &ImportedCourse) -> impl Iterator<Item = &ImportedLesson> {
    course.sections.iter().flat_map(|section| &section.lessons)
}

#[test]
fn a_chapter_without_a_link_is_a_private_lesson() {
    let course = course(&[("src/SUMMARY.md", "- [A](a.md)\n- [B]()"), ("src/a.md", "x")]).unwrap();
    let draft = &course.sections[0].lessons[1];
    assert_eq!((draft.name.as_str(), &draft.markdown, draft.status), ("B", &None, ImportedStatus::Private));
    assert_eq!(course.warnings, []);
}

#[test]
fn a_description_that_the_courses_form_would_refuse_is_an_error_that_names_it() {
    let long = "é".repeat(validate::DESCRIPTION_MAX + 1);
    for (file, text, said) in [
        ("lectern.toml", format!("[course]\ndescription = \"{long}\""), "lectern.toml: the description of the course"),
        ("book.toml", format!("[book]\ndescription = \"{long}\""), "book.toml: the description of the course"),
        (
            "lectern.toml",
            format!("[course]\nverbatim = true\ndescription = \"{long}\""),
            "lectern.toml: the description",
        ),
    ] {
        let error = course(&[("SUMMARY.md", "- [A](a.md)"), ("a.md", "x"), (file, &text)]).unwrap_err().to_string();
        assert!(error.starts_with(said) && error.contains("at most 20000 characters"), "{error}");
    }
    let fine = format!("[book]\ndescription = \" {} \"", "é".repeat(validate::DESCRIPTION_MAX));
    let made = course(&[("SUMMARY.md", "- [A](a.md)"), ("a.md", "x"), ("book.toml", &fine)]).unwrap();
    assert_eq!(made.description.chars().count(), validate::DESCRIPTION_MAX);
}

#[test]
fn the_files_of_all_lessons_together_are_bounded() {
    let with = |lessons: usize| {
        let folder = folder_with(&[]);
        let summary: String = (0..lessons).map(|n| format!("- [L{n}](a.md)\n")).collect();
        std::fs::write(folder.path().join("SUMMARY.md"), summary).unwrap();
        std::fs::write(folder.path().join("a.md"), "[all](large.bin)").unwrap();
        // Takes no room: nothing was written to it.
        let large = std::fs::File::create(folder.path().join("large.bin")).unwrap();
        large.set_len(MAX_FILE_BYTES).unwrap();
        read_course(folder.path(), Ids::Fresh, &mut |_, _| {})
    };
    assert_eq!(lessons(&with(100).unwrap()).map(|lesson| lesson.files.len()).sum::<usize>(), 100);
    assert!(matches!(with(101), Err(ImportError::TooManyBytes { lesson }) if lesson == "L100"));
}

#[test]
fn a_page_without_a_file_is_a_private_lesson_with_a_warning() {
    let files = [
        ("src/SUMMARY.md", "\n- [A](a.md)\n- [B](../../b.md)"),
        ("lectern.toml", "[[lesson]]\npath = \"a.md\"\nstatus = \"public\""),
    ];
    let course = course(&files).unwrap();
    for (lesson, (warning, line)) in lessons(&course).zip(course.warnings.iter().zip([2, 3])) {
        assert_eq!((&lesson.markdown, lesson.status), (&None, ImportedStatus::Private));
        assert_eq!((warning.file.as_path(), warning.line), (Path::new("src/SUMMARY.md"), line));
    }
    assert_eq!(course.warnings.len(), 2);
}

#[test]
fn a_page_listed_twice_is_two_lessons_and_links_lead_to_the_first() {
    let course = course(&[("SUMMARY.md", "- [A](a.md)\n- [B](./a.md)"), ("a.md", "[x](a.md)")]).unwrap();
    let [first, second] = course.sections[0].lessons.as_slice() else { panic!("two lessons") };
    let text = format!("[x](/courses/{}/lessons/{})", course.id, first.id);
    assert_eq!((first.markdown.as_ref(), second.markdown.as_ref()), (Some(&text), Some(&text)));
    assert_eq!((course.warnings.len(), course.warnings[0].line), (1, 2));
}

#[test]
fn the_title_comes_from_the_book_then_the_summary_then_the_folder() {
    let title = |files: &[(&str, &str)]| course(files).unwrap().title;
    let summary = ("src/SUMMARY.md", "# Heading\n- [A]()");
    assert_eq!(title(&[summary, ("book.toml", "[book]\ntitle = \" The\\nBook \"\n[output.html]")]), "The Book");
    assert_eq!(title(&[summary, ("book.toml", "[book]\nauthors = [\"A\"]")]), "Heading");
    let dir = folder_with(&[("my course/SUMMARY.md", "# Summary\n- [A]()")]);
    assert_eq!(read_course(&dir.path().join("my course"), Ids::Fresh, &mut |_, _| {}).unwrap().title, "my course");
}

#[test]
fn the_manifest_says_what_mdbook_does_not_know() {
    let manifest = "[course]\ndescription = \"Ours\"\n[[lesson]]\npath = \"a/b.md\"\nstatus = \"preview\"\nvideo_url = \"https://v.example/1.mp4\"\n[[section]]\nname = \"Second\"\nstatus = \"private\"\n[[lesson]]\npath = \"x.md\"";
    let course = course(&[
        ("book.toml", "[book]\ntitle = \"T\"\ndescription = \"Theirs\"\nsrc = \"text\""),
        ("lectern.toml", manifest),
        ("text/SUMMARY.md", "- [First](a/b.md)\n  - [C](c.md)\n- [Second]()\n  - [D](c.md)"),
        ("text/a/b.md", "\u{feff}# First\n\nB"),
        ("text/c.md", "C"),
    ])
    .unwrap();
    assert_eq!(course.description, "Ours");
    let [first, second] = course.sections.as_slice() else { panic!("two sections") };
    assert!(first.public && !second.public);
    assert_eq!(first.lessons[0].markdown.as_deref(), Some("B"));
    assert_eq!(first.lessons[0].status, ImportedStatus::Preview);
    assert_eq!(first.lessons[0].video_url.as_deref(), Some("https://v.example/1.mp4"));
    assert_eq!(first.lessons[1].status, ImportedStatus::Public);
    let stranger = course.warnings.iter().find(|warning| warning.file == Path::new("lectern.toml")).unwrap();
    assert_eq!(stranger.line, 11);
}

#[test]
fn warnings_name_the_line_of_the_file_after_everything_that_moves_lines() {
    let page = "---\nx: 1\n---\n\n# A\n\n```rust\n# hidden\n{{#include code.rs}}\n```\n\n{{#title T}}\n![p](p.png)\n";
    let files = [("src/SUMMARY.md", "- [A](a.md)"), ("src/a.md", page), ("src/code.rs", "1\n2\n3\n")];
    let course = course(&files).unwrap();
    assert_eq!(lessons(&course).next().unwrap().markdown.as_deref(), Some("```rust\n1\n2\n3\n```\n\n\n*p*\n"));
    let lines = course.warnings.iter().map(|warning| (warning.file.as_path(), warning.line)).collect::<Vec<_>>();
    assert_eq!(lines, [(Path::new("src/a.md"), 12), (Path::new("src/a.md"), 13)]);
}

#[test]
fn progress_counts_every_lesson() {
    let dir = folder_with(&[("SUMMARY.md", "- [A](a.md)\n- [B]()\n- [C]()\n  - [D]()")]);
    let mut seen = Vec::new();
    read_course(dir.path(), Ids::Fresh, &mut |done, total| seen.push((done, total))).unwrap();
    assert_eq!(seen, [(1, 3), (2, 3), (3, 3)]);
}

#[test]
fn every_error_names_the_file_and_what_to_do() {
    let dir = folder_with(&[("SUMMARY.md", "- [A](a.md)")]);
    std::fs::write(dir.path().join("a.md"), b"x\n\xff").unwrap();
    let error = read_course(dir.path(), Ids::Fresh, &mut |_, _| {}).unwrap_err().to_string();
    assert_eq!(error, "a.md is not UTF-8 (line 2): save it in that encoding");

    let message = |files: &[(&str, &str)]| course(files).unwrap_err().to_string();
    assert!(message(&[("a.md", "")]).contains("no SUMMARY.md in"));
    assert!(message(&[("book.toml", "[book]\nsrc = \"../x\"")]).contains("book.toml: `src = \"../x\"`"));
    assert!(message(&[("book.toml", "[book\n")]).contains("book.toml is not understood"));
    assert!(message(&[("src/SUMMARY.md", "- text")]).contains("src/SUMMARY.md line 1 not understood"));
    assert!(message(&[("src/SUMMARY.md", "")]).contains("src/SUMMARY.md lists no pages"));
    let missing = read_course(Path::new("/nowhere/at/all"), Ids::Fresh, &mut |_, _| {}).unwrap_err().to_string();
    assert!(missing.contains("/nowhere/at/all is not a folder"));
}

proptest! {
    #[test]
    fn no_outline_and_no_page_makes_the_reader_panic(
        summary in r"([#*\-+>\[\]()<!`a-z0-9. \t\n&;\\é]|\[[a-z]?\]\([a-z.]{0,3}\)|\n- |\n  - |\n# |---\n){0,60}",
        page in r"([#*\-+>\[\]()<!`~|:a-z0-9. \t\r\n&;\\\x00é]|\{\{#include [a-z:0-9]{0,4}\}\}|\[[a-z]?\]\([a-z.# ]{0,5}\)|!\[|\]: |```rust\n|\n> |\n- |---\n){0,80}",
    ) {
        let outline = format!("{summary}\n\n[x](a)\n[y](b.md)\n");
        let dir = folder_with(&[("SUMMARY.md", &outline), ("a", &page), ("b.md", &page)]);
        if let Ok(course) = read_course(dir.path(), Ids::Fresh, &mut |_, _| {}) {
            for section in &course.sections {
                prop_assert!(!section.lessons.is_empty() && !section.name.trim().is_empty());
            }
            for lesson in lessons(&course) {
                prop_assert!(!lesson.name.trim().is_empty());
                prop_assert!(lesson.markdown.as_deref().is_none_or(|text| !text.contains('\0')));
            }
        }
    }
}
