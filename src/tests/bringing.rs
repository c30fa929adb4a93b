//! Courses that an admin sends as a zip file.

use crate::fields;
use crate::support::app::{encode, request};
use crate::support::store::{assert_order_is_dense, count, dump};
use crate::support::{App, Person, Reply, World, course, lesson, person, section};
use axum::body::{Body, Bytes};
use axum::http::Method;
use futures::stream;
use lectern::server::db;
use lectern::server::files::Files;
use sqlx::PgPool;
use std::io::{Cursor, Write};
use std::time::Duration;
use uuid::Uuid;
use zip::write::{SimpleFileOptions, ZipWriter};

const UPLOAD: &str = "/admin/courses/import/upload";

fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The files of a zip file, edited by name and content.
fn edited(zip: &[u8], edit: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let file = |at: usize| {
        let mut file = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut content).unwrap();
        let name = file.name().unwrap().into_owned();
        let content = edit(&name, content);
        (name, content)
    };
    (0..zip::ZipArchive::new(Cursor::new(zip)).unwrap().len()).map(file).collect()
}

pub fn small() -> Vec<u8> {
    zip_of(&[
        ("my bread/book.toml", b"[book]\ntitle = \"Bread <b>\"\n"),
        ("my bread/src/SUMMARY.md", b"# Summary\n\n- [Dough](one.md)\n  - [Water](two.md)\n"),
        ("my bread/src/one.md", b"# Dough\n\nFlour.\n"),
        ("my bread/src/two.md", b"# Water\n\n[data](data.csv) [gone](gone.md)\n"),
        ("my bread/src/data.csv", b"a,b\n"),
    ])
}

/// A form with these files, each in a field of this name.
pub fn multipart(field: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in files {
        let head = format!("--b\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(b"--b--\r\n");
    body
}

impl App {
    pub async fn send_files(&self, person: &Person, path: &str, body: impl Into<Body>) -> Reply {
        let mut request = request(Method::POST, person, path, body.into());
        request.headers_mut().insert("content-type", "multipart/form-data; boundary=b".parse().unwrap());
        request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
        self.send(request).await
    }

    async fn send_zip(&self, person: &Person, zip: &[u8]) -> Reply {
        self.send_files(person, UPLOAD, multipart("file", &[("bread.zip", zip)])).await
    }

    async fn accept(&self, person: &Person, import: &str, fields: crate::support::app::Fields) -> Reply {
        let path = format!("/admin/courses/import/{import}/accept");
        let mut request = request(Method::POST, person, &path, Body::from(encode(&fields)));
        request.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
        request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
        self.send(request).await
    }

    /// Folders that wait, and files in the store.
    pub fn on_disk(&self) -> (usize, usize) {
        let count = |folder: &str| std::fs::read_dir(self.state.config.settings.data_dir.join(folder)).unwrap().count();
        (count("imports"), count("files"))
    }
}

/// Something that this admin sent; its id.
pub async fn waiting(app: &App, admin: &Person) -> String {
    let reply = app.send_zip(admin, &small()).await;
    reply.is(303).led_to("/admin/courses/import/").to_owned()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_zip_file_is_shown_before_it_is_imported_and_is_gone_then(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let before = count(&app.pool, "courses").await;
    let import = waiting(&app, &admin).await;
    assert_eq!((count(&app.pool, "courses").await, app.on_disk()), (before, (1, 0)));
    let page = app.get_as(&admin, format!("/admin/courses/import/{import}")).await;
    let text = page.is(200).text();
    for shown in [
        "Bread &lt;b&gt;",
        "bread.zip",
        "Dough",
        "Water",
        "1 section, 2 lessons, 1 file (4 B)",
        "data.csv (4 B)",
        "1 thing to look at",
    ] {
        assert!(text.contains(shown), "{shown} is not in {text}");
    }
    assert!(!text.contains("Update “"), "it was exported from no course");

    app.accept(&admin, &import, fields!["choice" => "something"]).await.is(400);
    let reply = app.accept(&admin, &import, fields!["choice" => "new"]).await;
    let made = reply.is(303).led_to("/admin/courses/").trim_end_matches("/edit").to_owned();
    let names: Vec<(String, String)> = sqlx::query_as(
        r#"select l.name, l.status::text from lessons l join course_sections s on s.id = l.section_id
        where s.course_id = $1 order by l."order""#,
    )
    .bind(made.parse::<Uuid>().unwrap())
    .fetch_all(&app.pool)
    .await
    .unwrap();
    assert_eq!(names, [("Dough".into(), "public".into()), ("Water".into(), "public".into())]);
    assert_eq!((count(&app.pool, "waiting_imports").await, app.on_disk()), (0, (0, 1)));
    // A second press finds nothing.
    app.accept(&admin, &import, fields!["choice" => "new"]).await.is(404);
    assert_eq!(count(&app.pool, "courses").await, before + 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_course_that_was_downloaded_and_edited_is_updated_as_it_was_shown(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let made = course("Bread").with(section("Dough").with(lesson("Flour")).with(lesson("Water"))).create(&app).await;
    app.give(&world.learner, &made).await;
    let lesson = &made.sections[0].lessons[0];
    for lesson in made.lessons() {
        let done = fields!["course" => made.id, "lesson" => lesson.id, "done" => true];
        app.call(&world.learner, "complete_lesson", done).await.ok();
    }

    let export = app.get_as(&world.admin, format!("/admin/courses/{}/export.zip", made.id)).await.is(200).body.clone();
    let files = edited(&export, |name, content| {
        if !name.ends_with("SUMMARY.md") {
            return content;
        }
        let text = String::from_utf8(content).unwrap().replace("Flour", "Rye flour");
        // The second lesson is left out.
        text.lines().filter(|line| !line.contains("Water")).collect::<Vec<_>>().join("\n").into_bytes()
    });
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    let import = app.send_zip(&world.admin, &zip_of(&files)).await.is(303).led_to("/admin/courses/import/").to_owned();
    let page = app.get_as(&world.admin, format!("/admin/courses/import/{import}")).await.is(200).text();
    for shown in [
        "Update “Bread",
        "was “Flour",
        "not in the folder, stays",
        "remove what is not in the zip file",
        "With 1 completion. ",
    ] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    let state =
        |page: &str| page.split("name=\"state\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let update = |state: String| fields!["choice" => "update", "state" => state];

    // Somebody saves in between: nothing is written, and the page says so and shows the course as it is now.
    sqlx::query("update lessons set description = 'Saved meanwhile.' where id = $1")
        .bind(lesson.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    let before = dump(&app.pool).await;
    let refused = app.accept(&world.admin, &import, update(state(&page))).await;
    let again = refused.is(409).text();
    assert!(again.contains("changed this course meanwhile") && again.contains("text +"), "{again}");
    assert_eq!(dump(&app.pool).await, before);

    let reply = app.accept(&world.admin, &import, update(state(&again))).await;
    assert_eq!(reply.is(303).location(), format!("/admin/courses/{}/edit", made.id));
    let name: String = sqlx::query_scalar("select name from lessons where id = $1")
        .bind(lesson.id.0)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert!(name.starts_with("Rye flour"), "{name}");
    assert_eq!(app.lessons_of(made.sections[0].id.0).await.len(), 2);
    assert_eq!(app.completed_by(world.learner.id.0).await.len(), 2);
    let by: Vec<Option<Uuid>> =
        sqlx::query_scalar("select author_id from lesson_versions where lesson_id = $1 order by created_at")
            .bind(lesson.id.0)
            .fetch_all(&app.pool)
            .await
            .unwrap();
    assert_eq!(by, [None, Some(world.admin.id.0)]);

    // The same zip file as a course of its own, and with what it lacks removed.
    let import = app.send_zip(&world.admin, &zip_of(&files)).await.is(303).led_to("/admin/courses/import/").to_owned();
    app.accept(&world.admin, &import, fields!["choice" => "new"]).await.is(303);
    assert_eq!(count(&app.pool, "courses where title like 'Bread%'").await, 2);
    let import = app.send_zip(&world.admin, &zip_of(&files)).await.is(303).led_to("/admin/courses/import/").to_owned();
    let page = app.get_as(&world.admin, format!("/admin/courses/import/{import}")).await.text();
    let removing = [update(state(&page)), fields!["delete" => "true"]].concat();
    app.accept(&world.admin, &import, removing).await.is(303);
    assert_eq!(app.lessons_of(made.sections[0].id.0).await, [lesson.id.0]);
    assert_order_is_dense(&app.pool).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_zip_file_that_names_a_course_which_it_is_not_becomes_a_new_one_unless_somebody_says_otherwise(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let made = course("Bread").with(section("Dough").with(lesson("Flour")).with(lesson("Water"))).create(&app).await;
    let stored: String = sqlx::query_scalar("select title from courses where id = $1")
        .bind(made.id.0)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    let zip = app.get_as(&world.admin, format!("/admin/courses/{}/export.zip", made.id)).await.is(200).body.clone();
    let first = made.sections[0].lessons[0].id.to_string();
    let second = made.sections[0].lessons[1].id.to_string();
    let (mine, yours) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
    for (what, edits, expected) in [
        ("as it was", vec![], "update"),
        ("another title", vec![(stored.as_str(), "Cakes")], "update"),
        ("other lessons", vec![(first.as_str(), mine.as_str()), (second.as_str(), yours.as_str())], "update"),
        ("another title and one lesson", vec![(stored.as_str(), "Cakes"), (first.as_str(), mine.as_str())], "new"),
        (
            "nothing but the course's id",
            vec![(stored.as_str(), "Cakes"), (first.as_str(), mine.as_str()), (second.as_str(), yours.as_str())],
            "new",
        ),
    ] {
        let files = edited(&zip, |_, content| {
            let text = String::from_utf8(content).unwrap();
            edits.iter().fold(text, |text, (from, to)| text.replace(from, to)).into_bytes()
        });
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
        let sent = app.send_zip(&world.admin, &zip_of(&files)).await;
        let import = sent.is(303).led_to("/admin/courses/import/").to_owned();
        let page = app.get_as(&world.admin, format!("/admin/courses/import/{import}")).await.is(200).text();
        let chosen: Vec<&str> = page
            .split("<input type=\"radio\"")
            .skip(1)
            .filter_map(|rest| rest.split('>').next())
            .filter(|radio| radio.contains("checked"))
            .filter_map(|radio| radio.split("value=\"").nth(1)?.split('"').next())
            .collect();
        assert_eq!(chosen, [expected], "{what}");
        // Either way it is said which course an update would change.
        let said = match expected {
            "update" => format!("Changes the course “{stored}” that is here."),
            _ => format!("Choose this only if “{stored}” is to become"),
        };
        assert!(page.contains(&said), "{what}: {said} is not in {page}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_waits_is_its_admins_alone_and_goes_when_it_is_given_up_or_expires(pool: PgPool) {
    let app = App::new(pool);
    let (ada, other) = (person("Ada").admin().create(&app).await, person("Bo").admin().create(&app).await);
    let import = waiting(&app, &ada).await;
    app.get_as(&other, format!("/admin/courses/import/{import}")).await.is(404);
    app.accept(&other, &import, fields!["choice" => "new"]).await.is(404);
    app.call(&other, "admin/cancel_import", fields!["id" => import]).await.is(404);
    assert_eq!((count(&app.pool, "waiting_imports").await, app.on_disk()), (1, (1, 0)));
    let learner = person("Lee").create(&app).await;
    app.send_zip(&learner, &small()).await.is(403);
    app.accept(&learner, &import, fields!["choice" => "new"]).await.is(403);
    let reply = app.submit(&ada, "admin/cancel_import", fields!["id" => import]).await;
    assert_eq!(reply.is(302).location(), "/admin/courses");
    assert_eq!((count(&app.pool, "waiting_imports").await, app.on_disk()), (0, (0, 0)));

    let import = waiting(&app, &ada).await;
    let sweep = async || app.state.files.sweep(&app.state.db, Duration::ZERO).await.unwrap();
    assert_eq!(sweep().await, 0);
    sqlx::query("update waiting_imports set expires_at = now()").execute(&app.pool).await.unwrap();
    app.get_as(&ada, format!("/admin/courses/import/{import}")).await.is(404);
    // What comes just now is about to have a row.
    assert_eq!(app.state.files.sweep(&app.state.db, Duration::from_secs(60)).await.unwrap(), 0);
    assert_eq!(sweep().await, 1);
    assert_eq!((count(&app.pool, "waiting_imports").await, app.on_disk()), (0, (0, 0)));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_is_accepted_just_before_it_expires_is_imported_while_another_server_sweeps(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let import = waiting(&app, &admin).await;
    sqlx::query("update waiting_imports set expires_at = now() + interval '1 second'")
        .execute(&app.pool)
        .await
        .unwrap();
    // Something else holds the courses, so that the import waits before it has brought a file.
    let mut held = app.pool.begin().await.unwrap();
    sqlx::query("lock table courses in access exclusive mode").execute(&mut *held).await.unwrap();
    let accepted = app.accept(&admin, &import, fields!["choice" => "new"]);
    let swept = async {
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        let other = Files::open(&app.state.config.settings.data_dir, None).unwrap();
        let swept = other.sweep(&app.state.db, Duration::ZERO).await.unwrap();
        let left = app.on_disk();
        held.commit().await.unwrap();
        (swept, left)
    };
    let (accepted, swept) = futures::future::join(accepted, swept).await;
    assert_eq!(swept, (0, (1, 0)));
    accepted.is(303);
    assert_eq!((count(&app.pool, "waiting_imports").await, app.on_disk()), (0, (0, 1)));

    // A server that dies after the yes leaves what is swept later.
    let import = waiting(&app, &admin).await;
    let (proof, id) = (app.proof(&admin).await, import.parse().unwrap());
    let claim = app.state.db.write(move |tx| Box::pin(async move { db::waiting_imports::claim(tx, &proof, id).await }));
    claim.await.unwrap();
    sqlx::query("update waiting_imports set expires_at = now()").execute(&app.pool).await.unwrap();
    app.state.files.sweep(&app.state.db, Duration::ZERO).await.unwrap();
    assert_eq!((count(&app.pool, "waiting_imports").await, app.on_disk().0), (0, 0));
    app.accept(&admin, &import, fields!["choice" => "new"]).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_somebody_is_at_is_not_swept_and_goes_with_them(pool: PgPool) {
    let app = App::new(pool);
    let sweep = async || app.state.files.sweep(&app.state.db, Duration::ZERO).await.unwrap();
    let stage = app.state.files.waiting.stage().await.unwrap();
    std::fs::write(stage.path().join("0"), "one of many").unwrap();
    assert_eq!((sweep().await, app.on_disk().0), (0, 1));
    // Another server on this folder is told by its time.
    let hour = Duration::from_secs(60 * 60);
    let old = std::time::SystemTime::now() - 2 * hour;
    for path in [stage.path().to_owned(), stage.path().join("0")] {
        std::fs::File::open(path).unwrap().set_modified(old).unwrap();
    }
    let other = Files::open(&app.state.config.settings.data_dir, None).unwrap();
    assert_eq!(other.waiting.older_than(hour).await.unwrap(), [stage.id()]);
    stage.touch().unwrap();
    assert!(other.waiting.older_than(hour).await.unwrap().is_empty());
    drop(stage);
    assert_eq!((sweep().await, app.on_disk().0), (0, 0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_files_of_a_course_are_compared_once_when_it_is_sent_and_not_at_every_look(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    sqlx::query("delete from lesson_files").execute(&app.pool).await.unwrap();
    let (same, other) = (world.paid(), world.taster());
    for (lesson, bytes) in [(same, &b"GIF89a, one"[..]), (other, b"GIF89a, two")] {
        app.upload(&world.admin, lesson, "a.gif", bytes).await.is(204);
    }
    let path = format!("/admin/courses/{}/export.zip", world.course.id);
    let zip = app.get_as(&world.admin, path).await.is(200).body.clone();
    let files: Vec<(String, Vec<u8>)> = edited(&zip, |name, content| {
        // Another picture of as many bytes.
        if name.ends_with(".gif") && content.ends_with(b"two") { b"GIF89a, new".to_vec() } else { content }
    });
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    let import = app.send_zip(&world.admin, &zip_of(&files)).await.is(303).led_to("/admin/courses/import/").to_owned();
    // Whoever would read a file again would find none, and take it for lost.
    let store = app.state.config.settings.data_dir.join("files");
    for file in std::fs::read_dir(&store).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    let page = app.get_as(&world.admin, format!("/admin/courses/import/{import}")).await.is(200).text();
    assert_eq!(page.matches("a.gif changed").count(), 1, "{page}");
    let state = page.split("name=\"state\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    app.accept(&world.admin, &import, fields!["choice" => "update", "state" => state]).await.is(303);
    // The one that is another was brought, and no other.
    let brought: Vec<Vec<u8>> =
        std::fs::read_dir(&store).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    assert_eq!(brought, [b"GIF89a, new"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn up6_a_zip_file_that_is_crafted_broken_or_no_course_leaves_no_row_and_no_file(pool: PgPool) {
    let app = App::with(pool, &["--upload-max", "3000000"]);
    let admin = person("Ada").admin().create(&app).await;
    let before = dump(&app.pool).await;
    let link = {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.add_symlink("src/SUMMARY.md", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let mut random = vec![0; 3_000_001];
    random.iter_mut().zip(0_u32..).for_each(|(byte, n)| *byte = (n.wrapping_mul(2_654_435_761) >> 24) as u8);
    for (what, zip, sentence) in [
        ("a way out", zip_of(&[("../SUMMARY.md", b"- [A](a.md)")]), "leads out of the folder"),
        ("a link", link, "is a link"),
        ("a bomb", zip_of(&[("zeros.bin", &vec![0; 4_000_000])]), "Unpacked, this is more than 3 MB"),
        ("no zip file", b"# A course".to_vec(), "This is no zip file"),
        ("half a zip file", small()[..400].to_vec(), "This is no zip file"),
        ("no course", zip_of(&[("readme.txt", b"x")]), "No SUMMARY.md in the zip file"),
        ("too large", random, "this site takes no more"),
        ("nothing", Vec::new(), "Choose a file first"),
    ] {
        let reply = app.send_zip(&admin, &zip).await;
        let text = reply.is(400).text();
        assert!(text.contains(sentence) && text.contains("role=\"alert\""), "{what}: {text}");
        assert!(!text.contains(&app.state.config.settings.data_dir.display().to_string()), "{what}: se9");
        assert_eq!(app.on_disk(), (0, 0), "{what}");
        assert_eq!(dump(&app.pool).await, before, "{what}");
    }
    // Its sender hangs up in the middle.
    let whole = multipart("file", &[("bread.zip", &small())]);
    let broken: Vec<Result<Bytes, std::io::Error>> =
        vec![Ok(whole[..600].to_vec().into()), Err(std::io::ErrorKind::ConnectionReset.into())];
    app.send_files(&admin, UPLOAD, Body::from_stream(stream::iter(broken))).await.is(400);
    assert_eq!((app.on_disk(), dump(&app.pool).await), ((0, 0), before));
    // From another site nothing is taken.
    let mut foreign = request(Method::POST, &admin, UPLOAD, Body::from(whole));
    foreign.headers_mut().insert("content-type", "multipart/form-data; boundary=b".parse().unwrap());
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    app.send(foreign).await.is(403);
}
