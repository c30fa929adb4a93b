//! Courses that come in as folders, stored whole or not at all.

use crate::support::store::{assert_order_is_dense, count, dump};
use crate::support::{App, Person};
use clap::Parser;
use lectern::domain::id::CourseId;
use lectern::error::AppError;
use lectern::server::config::{Cli, Config};
use lectern::server::import::{Ids, ImportedCourse, read_course};
use lectern::server::importing::{self, Imported};
use lectern::server::{commands, demo};
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The store's half of `lectern import --new`.
async fn store(app: &App, course: ImportedCourse) -> Result<CourseId, AppError> {
    match importing::store(&app.state.db, &app.state.files, course, true).await? {
        Imported::Stored(id) | Imported::Existing(id) => Ok(id),
        Imported::Known => unreachable!("its ids are its own"),
    }
}

fn read(folder: &Path) -> ImportedCourse {
    read_course(folder, Ids::Fresh, &mut |_, _| ()).expect("the folder is a course")
}

/// A book of two parts, written for the test.
fn small_book() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("src")).unwrap();
    for (file, text) in [
        ("book.toml", "[book]\ntitle = \"A small book\"\n"),
        (
            "src/SUMMARY.md",
            "# Summary\n\n- [One](one.md)\n  - [Two](two.md)\n  - [Later]()\n- [Three](three.md)\n  - [Four](four.md)\n",
        ),
        ("src/one.md", "# One\n\nFirst.\n"),
        ("src/two.md", "# Two\n\nSecond.\n"),
        ("src/three.md", "# Three\n\nThird.\n"),
        ("src/four.md", "# Four\n\nFourth.\n"),
    ] {
        fs::write(folder.path().join(file), text).unwrap();
    }
    folder
}

/// Where comprehensive-rust is, if it is here: `LECTERN_COURSES`, or beside the repository.
fn comprehensive_rust() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/courses");
    let folder = std::env::var_os("LECTERN_COURSES").map_or_else(beside, PathBuf::from).join("comprehensive-rust");
    folder.is_dir().then_some(folder)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn comprehensive_rust_is_stored_whole_and_in_order(pool: PgPool) {
    let Some(folder) = comprehensive_rust() else {
        println!("skipped: comprehensive-rust is not here; name its folder's parent in LECTERN_COURSES");
        return;
    };
    let app = App::new(pool);
    let course = read(&folder);
    let expected: Vec<(String, Vec<String>)> = course
        .sections
        .iter()
        .map(|section| (section.name.clone(), section.lessons.iter().map(|lesson| lesson.name.clone()).collect()))
        .collect();
    // Each chapter of the summary is a lesson.
    let summary = fs::read_to_string(folder.join("src/SUMMARY.md")).unwrap();
    let chapters =
        summary.lines().filter(|line| line.trim_start().starts_with(['-', '*', '[']) && line.contains("](")).count();
    let lessons: usize = expected.iter().map(|(_, lessons)| lessons.len()).sum();
    assert_eq!(lessons, chapters);
    let id = store(&app, course).await.expect("is stored");

    let mut stored = Vec::new();
    for section in app.sections_of(id.0).await {
        let name: String = sqlx::query_scalar("select name from course_sections where id = $1")
            .bind(section)
            .fetch_one(&app.pool)
            .await
            .unwrap();
        let lessons = sqlx::query_scalar(r#"select name from lessons where section_id = $1 order by "order""#);
        stored.push((name, lessons.bind(section).fetch_all(&app.pool).await.unwrap()));
    }
    assert_eq!(stored, expected);
    assert_order_is_dense(&app.pool).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn every_lesson_of_comprehensive_rust_is_shown(pool: PgPool) {
    let Some(folder) = comprehensive_rust() else {
        println!("skipped: comprehensive-rust is not here; name its folder's parent in LECTERN_COURSES");
        return;
    };
    let app = App::new(pool);
    let admin = crate::support::person("Ada").admin().create(&app).await;
    let id = store(&app, read(&folder)).await.expect("is stored");
    app.get_as(&admin, format!("/admin/courses/{id}/edit")).await.is(200);
    for section in app.sections_of(id.0).await {
        for lesson in app.lessons_of(section).await {
            let fields = crate::fields!["course" => id, "lesson" => lesson];
            let page: serde_json::Value = app.call(&admin, "get_lesson", fields).await.json();
            let html = page["html"].as_str().unwrap();
            assert!(!html.contains("<script") && !html.contains("{{#"), "{lesson}: {html}");
        }
    }
}

/// Every file below a folder, by its path.
pub fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("the folder is read") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => walk(root, &path, files),
                false => {
                    _ = files.insert(path.strip_prefix(root).unwrap().display().to_string(), fs::read(&path).unwrap())
                }
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, folder, &mut files);
    files
}

/// An export without what says under which ids the course was.
fn without_ids(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let manifest = String::from_utf8(files.remove("lectern.toml").expect("a manifest")).unwrap();
    let lines: Vec<&str> = manifest.lines().filter(|line| !line.starts_with("id = ")).collect();
    files.insert("lectern.toml".into(), lines.join("\n").into());
    files
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn comprehensive_rust_is_exported_imported_and_exported_alike(pool: PgPool) {
    let Some(book) = comprehensive_rust() else {
        println!("skipped: comprehensive-rust is not here; name its folder's parent in LECTERN_COURSES");
        return;
    };
    let app = App::new(pool);
    let (url, data, out) = (url(&app), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data_dir = data.path().to_str().unwrap();
    let config = || {
        let cli = Cli::parse_from(["lectern", "--mode", "demo", "--database-url", &url, "--data-dir", data_dir]);
        Config::new(cli.settings).expect("the settings hold together")
    };
    let export = async |course: &str, name: &str| {
        let path = out.path().join(name);
        commands::export(config(), course, &path).await.expect("is exported");
        files_of(&path)
    };
    commands::import(config(), &book, false).await.expect("is imported");
    let title = "Comprehensive Rust 🦀";
    let first = export(title, "first").await;
    assert_eq!(first.keys().filter(|path| path.ends_with(".png")).count(), 2);
    assert_eq!(first.keys().filter(|path| path.ends_with(".md")).count(), 563);

    // Beside itself it is another course.
    let again = commands::import(config(), &out.path().join("first"), false).await.expect_err("its title is taken");
    assert!(again.contains("--new"), "{again}");
    commands::import(config(), &out.path().join("first"), true).await.expect("is imported");
    let ids: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from courses order by created_at").fetch_all(&app.pool).await.unwrap();
    let second = export(&ids[1].to_string(), "second").await;
    assert_ne!(second, first);
    assert!(without_ids(second) == without_ids(first.clone()));

    // Where it is not, it is the same course.
    sqlx::query("delete from courses").execute(&app.pool).await.unwrap();
    commands::import(config(), &out.path().join("first"), false).await.expect("is imported");
    assert!(export(title, "third").await == first);

    let there = commands::export(config(), title, out.path()).await.expect_err("it is there already");
    assert!(there.contains("is there already"), "{there}");
    let unknown = commands::export(config(), "No such course", &out.path().join("x")).await.expect_err("is not found");
    assert!(unknown.contains("No such course") && !out.path().join("x").exists(), "{unknown}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_admins_download_is_the_same_folder_as_a_zip_file(pool: PgPool) {
    let app = App::new(pool);
    let admin = crate::support::person("Ada").admin().create(&app).await;
    let folder = small_book();
    let picture = [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR".as_slice(), &[7; 300_000]].concat();
    fs::write(folder.path().join("src/curve.png"), &picture).unwrap();
    fs::write(folder.path().join("src/two.md"), "# Two\n\n![A](curve.png)\n").unwrap();
    let id = store(&app, read(folder.path())).await.expect("is stored");
    let reply = app.get_as(&admin, format!("/admin/courses/{id}/export.zip")).await;
    assert_eq!(reply.is(200).header("content-type"), "application/zip");
    assert_eq!(reply.header("content-disposition"), "attachment; filename=a-small-book.zip");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(reply.body.to_vec())).expect("is a zip file");
    let out = tempfile::tempdir().unwrap();
    zip.extract(out.path()).expect("is whole");
    let course = lectern::server::db::exports::course(&app.state.db, id).await.unwrap().unwrap();
    let files = files_of(out.path());
    assert_eq!(files.len(), lectern::server::export::pieces(&course).len());
    assert_eq!(files["src/01-one/02-two/curve.png"], picture);
    assert_eq!(files["src/01-one/02-two.md"], b"# Two\n\n![A](02-two/curve.png)\n");
    let again = read(out.path());
    assert_eq!((again.title.as_str(), again.warnings.len()), ("A small book", 0));
    app.get_as(&admin, format!("/admin/courses/{}/export.zip", uuid::Uuid::new_v4())).await.is(404);
}

pub fn url(app: &App) -> String {
    let options = app.pool.connect_options();
    format!(
        "postgres://{}@{}:{}/{}",
        options.get_username(),
        options.get_host(),
        options.get_port(),
        options.get_database().expect("a database")
    )
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_second_import_is_refused_unless_a_new_course_is_asked_for(pool: PgPool) {
    let app = App::new(pool);
    let folder = small_book();
    let url = url(&app);
    let config = || {
        let with_database = App::with(app.pool.clone(), &["--database-url", &url]);
        with_database.state.config.as_ref().clone()
    };
    commands::import(config(), folder.path(), false).await.expect("is imported");
    let before = dump(&app.pool).await;
    let refused = commands::import(config(), folder.path(), false).await.expect_err("is refused");
    assert!(refused.contains("A small book") && refused.contains("--new"), "{refused}");
    assert_eq!(dump(&app.pool).await, before);
    commands::import(config(), folder.path(), true).await.expect("is imported once more");
    assert_eq!(count(&app.pool, "courses").await, 2);
    assert_eq!(count(&app.pool, "course_sections").await, 4);
    assert_eq!(count(&app.pool, "lessons").await, 10);
    // A chapter without a link is a draft without text.
    assert_eq!(
        count(&app.pool, "lessons where name = 'Later' and status = 'private' and description is null").await,
        2
    );
    assert_order_is_dense(&app.pool).await;

    let nothing = commands::import(config(), &folder.path().join("src/one.md"), false).await;
    assert!(nothing.is_err());
    assert_eq!(count(&app.pool, "courses").await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_import_that_fails_leaves_nothing(pool: PgPool) {
    let app = App::new(pool);
    let folder = small_book();
    let before = dump(&app.pool).await;
    let mut course = read(folder.path());
    // The last lesson's id is the first one's: everything before it was written by then.
    let first = course.sections[0].lessons[0].id;
    course.sections.last_mut().unwrap().lessons.last_mut().unwrap().id = first;
    assert!(store(&app, course).await.is_err());
    assert_eq!(dump(&app.pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn pictures_and_files_come_along_and_are_their_lessons_own(pool: PgPool) {
    let app = App::new(pool);
    let folder = small_book();
    let (png, drawing) = (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR curve".as_slice(), b"<svg xmlns=\"x\"/>".as_slice());
    let src = folder.path().join("src");
    fs::create_dir_all(src.join("pictures/more")).unwrap();
    for (file, bytes) in [
        ("pictures/curve.png", png),
        ("pictures/more/curve.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR another".as_slice()),
        ("pictures/a drawing.svg", drawing),
        ("data.csv", b"a,b\n".as_slice()),
        ("one.md", b"# One\n\n![A](pictures/curve.png) ![B](./pictures/more/curve.png) [data](data.csv)\n\n<img src=\"/pictures/a%20drawing.svg\" alt=\"C\">\n".as_slice()),
        ("two.md", b"![A](pictures/curve.png) ![gone](pictures/gone.png) ![out](../../secret.png)".as_slice()),
    ] {
        fs::write(src.join(file), bytes).unwrap();
    }
    let course = read(folder.path());
    assert_eq!(course.warnings.len(), 2, "{:?}", course.warnings);
    let (before, stored) = (count(&app.pool, "lesson_files").await, app.stored());
    let id = store(&app, course).await.expect("is stored");
    assert_eq!((count(&app.pool, "lesson_files").await, app.stored()), (before + 5, stored + 5));

    let admin = crate::support::person("Ada").admin().create(&app).await;
    let lessons: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from lessons where name in ('One', 'Two') order by name")
            .fetch_all(&app.pool)
            .await
            .unwrap();
    let html = async |lesson: uuid::Uuid| {
        let fields = crate::fields!["course" => id, "lesson" => lesson];
        app.call(&admin, "get_lesson", fields).await.json::<serde_json::Value>()["html"].as_str().unwrap().to_owned()
    };
    let one = html(lessons[0]).await;
    for (name, bytes, kind) in [
        ("curve.png", png, "image/png"),
        ("curve-2.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR another", "image/png"),
        ("a%20drawing.svg", drawing, "image/svg+xml; charset=utf-8"),
        ("data.csv", b"a,b\n", "application/octet-stream"),
    ] {
        let path = format!("/lessons/{}/files/{name}", lessons[0]);
        assert!(one.contains(&format!("\"{path}\"")), "{path} in {one}");
        let reply = app.get_as(&admin, &path).await;
        assert_eq!((reply.is(200).header("content-type"), &*reply.body), (kind, bytes), "{name}");
        app.get_as(&Person::anonymous(), &path).await.is(404);
    }
    // Each lesson has its own, and what is not there is said in words.
    let two = html(lessons[1]).await;
    assert!(two.contains(&format!("/lessons/{}/files/curve.png", lessons[1])), "{two}");
    assert!(two.contains("<em>gone</em>") && two.contains("<em>out</em>"), "{two}");

    // A second import of that title is refused, and leaves no file.
    let (files, stored) = (count(&app.pool, "lesson_files").await, app.stored());
    let refused = importing::store(&app.state.db, &app.state.files, read(folder.path()), false).await.unwrap();
    assert_eq!(refused, Imported::Existing(id));
    assert_eq!((count(&app.pool, "lesson_files").await, app.stored()), (files, stored));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_demo_starts_with_two_products_and_people_to_be(pool: PgPool) {
    let app = App::new(pool);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    demo::seed(&app.state.db, &app.state.files, &folder).await.expect("is filled");
    let before = dump(&app.pool).await;
    assert_eq!(count(&app.pool, "courses").await, 2);
    let prices: Vec<i32> = sqlx::query_scalar("select price_dollars from products where status = 'public' order by 1")
        .fetch_all(&app.pool)
        .await
        .unwrap();
    assert_eq!((prices.len(), prices[0]), (2, 0));
    assert!(prices[1] > 0);
    // The author's guide: 3 sections, 10 to 12 lessons, two of them preview and one private.
    let guide: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
        "select count(distinct s.id), count(l.id), count(*) filter (where l.status = 'preview'),
          count(*) filter (where l.status = 'private')
        from course_products cp
        join products p on p.id = cp.product_id and p.price_dollars > 0
        join course_sections s on s.course_id = cp.course_id
        join lessons l on l.section_id = s.id",
    )
    .fetch_all(&app.pool)
    .await
    .unwrap();
    assert_eq!((guide[0].0, guide[0].2, guide[0].3), (3, 2, 1), "{guide:?}");
    assert!((10..=12).contains(&guide[0].1), "{guide:?}");
    assert_order_is_dense(&app.pool).await;

    // A second start adds nothing; one press lets anyone in.
    demo::seed(&app.state.db, &app.state.files, &folder).await.expect("is filled already");
    let untimed =
        |dump: Vec<(String, String)>| dump.into_iter().filter(|(table, _)| table != "users").collect::<Vec<_>>();
    assert_eq!(untimed(dump(&app.pool).await), untimed(before));
    for (persona, leads_to) in [("author", "/admin"), ("learner", "/courses")] {
        let reply = app.call(&Person::anonymous(), "sign_in_demo", crate::fields!["as" => persona]).await;
        assert_eq!(reply.ok().location(), leads_to);
    }
}
