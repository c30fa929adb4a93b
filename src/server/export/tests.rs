//! What is exported is imported as it was, whatever authors write.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::server::import::{Ids, ImportedCourse, read_course};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::path::Path;
use uuid::Uuid;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR";
const WEBM: &[u8] = include_bytes!("../../../end2end/media/clip.webm");
const VTT: &str = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nGood &amp; evening.\n";

fn bytes_of(name: &str) -> &'static [u8] {
    match name.rsplit('.').next() {
        Some("png") => PNG,
        Some("webm") => WEBM,
        _ => b"bytes",
    }
}

/// Writes the folder; what is in the store is made up by its name.
fn write(course: &Course, folder: &Path) {
    for piece in pieces(course) {
        let path = folder.join(&piece.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let bytes = match &piece.content {
            Content::Text(text) => text.as_bytes(),
            Content::Stored(..) => bytes_of(&piece.path),
        };
        std::fs::write(path, bytes).unwrap();
    }
}

/// What was imported, as it would be exported from where it came.
fn stored(imported: ImportedCourse, like: &Course) -> Course {
    let ids: std::collections::HashMap<(LessonId, String), FileId> = like
        .sections
        .iter()
        .flat_map(|section| &section.lessons)
        .flat_map(|lesson| lesson.files.iter().map(|file| ((lesson.id, file.name.clone()), file.id)))
        .collect();
    let sections = imported.sections.into_iter().map(|section| Section {
        id: SectionId(section.id),
        name: section.name,
        status: if section.public { SectionStatus::Public } else { SectionStatus::Private },
        lessons: section
            .lessons
            .into_iter()
            .map(|lesson| Lesson {
                id: LessonId(lesson.id),
                name: lesson.name,
                status: lesson.status.into(),
                markdown: lesson.markdown,
                video_url: lesson.video_url,
                completes_by_watching: lesson.completes_by_watching,
                files: lesson
                    .files
                    .into_iter()
                    .map(|file| File {
                        id: ids[&(LessonId(lesson.id), file.name.clone())],
                        kind: file.kind,
                        name: file.name,
                        bytes: file.bytes,
                    })
                    .collect(),
                captions: lesson.captions,
            })
            .collect(),
    });
    Course {
        id: CourseId(imported.id),
        title: imported.title,
        description: imported.description,
        sections: sections.collect(),
    }
}

fn back_again(course: &Course) -> (Course, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    write(course, folder.path());
    let imported = read_course(folder.path(), Ids::Kept, &mut |_, _| {}).unwrap();
    let warnings = imported.warnings.iter().map(|warning| format!("{warning:?}")).collect();
    (stored(imported, course), warnings)
}

/// A name as a form takes it: one line, trimmed.
fn name() -> impl Strategy<Value = String> {
    "[ -~äß日🦀]{1,40}".prop_map(|name| name.trim().to_owned()).prop_filter("is empty", |name| !name.is_empty())
}

/// What texts are made of; `{0}` … `{3}` stand for lessons of the course.
const FRAGMENTS: [&str; 34] = [
    "# A heading\n\n",
    "Words *and* words.\n",
    "---\nkey: value\n---\n",
    "{{#include ../secret}}\n",
    "\n\n\n",
    "  ",
    "[to]({0}) ",
    "[to]({1}#user-part \"Title\") ",
    "![A](curve.png) ",
    "[file](<notes.pdf>)\n",
    "[gone](nowhere.md) ",
    "[out](../../x.md) ",
    "[a][r] ![b][p]\n\n[r]: {2} 'T'\n[p]: curve.png\n\n",
    "<a href=\"{3}\">x</a> <img src='curve.png'>\n",
    "```rust,editable\nfn main() {} // [x]({0})\n```\n\n",
    "`[x]({0})` ",
    "| a | b |\n|---|---|\n| [x]({1}) | ![y](curve.png) |\n\n",
    "> [!NOTE]\n> [x]({2})\n\n",
    "- [ ] task\n- [x] [done]({3})\n",
    "$x_1$ \\[not a link\\](\\{0}) ",
    "&amp; &lt;b&gt; \u{feff} é 🦀\n",
    "{{#quiz x}}\n",
    "[a&#98;c]({0}) ",
    "[x](https://example.org/a.md#b) ",
    "[e]() ",
    "![](curve.png)\n",
    "[x](#here) ",
    "<!-- [x]({0}) ![y](curve.png) -->\n",
    "[nested ![i](curve.png)]({1})\n",
    "* * *\n",
    "1. one\n   [x]({2})\n",
    "~~gone~~ [^1]\n\n[^1]: note [x]({0})\n",
    "    indented [x]({1})\n",
    "[x](../01-a/01-a.md ",
];

fn text() -> impl Strategy<Value = Option<Vec<usize>>> {
    proptest::option::weighted(0.85, proptest::collection::vec(0..FRAGMENTS.len(), 1..8))
}

type RawLesson = (String, LessonStatus, Option<Vec<usize>>, Option<String>, bool, Vec<&'static str>, bool);

fn lesson() -> impl Strategy<Value = RawLesson> {
    (
        name(),
        select(LessonStatus::ALL.to_vec()),
        text(),
        proptest::option::of(select(vec![
            "https://youtu.be/dQw4w9WgXcQ".to_owned(),
            "https://x.example/a.mp4?b=%22c&é=#".to_owned(),
        ])),
        any::<bool>(),
        subsequence(vec!["curve.png", "film.webm", "notes.pdf", "x y.csv"], 0..=4),
        any::<bool>(),
    )
}

fn course() -> impl Strategy<Value = Course> {
    let section = (name(), select(SectionStatus::ALL.to_vec()), proptest::collection::vec(lesson(), 0..4));
    (name(), ".{0,60}", proptest::collection::vec(section, 0..4)).prop_map(|(title, description, sections)| {
        let id = CourseId(Uuid::new_v4());
        let mut sections: Vec<(Section, Vec<Option<Vec<usize>>>)> = sections
            .into_iter()
            .map(|(name, status, lessons)| {
                let mut texts = Vec::new();
                let lessons = lessons.into_iter().map(|(name, status, text, video_url, by_watching, files, said)| {
                    texts.push(text);
                    let kind = |name: &str| match name {
                        "curve.png" => FileKind::Picture,
                        "film.webm" => FileKind::Video,
                        _ => FileKind::Attachment,
                    };
                    let file = |name: &str| File {
                        id: FileId(Uuid::new_v4()),
                        kind: kind(name),
                        name: name.to_owned(),
                        bytes: bytes_of(name).len() as i64,
                    };
                    Lesson {
                        id: LessonId(Uuid::new_v4()),
                        name,
                        status,
                        markdown: None,
                        video_url,
                        completes_by_watching: by_watching,
                        files: files.into_iter().map(file).collect(),
                        captions: if said {
                            vec![("de".into(), VTT.into()), ("en".into(), VTT.into())]
                        } else {
                            Vec::new()
                        },
                    }
                });
                (Section { id: SectionId(Uuid::new_v4()), name, status, lessons: lessons.collect() }, texts)
            })
            .collect();
        let all: Vec<LessonId> =
            sections.iter().flat_map(|(section, _)| &section.lessons).map(|lesson| lesson.id).collect();
        for (section, texts) in &mut sections {
            for (lesson, text) in section.lessons.iter_mut().zip(texts) {
                lesson.markdown = text.as_ref().map(|fragments| {
                    let mut text = fragments.iter().map(|at| FRAGMENTS[*at]).collect::<String>();
                    for n in 0..4 {
                        text =
                            text.replace(&format!("{{{n}}}"), &format!("/courses/{id}/lessons/{}", all[n % all.len()]));
                    }
                    text
                });
            }
        }
        let description = description.replace('\0', "");
        Course { id, title, description, sections: sections.into_iter().map(|(section, _)| section).collect() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_course_comes_back_byte_by_byte_and_is_exported_alike(course in course()) {
        let (again, _) = back_again(&course);
        prop_assert_eq!(&again, &course);
        prop_assert_eq!(pieces(&again), pieces(&course));
    }
}

#[test]
fn names_keep_the_space_between_their_words() {
    let lesson = Lesson {
        id: LessonId(Uuid::from_u128(3)),
        name: "One  more".into(),
        status: LessonStatus::Public,
        markdown: None,
        video_url: None,
        completes_by_watching: true,
        files: Vec::new(),
        captions: Vec::new(),
    };
    let course = Course {
        id: CourseId(Uuid::from_u128(1)),
        title: "\u{1f980}  A   title".into(),
        description: String::new(),
        sections: vec![Section {
            id: SectionId(Uuid::from_u128(2)),
            name: "A  section".into(),
            status: SectionStatus::Public,
            lessons: vec![lesson],
        }],
    };
    assert_eq!(back_again(&course).0, course);
}

#[test]
fn an_exported_page_is_one_that_mdbook_shows() {
    let id = CourseId(Uuid::from_u128(1));
    let lesson = |n: u128, name: &str, markdown: &str| Lesson {
        id: LessonId(Uuid::from_u128(n)),
        name: name.to_owned(),
        status: LessonStatus::Preview,
        markdown: Some(markdown.to_owned()),
        video_url: None,
        completes_by_watching: true,
        files: vec![File {
            id: FileId(Uuid::from_u128(9)),
            kind: FileKind::Picture,
            name: "curve.png".into(),
            bytes: PNG.len() as i64,
        }],
        captions: Vec::new(),
    };
    let first = format!("[on](/courses/{id}/lessons/{}#user-x) ![A](curve.png)", Uuid::from_u128(3));
    let section = |n: u128, name: &str, lessons| Section {
        id: SectionId(Uuid::from_u128(n)),
        name: name.to_owned(),
        status: SectionStatus::Public,
        lessons,
    };
    let course = Course {
        id,
        title: "Bread".into(),
        description: String::new(),
        sections: vec![
            section(4, "The dough", vec![lesson(2, "Flour & *water*", &first)]),
            section(5, "Baking", vec![lesson(3, "Heat", "Hot.")]),
        ],
    };
    let texts: std::collections::HashMap<String, String> = pieces(&course)
        .into_iter()
        .filter_map(|piece| match piece.content {
            Content::Text(text) => Some((piece.path, text)),
            Content::Stored(..) => None,
        })
        .collect();
    assert_eq!(
        texts["src/01-the-dough/01-flour-water.md"],
        "# Flour \\& \\*water\\*\n\n[on](../02-baking/01-heat.md#user-x) ![A](01-flour-water/curve.png)"
    );
    assert_eq!(
        texts["src/SUMMARY.md"],
        "# Summary\n\n# The dough\n\n- [Flour \\& \\*water\\*](01-the-dough/01-flour-water.md)\n\n# Baking\n\n- [Heat](02-baking/01-heat.md)\n"
    );
    let (again, warnings) = back_again(&course);
    assert_eq!((again, warnings), (course, Vec::<String>::new()));
}
