//! Plans, from a course and a folder that differ in one thing.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::file::FileKind;
use crate::domain::id::SectionId;
use crate::domain::lesson::LessonStatus;
use crate::domain::section::SectionStatus;
use crate::server::export::{File, Lesson, Section};
use crate::server::import::{ImportedFile, ImportedLesson, ImportedSection, ImportedStatus};
use uuid::Uuid;

const VTT: &str = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nGood evening.\n";

fn lesson(n: u128, name: &str) -> Lesson {
    Lesson {
        id: LessonId(Uuid::from_u128(n)),
        name: name.to_owned(),
        status: LessonStatus::Public,
        markdown: Some(format!("About\n{name}\n")),
        video_url: None,
        completes_by_watching: true,
        files: Vec::new(),
        captions: Vec::new(),
    }
}

fn file(n: u128, name: &str, kind: FileKind) -> File {
    File { id: FileId(Uuid::from_u128(n)), kind, name: name.to_owned(), bytes: 3 }
}

/// Two sections, *Dough* with *Flour* and *Water*, *Oven* with *Heat*.
fn course() -> Course {
    let section = |n: u128, name: &str, lessons| Section {
        id: SectionId(Uuid::from_u128(n)),
        name: name.to_owned(),
        status: SectionStatus::Private,
        lessons,
    };
    let mut flour = lesson(11, "Flour");
    flour.files = vec![file(91, "a.png", FileKind::Picture), file(92, "film.webm", FileKind::Video)];
    flour.captions = vec![("en".to_owned(), VTT.to_owned())];
    Course {
        id: CourseId(Uuid::from_u128(1)),
        title: "Bread".to_owned(),
        description: "All of it.".to_owned(),
        sections: vec![
            section(10, "Dough", vec![flour, lesson(12, "Water")]),
            section(20, "Oven", vec![lesson(21, "Heat")]),
        ],
    }
}

/// The folder that a course is exported as, read again.
fn folder(course: &Course) -> ImportedCourse {
    let lesson = |lesson: &Lesson| ImportedLesson {
        incomplete: false,
        id: lesson.id.0,
        name: lesson.name.clone(),
        markdown: lesson.markdown.clone(),
        page_missing: false,
        status: match lesson.status {
            LessonStatus::Public => ImportedStatus::Public,
            LessonStatus::Preview => ImportedStatus::Preview,
            LessonStatus::Private => ImportedStatus::Private,
        },
        video_url: lesson.video_url.clone(),
        completes_by_watching: lesson.completes_by_watching,
        captions: lesson.captions.clone(),
        files: lesson.files.iter().map(imported).collect(),
    };
    ImportedCourse {
        id: course.id.0,
        exported_as: Some(course.id.0),
        title: course.title.clone(),
        description: course.description.clone(),
        sections: course
            .sections
            .iter()
            .map(|section| ImportedSection {
                id: section.id.0,
                name: section.name.clone(),
                public: section.status == SectionStatus::Public,
                said: true,
                lessons: section.lessons.iter().map(lesson).collect(),
            })
            .collect(),
        warnings: Vec::new(),
    }
}

fn imported(file: &File) -> ImportedFile {
    ImportedFile {
        path: file.name.clone().into(),
        name: file.name.clone(),
        kind: file.kind,
        content_type: "x/y",
        bytes: file.bytes,
    }
}

fn known() -> Known {
    let same = [91, 92].map(|n| FileId(Uuid::from_u128(n))).into();
    Known { same, completions: [(LessonId(Uuid::from_u128(12)), 3)].into() }
}

/// The plan for the folder with this edit, and its lines.
fn edited(delete: bool, edit: impl FnOnce(&mut ImportedCourse)) -> (Plan, Vec<String>) {
    let stored = course();
    let mut folder = folder(&stored);
    edit(&mut folder);
    let plan = plan(&stored, &folder, &known(), delete).unwrap();
    let lines = plan.changes.iter().map(|change| change.line()).collect();
    (plan, lines)
}

fn order(plan: &Plan) -> Vec<(u128, Vec<u128>)> {
    let ids = |lessons: &[LessonId]| lessons.iter().map(|id| id.0.as_u128()).collect();
    plan.sections.iter().map(|section| (section.id.0.as_u128(), ids(&section.lessons))).collect()
}

#[test]
fn a_folder_that_nobody_edited_changes_nothing() {
    for delete in [true, false] {
        let (plan, lines) = edited(delete, |_| ());
        assert!(plan.is_empty() && lines.is_empty() && plan.lessons.is_empty(), "{lines:?}");
        assert_eq!((order(&plan), plan.same_lessons()), (vec![(10, vec![11, 12]), (20, vec![21])], 3));
    }
}

#[test]
fn each_edit_is_one_line_and_writes_one_thing() {
    type Edit = fn(&mut ImportedCourse);
    let edits: [(Edit, &[&str]); 10] = [
        (|f| f.title = "Brot".into(), &["~ course “Brot”: was “Bread”"]),
        (|f| f.description.push_str("\nAnd more."), &["~ course “Bread”: description +2 −1 lines"]),
        (|f| f.sections[1].name = "Fire".into(), &["~ section “Fire”: was “Oven”"]),
        (|f| f.sections[0].public = true, &["~ section “Dough”: private → public"]),
        (|f| f.sections[0].lessons[1].status = ImportedStatus::Preview, &["~ lesson “Water”: public → preview"]),
        (
            |f| f.sections[0].lessons[1].markdown = Some("About\nwater\nand more\n".into()),
            &["~ lesson “Water”: text +2 −1 lines"],
        ),
        (
            |f| f.sections[0].lessons[1].video_url = Some("https://youtu.be/x".into()),
            &["~ lesson “Water”: video https://youtu.be/x"],
        ),
        (
            |f| f.sections[0].lessons[1].completes_by_watching = false,
            &["~ lesson “Water”: completed by the button alone"],
        ),
        (|f| f.sections.reverse(), &["~ section “Oven”: moved, first"]),
        (
            |f| {
                let water = f.sections[0].lessons.remove(1);
                f.sections[1].lessons.push(water);
            },
            &["~ lesson “Water”: moved to “Oven”, after “Heat”"],
        ),
    ];
    for (edit, expected) in edits {
        let (plan, lines) = edited(false, edit);
        assert_eq!(lines, expected);
        assert!(!plan.is_empty() && plan.lessons.len() <= 1, "{lines:?}");
    }
    let (plan, _) = edited(false, |folder| folder.sections[0].lessons[1].video_url = Some("https://youtu.be/x".into()));
    assert!(plan.lessons[0].other_video);
    let (plan, _) = edited(false, |folder| folder.sections[0].lessons[1].name = "Milk".into());
    assert!(!plan.lessons[0].other_video);
}

#[test]
fn what_the_folder_does_not_have_stays_where_it_was_unless_it_is_to_go() {
    let without_water = |folder: &mut ImportedCourse| {
        folder.sections[0].lessons.remove(1);
    };
    let (plan, lines) = edited(false, without_water);
    assert_eq!(lines, ["= lesson “Water”: not in the folder, stays"]);
    assert!(plan.is_empty());
    assert_eq!(order(&plan), [(10, vec![11, 12]), (20, vec![21])]);
    let (plan, lines) = edited(true, without_water);
    assert_eq!(lines, ["- lesson “Water”: removed, with 3 completions of learners"]);
    assert_eq!(order(&plan), [(10, vec![11]), (20, vec![21])]);
    assert_eq!(plan.gone_lessons, [LessonId(Uuid::from_u128(12))]);

    let without_dough = |folder: &mut ImportedCourse| {
        let flour = folder.sections.remove(0).lessons.remove(0);
        folder.sections[0].lessons.push(flour);
    };
    let (plan, _) = edited(false, without_dough);
    assert_eq!(order(&plan), [(10, vec![12]), (20, vec![21, 11])]);
    let (plan, _) = edited(true, without_dough);
    assert_eq!(order(&plan), [(20, vec![21, 11])]);
    assert_eq!((plan.gone_sections.len(), plan.gone_lessons.len()), (1, 1));
}

#[test]
fn what_is_new_takes_its_place_under_its_own_id() {
    let (plan, lines) = edited(false, |folder| {
        let mut new = folder.sections[1].lessons[0].clone();
        (new.id, new.name, new.files) =
            (Uuid::from_u128(77), "Salt".into(), vec![imported(&file(0, "s.pdf", FileKind::Attachment))]);
        folder.sections[0].lessons.insert(1, new);
    });
    assert_eq!(lines, ["+ lesson “Salt”: new in “Dough”, public, 2 lines; file s.pdf added (3 B)"]);
    assert_eq!(order(&plan), [(10, vec![11, 77, 12]), (20, vec![21])]);
    assert_eq!(plan.new_ids().collect::<Vec<_>>(), [Uuid::from_u128(77)]);
    assert_eq!(plan.lessons[0].pieces.bring.len(), 1);
}

#[test]
fn a_section_that_was_renamed_in_the_summary_alone_is_the_one_that_its_lessons_come_from() {
    let (plan, lines) = edited(true, |folder| {
        let section = &mut folder.sections[0];
        (section.id, section.name, section.said, section.public) = (Uuid::from_u128(70), "Batter".into(), false, true);
    });
    // It stays as private as it was.
    assert_eq!(lines, ["~ section “Batter”: was “Dough”"]);
    assert_eq!(order(&plan), [(10, vec![11, 12]), (20, vec![21])]);
    // One that the manifest speaks of is new.
    let (plan, _) = edited(true, |folder| folder.sections[0].id = Uuid::from_u128(70));
    assert_eq!(plan.gone_sections, [SectionId(Uuid::from_u128(10))]);
}

#[test]
fn files_and_captions_are_compared_by_name_and_by_bytes() {
    let flour = |folder: &mut ImportedCourse| folder.sections[0].lessons[0].clone();
    let with = |delete, edit: &dyn Fn(&mut ImportedLesson)| {
        edited(delete, |folder| {
            let mut lesson = flour(folder);
            edit(&mut lesson);
            folder.sections[0].lessons[0] = lesson;
        })
    };
    let (plan, lines) = with(false, &|lesson| lesson.files.clear());
    assert_eq!(
        lines,
        ["= lesson “Flour”: file a.png not in the folder, stays; file film.webm not in the folder, stays"]
    );
    assert!(plan.lessons.is_empty());
    let (plan, lines) = with(true, &|lesson| lesson.files.clear());
    assert_eq!(lines, ["~ lesson “Flour”: file a.png removed; file film.webm removed"]);
    assert_eq!((plan.lessons[0].pieces.drop.len(), plan.lessons[0].other_video), (2, true));
    // Another film takes the place of the one there is, whatever else stays.
    let (plan, lines) = with(false, &|lesson| lesson.files[1].name = "cut.webm".into());
    assert_eq!(lines, ["~ lesson “Flour”: file cut.webm in the place of film.webm"]);
    assert_eq!((plan.lessons[0].pieces.bring.len(), plan.lessons[0].pieces.drop.len()), (1, 1));
    assert!(plan.lessons[0].other_video);
    let (plan, lines) = with(false, &|lesson| lesson.captions = vec![("de".into(), VTT.into())]);
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("captions in Deutsch added") && lines[0].contains("English not in the folder"),
        "{lines:?}"
    );
    assert_eq!((plan.lessons[0].pieces.captions.len(), plan.lessons[0].pieces.drop_captions.len()), (1, 0));

    // Other bytes under the same name.
    let stored = course();
    let other = Known { same: [FileId(Uuid::from_u128(92))].into(), ..known() };
    let plan = super::plan(&stored, &folder(&stored), &other, false).unwrap();
    assert_eq!(plan.changes[0].line(), "~ lesson “Flour”: file a.png changed");
    assert_eq!((plan.lessons[0].pieces.drop.len(), plan.lessons[0].other_video), (1, false));
}

#[test]
fn a_page_that_is_listed_and_not_there_takes_no_text_away() {
    let stored = course();
    let mut folder = folder(&stored);
    folder.sections[0].lessons[1].page_missing = true;
    let refused = plan(&stored, &folder, &known(), false).unwrap_err();
    assert!(refused.contains("“Water”") && refused.contains("put it back"), "{refused}");
}

#[test]
fn a_state_is_another_one_where_anything_differs() {
    let mut other = course();
    assert_eq!(state_of(&course()), state_of(&other));
    other.sections[0].lessons[0].captions[0].1.push('x');
    assert_ne!(state_of(&course()), state_of(&other));
}
