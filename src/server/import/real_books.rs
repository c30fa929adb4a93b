//! The demo courses, and a large real book where one is at hand.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::tests::lessons;
use super::*;

#[test]
fn the_demo_courses_are_read_without_a_warning() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    if !demo.is_dir() {
        println!("skipped: {} is not there", demo.display());
        return;
    }
    for (folder, sections, lesson_count, previews, private) in
        [("sell-your-first-course", 3, 12, 2, 1), ("write-lessons-people-finish", 1, 4, 0, 0)]
    {
        let course = read_course(&demo.join(folder), Ids::Fresh, &mut |_, _| {}).unwrap();
        let with = |status| lessons(&course).filter(|lesson| lesson.status == status).count();
        assert_eq!(course.warnings, []);
        assert_eq!((course.sections.len(), lessons(&course).count()), (sections, lesson_count), "{folder}");
        assert_eq!((with(ImportedStatus::Preview), with(ImportedStatus::Private)), (previews, private), "{folder}");
        assert!(!course.description.is_empty());
    }
}

/// Where large real books lie, each in a folder of its own.
fn books() -> PathBuf {
    std::env::var_os("LECTERN_COURSES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/courses"), PathBuf::from)
}

/// The book's outline counted line by line, without a Markdown parser: lessons, and sections as runs of lines.
fn counted(summary: &str) -> (usize, usize) {
    let (mut lesson_count, mut sections) = (0, 0);
    let entries = summary
        .lines()
        .filter(|line| line.starts_with("# ") || line.trim_start().trim_start_matches("- ").starts_with('['));
    let entries = entries.collect::<Vec<_>>();
    let mut run = String::new();
    let mut part = "";
    for (index, line) in entries.iter().enumerate() {
        if line.starts_with("# ") {
            part = line;
            continue;
        }
        lesson_count += 1;
        let has_children = entries.get(index + 1).is_some_and(|next| next.starts_with("  "));
        let this = match (line.as_bytes()[0], has_children) {
            (b' ', _) => continue,
            (_, true) => index.to_string(),
            (first, false) => format!("{part}{}", first == b'['),
        };
        sections += usize::from(this != run);
        run = this;
    }
    (lesson_count, sections)
}

#[test]
fn a_real_book_is_read_as_its_outline_says() {
    let root = books().join("comprehensive-rust");
    if !root.is_dir() {
        println!("skipped: {} is not there", root.display());
        return;
    }
    let start = Instant::now();
    let course = read_course(&root, Ids::Fresh, &mut |_, _| {}).unwrap();
    let took = start.elapsed();
    let summary = std::fs::read_to_string(root.join("src/SUMMARY.md")).unwrap();
    assert_eq!((lessons(&course).count(), course.sections.len()), counted(&summary));
    assert_eq!(course.title, "Comprehensive Rust 🦀");

    let mut ids = course.sections.iter().map(|section| section.id).collect::<HashSet<_>>();
    ids.extend(lessons(&course).map(|lesson| lesson.id));
    assert_eq!(ids.len(), course.sections.len() + lessons(&course).count());
    let urls =
        lessons(&course).map(|lesson| format!("/courses/{}/lessons/{}", course.id, lesson.id)).collect::<HashSet<_>>();
    for text in lessons(&course).filter_map(|lesson| lesson.markdown.as_deref()) {
        for (at, _) in text.match_indices("](/courses/") {
            let url = text[at + 2..].split([')', '#']).next().unwrap();
            assert!(urls.contains(url), "{url}");
        }
        assert!(!text.contains("{{#") && !text.contains("{{%") && !text.contains("```rust,"), "{text}");
    }
    for warning in &course.warnings {
        let file = std::fs::read_to_string(root.join(&warning.file)).unwrap();
        assert!((1..=file.lines().count()).contains(&warning.line), "{warning:?}");
    }

    let mut kinds = HashMap::<String, usize>::new();
    for warning in &course.warnings {
        *kinds.entry(warning.what.split('`').step_by(2).collect::<Vec<_>>().join("…")).or_default() += 1;
    }
    println!(
        "{} sections, {} lessons, {took:?}, warnings: {kinds:#?}",
        course.sections.len(),
        lessons(&course).count()
    );
}
