//! Any course, any edits: what comes out is the folder that went in.

use super::Beside;
use crate::import::files_of;
use crate::support::store::assert_order_is_dense;
use crate::support::{App, CLIP};
use lectern::domain::file::FileKind;
use lectern::domain::id::{CourseId, FileId, LessonId, SectionId};
use lectern::domain::lesson::LessonStatus;
use lectern::domain::section::SectionStatus;
use lectern::server::export::{Content, Course, File, Lesson, Section, pieces};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use sqlx::PgPool;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use uuid::Uuid;

const ROUNDS: usize = 24;
const NAMES: [&str; 8] = ["Bread", "The *dough*", "Größe & Maß", "日本語 🦀", "a", "A", "# One", "[x](y)"];
const TEXTS: [&str; 6] = [
    "Words.\n",
    "# A heading\n\nWords *and* words.\n",
    "[to]({link}) ![A](curve.png)\n",
    "> [!NOTE]\n> [x]({link}#user-part)\n\n```rust\nfn main() {}\n```\n",
    "---\nkey: value\n---\n\n{{#include ../x}}\n",
    "One\n\nTwo\n\nThree\n",
];
const FILES: [(&str, FileKind, &[u8]); 3] = [
    ("curve.png", FileKind::Picture, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    ("film.webm", FileKind::Video, CLIP),
    ("notes.bin", FileKind::Attachment, b"notes"),
];

struct Dice(std::vec::IntoIter<usize>);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0.next().expect("there are enough throws") % sides.max(1)
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.throw(all.len())]
    }
}

/// A course, and the bytes of its files.
#[derive(Clone)]
struct Made {
    course: Course,
    bytes: HashMap<FileId, Vec<u8>>,
}

impl Made {
    fn any(dice: &mut Dice) -> Self {
        let id = CourseId(Uuid::new_v4());
        let course = Course { id, title: dice.of(&NAMES).to_owned(), description: String::new(), sections: Vec::new() };
        let mut made = Self { course, bytes: HashMap::new() };
        for _ in 0..dice.throw(4) {
            made.add_section(dice);
            for _ in 0..dice.throw(4) {
                made.add_lesson(dice);
            }
        }
        made
    }

    fn add_section(&mut self, dice: &mut Dice) {
        let (name, status) = (dice.of(&NAMES).to_owned(), dice.of(&SectionStatus::ALL));
        let at = dice.throw(self.course.sections.len() + 1);
        let section = Section { id: SectionId(Uuid::new_v4()), name, status, lessons: Vec::new() };
        self.course.sections.insert(at, section);
    }

    fn add_lesson(&mut self, dice: &mut Dice) {
        if self.course.sections.is_empty() {
            return;
        }
        let lesson = Lesson {
            id: LessonId(Uuid::new_v4()),
            name: dice.of(&NAMES).to_owned(),
            status: dice.of(&LessonStatus::ALL),
            markdown: self.text(dice),
            video_url: None,
            completes_by_watching: dice.throw(2) == 0,
            files: Vec::new(),
            captions: Vec::new(),
        };
        self.place(dice, lesson);
    }

    fn place(&mut self, dice: &mut Dice, lesson: Lesson) {
        let section = dice.throw(self.course.sections.len());
        let lessons = &mut self.course.sections[section].lessons;
        let at = dice.throw(lessons.len() + 1);
        lessons.insert(at, lesson);
    }

    fn text(&self, dice: &mut Dice) -> Option<String> {
        let lessons: Vec<LessonId> = self.course.sections.iter().flat_map(|s| &s.lessons).map(|l| l.id).collect();
        let link = lessons.get(dice.throw(lessons.len())).map(|id| format!("/courses/{}/lessons/{id}", self.course.id));
        let text: String = (0..dice.throw(4)).map(|_| dice.of(&TEXTS)).collect();
        let text = text.replace("{link}", &link.unwrap_or_default());
        (!text.is_empty()).then_some(text)
    }

    /// One thing that an author may do.
    fn edit(&mut self, dice: &mut Dice) {
        let sections = self.course.sections.len();
        if sections == 0 {
            return self.add_section(dice);
        }
        let at = dice.throw(sections);
        match dice.throw(9) {
            0 => self.course.title = dice.of(&NAMES).to_owned(),
            1 => self.course.description.push_str(dice.of(&["More.", "\n\nAnd more: \"x\"."])),
            2 => self.add_section(dice),
            3 => _ = self.course.sections.remove(at),
            4 => self.course.sections[at].name = dice.of(&NAMES).to_owned(),
            5 => self.course.sections[at].status = dice.of(&SectionStatus::ALL),
            6 => {
                let to = dice.throw(sections);
                self.course.sections.swap(at, to);
            }
            _ => self.add_lesson(dice),
        }
    }

    /// One thing that an author may do to a lesson.
    fn edit_lesson(&mut self, dice: &mut Dice) {
        let all: Vec<(usize, usize)> = self
            .course
            .sections
            .iter()
            .enumerate()
            .flat_map(|(at, section)| (0..section.lessons.len()).map(move |lesson| (at, lesson)))
            .collect();
        if all.is_empty() {
            return self.add_lesson(dice);
        }
        let (section, at) = dice.of(&all);
        let text = self.text(dice);
        let (name, kind, bytes) = dice.of(&FILES);
        let lesson = &mut self.course.sections[section].lessons[at];
        match dice.throw(10) {
            0 => lesson.name = dice.of(&NAMES).to_owned(),
            1 => lesson.status = dice.of(&LessonStatus::ALL),
            2 => lesson.markdown = text,
            3 => lesson.video_url = dice.of(&[None, Some("https://youtu.be/dQw4w9WgXcQ")]).map(str::to_owned),
            4 => lesson.completes_by_watching = !lesson.completes_by_watching,
            5 => {
                let lesson = self.course.sections[section].lessons.remove(at);
                self.place(dice, lesson);
            }
            6 => _ = self.course.sections[section].lessons.remove(at),
            7 => lesson.files.retain(|file| file.name != name),
            8 => {
                // New, or other bytes under the same name.
                let bytes = [bytes, &vec![7; dice.throw(3)]].concat();
                let file = File { id: FileId(Uuid::new_v4()), kind, name: name.to_owned(), bytes: bytes.len() as i64 };
                lesson.files.retain(|file| file.name != name);
                lesson.files.push(file.clone());
                lesson.files.sort_by(|one, other| one.name.cmp(&other.name));
                self.bytes.insert(file.id, bytes);
            }
            _ => {
                let vtt = format!("WEBVTT\n\n00:00:00.000 --> 00:00:0{}.000\nHello.\n", 1 + dice.throw(3));
                lesson.captions = match dice.throw(3) {
                    0 => Vec::new(),
                    1 => vec![("de".to_owned(), vtt)],
                    _ => vec![("de".to_owned(), vtt.clone()), ("en".to_owned(), vtt)],
                };
            }
        }
    }

    /// Writes the folder that it is exported as.
    fn write(&self, folder: &Path) {
        for piece in pieces(&self.course) {
            let path = folder.join(&piece.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            match &piece.content {
                Content::Text(text) => fs::write(path, text).unwrap(),
                Content::Stored(id, _) => fs::write(path, &self.bytes[id]).unwrap(),
            }
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn any_course_with_any_edits_comes_out_as_the_folder_that_went_in(pool: PgPool) {
    let app = App::new(pool);
    let beside = Beside::new(&app);
    let mut runner = TestRunner::deterministic();
    let mut changed = 0;
    for round in 0..ROUNDS {
        let throws = vec(any::<usize>(), 2_000).new_tree(&mut runner).expect("numbers").current();
        let mut dice = Dice(throws.into_iter());
        let mut made = Made::any(&mut dice);
        for _ in 0..dice.throw(12) {
            made.edit_lesson(&mut dice);
        }
        let first = beside.folder.path().join(format!("{round}-first"));
        made.write(&first);
        beside.import(&first).await;
        let stored = beside.export(made.course.id, &format!("{round}-stored")).await;
        assert!(files_of(&stored) == files_of(&first), "round {round} is imported");

        for _ in 0..1 + dice.throw(8) {
            if dice.throw(3) == 0 { made.edit(&mut dice) } else { made.edit_lesson(&mut dice) }
        }
        let edited = beside.folder.path().join(format!("{round}-edited"));
        made.write(&edited);
        let shown = beside.update(&edited, true).await.expect("is updated");
        let out = beside.export(made.course.id, &format!("{round}-out")).await;
        assert!(files_of(&out) == files_of(&edited), "round {round}: {shown:#?}");
        assert_eq!(shown.is_empty(), files_of(&edited) == files_of(&stored), "round {round}: {shown:#?}");
        assert_order_is_dense(&app.pool).await;
        changed += shown.len();
        // What nothing names any more, nor what can be restored, is gone from the store.
        let mut rows = crate::support::store::count(&app.pool, "lesson_files").await;
        rows += crate::support::store::count(&app.pool, "deleted_rows where relation = 'lesson_files'").await;
        assert_eq!(super::files(&app) as i64, rows, "round {round}");
    }
    assert!(changed > 2 * ROUNDS, "there was something to do: {changed}");
}
