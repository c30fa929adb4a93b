//! Folders whose changes are brought into the course that they were exported from.

use crate::fields;
use crate::import::{files_of, url};
use crate::support::store::{assert_order_is_dense, count, dump_without};
use crate::support::{App, Course, World, course, lesson, section};
use clap::Parser;
use lectern::domain::change::Change;
use lectern::domain::id::LessonId;
use lectern::server::commands;
use lectern::server::config::{Cli, Config};
use sqlx::PgPool;
use std::fs;
use std::path::{Path, PathBuf};
use uuid::Uuid;

mod random;

/// The command line beside an application: its database and its data folder.
pub struct Beside<'a> {
    pub app: &'a App,
    pub folder: tempfile::TempDir,
}

impl<'a> Beside<'a> {
    pub fn new(app: &'a App) -> Self {
        Self { app, folder: tempfile::tempdir().expect("a folder") }
    }

    pub fn config(&self) -> Config {
        let (url, data) = (url(self.app), self.app.state.config.settings.data_dir.display().to_string());
        let cli = Cli::parse_from(["lectern", "--mode", "demo", "--database-url", &url, "--data-dir", &data]);
        Config::new(cli.settings).expect("the settings hold together")
    }

    pub async fn export(&self, course: impl ToString, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        commands::export(self.config(), &course.to_string(), &path).await.expect("is exported");
        path
    }

    pub async fn import(&self, path: &Path) {
        commands::import(self.config(), path, true).await.expect("is imported");
    }

    /// Updates, and returns the lines that were shown.
    pub async fn update(&self, path: &Path, delete: bool) -> Result<Vec<String>, String> {
        let mut shown = Vec::new();
        let consent = async |changes: &[Change]| {
            shown = changes.iter().map(Change::line).collect();
            Ok(true)
        };
        commands::update(self.config(), path, delete, consent).await?;
        Ok(shown)
    }
}

fn edit(file: PathBuf, from: &str, to: &str) {
    let text = fs::read_to_string(&file).expect("is there");
    assert!(text.contains(from), "no {from} in {text}");
    fs::write(file, text.replace(from, to)).unwrap();
}

/// Every row but the mark that says whose the store is.
async fn rows(app: &App) -> Vec<(String, String)> {
    dump_without(&app.pool, &["site_secrets"]).await
}

/// Files in the store, without that mark.
fn files(app: &App) -> usize {
    let folder = app.state.config.settings.data_dir.join("files");
    fs::read_dir(folder).unwrap().filter(|file| file.as_ref().unwrap().file_name() != "owner").count()
}

async fn two_sections(app: &App) -> Course {
    let one = section("One").with(lesson("Stays")).with(lesson("Moves")).with(lesson("Goes"));
    course("Sold").with(one).with(section("Two").private().with(lesson("Last"))).create(app).await
}

/// The states of a lesson that were noted: by whom, name and text.
async fn texts_of(app: &App, id: LessonId) -> Vec<(Option<Uuid>, String, Option<String>)> {
    sqlx::query_as("select author_id, name, markdown from lesson_versions where lesson_id = $1 order by created_at")
        .bind(id.0)
        .fetch_all(&app.pool)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn dr7_an_update_brings_edits_in_and_leaves_ids_and_progress(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let course = two_sections(&app).await;
    app.give(&world.learner, &course).await;
    for lesson in course.lessons() {
        let done = fields!["course" => course.id, "lesson" => lesson.id, "done" => true];
        app.call(&world.learner, "complete_lesson", done).await;
    }
    let completed = app.completed_by(world.learner.id.0).await;
    assert_eq!(completed.len(), 3);
    let beside = Beside::new(&app);
    let folder = beside.export(course.id, "folder").await;
    let first = &course.sections[0];
    let (stays, moves, goes) = (&first.lessons[0], &first.lessons[1], &first.lessons[2]);
    let page = |start: &str| {
        let files = files_of(&folder);
        let path = files.keys().find(|path| path.contains(start) && path.ends_with(".md")).expect("has a page");
        folder.join(path)
    };
    edit(page("01-stays"), "The text", "Another text\nof two lines");
    // Renamed in the summary, moved to the other section, and one that is new, without an id.
    let summary = fs::read_to_string(folder.join("src/SUMMARY.md")).unwrap();
    let mut lines: Vec<String> = summary.lines().map(str::to_owned).collect();
    let moving = lines.iter().position(|line| line.contains("02-moves")).expect("is listed");
    let moving = lines.remove(moving).replace("Moves", "Moved");
    lines.retain(|line| !line.contains("03-goes"));
    lines.push(moving);
    lines.push("- [Brand new](new.md)".to_owned());
    fs::write(folder.join("src/SUMMARY.md"), lines.join("\n")).unwrap();
    fs::write(folder.join("src/new.md"), "# Brand new\n\n![A](new.png)\n").unwrap();
    fs::write(folder.join("src/new.png"), b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR").unwrap();

    let shown = beside.update(&folder, false).await.expect("is updated");
    assert_eq!(shown.len(), 4, "{shown:#?}");
    assert!(shown[0].starts_with("~ lesson “Stays") && shown[0].ends_with("text +2 −1 lines"), "{shown:#?}");
    assert!(shown[1].starts_with("= lesson “Goes") && shown[1].ends_with("stays"), "{shown:#?}");
    assert!(shown[2].contains("was “Moves") && shown[2].contains("moved to “Two"), "{shown:#?}");
    assert!(shown[3].starts_with("+ lesson “Brand new”: new in “Two"), "{shown:#?}");
    assert_eq!(app.lessons_of(first.id.0).await, [stays.id.0, goes.id.0]);
    let second = app.lessons_of(course.sections[1].id.0).await;
    assert_eq!((second.len(), second[1]), (3, moves.id.0));
    assert_eq!(app.completed_by(world.learner.id.0).await, completed);
    assert_order_is_dense(&app.pool).await;
    let texts = texts_of(&app, stays.id).await;
    assert_eq!(texts.len(), 2);
    assert!(texts[1].2.as_ref().unwrap().contains("Another text\nof two lines"), "{texts:?}");
    // A move alone is no other text.
    assert_eq!(texts_of(&app, goes.id).await.len(), 0);
    assert_eq!(count(&app.pool, "lesson_files where name = 'new.png' and kind = 'picture'").await, 1);
    assert_eq!(files(&app), 1);

    // Again it finds nothing but what is kept; told to, it removes that with its completion.
    let before = rows(&app).await;
    edit(folder.join("lectern.toml"), "[course]", "# Looked at.\n[course]");
    let again = beside.export(course.id, "again").await;
    assert!(beside.update(&again, true).await.expect("has nothing to do").is_empty());
    assert_eq!(rows(&app).await, before);
    edit(again.join("src/SUMMARY.md"), "Stays", "Kept");
    let goes_line = fs::read_to_string(again.join("src/SUMMARY.md")).unwrap();
    let goes_line = goes_line.lines().find(|line| line.contains("-goes")).unwrap().to_owned();
    edit(again.join("src/SUMMARY.md"), &goes_line, "");
    let shown = beside.update(&again, true).await.expect("is updated");
    assert!(shown.iter().any(|line| line.ends_with("removed, with 1 completion")), "{shown:#?}");
    assert_eq!(app.lessons_of(first.id.0).await, [stays.id.0]);
    assert_eq!(app.completed_by(world.learner.id.0).await.len(), 2);
    assert_order_is_dense(&app.pool).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_update_without_a_yes_or_of_a_folder_that_names_no_course_changes_nothing(pool: PgPool) {
    let app = App::new(pool);
    let course = two_sections(&app).await;
    let beside = Beside::new(&app);
    let folder = beside.export(course.id, "folder").await;
    edit(folder.join("src/SUMMARY.md"), "Stays", "Renamed");
    let before = rows(&app).await;
    // Tests have no terminal.
    let ask = async |changes: &[Change]| commands::consent(changes, false);
    let refused = commands::update(beside.config(), &folder, false, ask).await.expect_err("nobody said yes");
    assert!(refused.contains("--yes"), "{refused}");
    let no = async |_: &[Change]| Ok(false);
    commands::update(beside.config(), &folder, false, no).await.expect("no is an answer");
    assert_eq!(rows(&app).await, before);

    edit(folder.join("lectern.toml"), "verbatim = true", "");
    let refused = beside.update(&folder, false).await.expect_err("names none");
    assert!(refused.contains("names no course"), "{refused}");
    let other = beside.export(course.id, "other").await;
    sqlx::query("delete from courses where id = $1").bind(course.id.0).execute(&app.pool).await.unwrap();
    let refused = beside.update(&other, false).await.expect_err("is gone");
    assert!(refused.contains("not here any more"), "{refused}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_course_that_changed_since_its_changes_were_shown_is_left_as_it_is(pool: PgPool) {
    let app = App::new(pool);
    let course = two_sections(&app).await;
    let beside = Beside::new(&app);
    let folder = beside.export(course.id, "folder").await;
    edit(folder.join("src/SUMMARY.md"), "Stays", "Renamed");
    fs::create_dir_all(folder.join("src/new")).unwrap();
    edit(folder.join("src/SUMMARY.md"), "# Summary\n", "# Summary\n\n- [New](new.md)\n");
    fs::write(folder.join("src/new.md"), "# New\n\n[data](data.csv)\n").unwrap();
    fs::write(folder.join("src/data.csv"), "a,b\n").unwrap();
    let last = course.sections[1].lessons[0].id.0;
    for change in [
        "update lessons set description = 'Saved meanwhile.' where id = $1",
        "update lessons set status = 'private' where id = $1",
        "insert into lesson_captions (lesson_id, language, vtt) values ($1, 'de', 'WEBVTT')",
        "delete from lesson_files where lesson_id = $1",
        r#"update course_sections set "order" = 1 - "order" where course_id = (
          select course_id from course_sections s join lessons l on l.section_id = s.id where l.id = $1)"#,
        "update courses set title = 'Renamed meanwhile' where id = (
          select course_id from course_sections s join lessons l on l.section_id = s.id where l.id = $1)",
        "delete from lessons where id = $1",
    ] {
        let mut after = Vec::new();
        let meanwhile = async |_: &[Change]| {
            sqlx::query(sqlx::AssertSqlSafe(change)).bind(last).execute(&app.pool).await.unwrap();
            after = rows(&app).await;
            Ok(true)
        };
        let refused = commands::update(beside.config(), &folder, false, meanwhile).await.expect_err(change);
        assert!(refused.contains("meanwhile"), "{change}: {refused}");
        assert_eq!(rows(&app).await, after, "{change}");
        assert_eq!(files(&app), 0, "{change}: what was brought is taken back");
    }
    // What was deleted meanwhile is made again, with its file.
    beside.update(&folder, false).await.expect("the next time it is as shown");
    assert_eq!((files(&app), app.lessons_of(course.sections[1].id.0).await), (2, vec![last]));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_folder_cannot_take_another_courses_lesson_by_naming_its_id(pool: PgPool) {
    let app = App::new(pool);
    let (course, other) = (two_sections(&app).await, two_sections(&app).await);
    let beside = Beside::new(&app);
    let folder = beside.export(course.id, "folder").await;
    let (own, foreign) = (course.sections[0].lessons[0].id, other.sections[0].lessons[0].id);
    edit(folder.join("lectern.toml"), &own.to_string(), &foreign.to_string());
    let before = rows(&app).await;
    let refused = beside.update(&folder, false).await.expect_err("is refused");
    assert!(refused.contains("another course"), "{refused}");
    assert_eq!(rows(&app).await, before);
}
