//! Files of lessons: how they come.

use crate::fields;
use crate::files::film;
use crate::support::app::request;
use crate::support::store::count;
use crate::support::{App, CLIP, Lesson, Person, Reply, World};
use axum::body::{Body, Bytes};
use axum::http::{Method, Request};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures::stream;
use lectern::domain::id::LessonId;
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

fn tus(method: Method, person: &Person, path: &str, head: &[(&'static str, String)], body: Body) -> Request<Body> {
    let mut request = request(method, person, path, body);
    let headers = request.headers_mut();
    headers.insert("tus-resumable", "1.0.0".parse().unwrap());
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    for (name, value) in head {
        headers.insert(*name, value.parse().unwrap());
    }
    request
}

impl App {
    /// Begins an upload.
    pub async fn begin(&self, person: &Person, lesson: &Lesson, name: &str, length: usize) -> Reply {
        let pairs = [("lesson", lesson.id.to_string()), ("filename", name.to_owned()), ("language", "de".to_owned())];
        let pairs: Vec<_> =
            pairs.iter().map(|(key, value)| format!("{key} {}", BASE64_STANDARD.encode(value))).collect();
        let head = [("upload-length", length.to_string()), ("upload-metadata", pairs.join(","))];
        self.send(tus(Method::POST, person, "/uploads", &head, Body::empty())).await
    }

    async fn append(&self, person: &Person, place: &str, at: usize, body: impl Into<Body>) -> Reply {
        let head = [("upload-offset", at.to_string()), ("content-type", "application/offset+octet-stream".to_owned())];
        self.send(tus(Method::PATCH, person, place, &head, body.into())).await
    }

    async fn ask(&self, person: &Person, place: &str) -> Reply {
        self.send(tus(Method::HEAD, person, place, &[], Body::empty())).await
    }

    /// Uploads a file in one piece.
    pub async fn upload(&self, person: &Person, lesson: &Lesson, name: &str, bytes: &[u8]) -> Reply {
        let begun = self.begin(person, lesson, name, bytes.len()).await;
        begun.is(201);
        self.append(person, begun.location(), 0, bytes.to_vec()).await
    }

    pub fn under_way(&self) -> usize {
        let folder = self.state.config.settings.data_dir.join("uploads");
        std::fs::read_dir(folder).unwrap().count()
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_upload_that_broke_off_is_gone_on_with_and_plays_when_it_is_whole(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let files = count(&app.pool, "lesson_files").await;
    let begun = app.begin(&world.admin, world.paid(), "../film.webm", CLIP.len()).await;
    begun.is(201);
    let place = begun.location().to_owned();
    assert_eq!(app.ask(&world.admin, &place).await.is(200).header("upload-offset"), "0");

    // The connection ends in the middle of a piece: what came stays, and there is no file yet.
    let broken: Vec<Result<Bytes, std::io::Error>> =
        vec![Ok(Bytes::from_static(&CLIP[..1000])), Err(std::io::ErrorKind::ConnectionReset.into())];
    app.append(&world.admin, &place, 0, Body::from_stream(stream::iter(broken))).await.is(400);
    let reply = app.ask(&world.admin, &place).await;
    assert_eq!((reply.header("upload-offset"), reply.header("upload-length")), ("1000", &*CLIP.len().to_string()));
    assert_eq!(count(&app.pool, "lesson_files").await, files);
    assert_eq!((app.stored(), app.under_way()), (0, 1));

    // At another byte than it is, it does not go on; nor as another kind of content.
    app.append(&world.admin, &place, 999, CLIP[999..].to_vec()).await.is(409);
    let plain = [("upload-offset", "1000".to_owned()), ("content-type", "video/webm".to_owned())];
    app.send(tus(Method::PATCH, &world.admin, &place, &plain, Body::from("x"))).await.is(415);
    let reply = app.append(&world.admin, &place, 1000, CLIP[1000..5000].to_vec()).await;
    assert_eq!(reply.is(204).header("upload-offset"), "5000");
    let reply = app.append(&world.admin, &place, 5000, CLIP[5000..].to_vec()).await;
    assert_eq!(reply.is(204).header("upload-offset"), CLIP.len().to_string());
    assert_eq!((app.stored(), app.under_way(), count(&app.pool, "uploads where kept_at is null").await), (1, 0, 0));
    assert_eq!(app.ask(&world.admin, &place).await.is(200).header("upload-offset"), CLIP.len().to_string());

    // It plays in the place of the address, whole and by its own type.
    let page = app.page(&world.learner, &world, world.paid()).await;
    let reply = app.get_as(&world.learner, film(&page)).await;
    assert_eq!(reply.is(200).body, CLIP);
    assert_eq!(reply.header("content-type"), "video/webm");
    assert_eq!(reply.header("content-encoding"), "");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert!(reply.header("content-disposition").ends_with("''film.webm"), "{}", reply.header("content-disposition"));

    // A second video takes its place, and the first one's bytes go.
    app.upload(&world.admin, world.paid(), "cut.webm", CLIP).await.is(204);
    assert_eq!((app.stored(), count(&app.pool, "lesson_files").await), (1, files + 1));
    app.get_as(&world.learner, film(&page)).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn uploads_keep_to_the_protocol_and_its_limits(pool: PgPool) {
    let app = App::with(pool, &["--upload-max", "100000"]);
    let world = World::create(&app).await;
    let mut other = tus(Method::POST, &world.admin, "/uploads", &[("upload-length", "5".to_owned())], Body::empty());
    other.headers_mut().insert("tus-resumable", "0.2.2".parse().unwrap());
    assert_eq!(app.send(other).await.is(412).header("tus-version"), "1.0.0");
    let asked = request(Method::OPTIONS, &world.admin, "/uploads", Body::empty());
    let reply = app.send(asked).await;
    assert_eq!((reply.is(204).header("tus-max-size"), reply.header("tus-resumable")), ("100000", "1.0.0"));
    assert!(reply.header("tus-extension").contains("termination"));
    app.begin(&world.admin, world.paid(), "a.bin", 100_001).await.is(413);
    let nowhere = Lesson { id: LessonId(Uuid::new_v4()), ..world.paid().clone() };
    app.begin(&world.admin, &nowhere, "a.bin", 5).await.is(404);
    let place = app.begin(&world.admin, world.paid(), "a.bin", 5).await.location().to_owned();
    app.append(&world.admin, &place, 0, "123456").await.is(413);
    app.append(&world.admin, &place, 0, "12").await.is(204);
    // Given up, it is gone, and so are its bytes.
    app.send(tus(Method::DELETE, &world.admin, &place, &[], Body::empty())).await.is(204);
    app.ask(&world.admin, &place).await.is(404);
    assert_eq!((app.under_way(), count(&app.pool, "uploads where kept_at is null").await), (0, 0));

    // Authors alone, from this site alone.
    for (person, status) in [(&world.learner, 403), (&world.outsider, 403), (&Person::anonymous(), 401)] {
        app.begin(person, world.paid(), "a.bin", 5).await.is(status);
        app.append(person, &place, 0, "12345").await.is(status);
    }
    let mut foreign = tus(Method::POST, &world.admin, "/uploads", &[("upload-length", "5".to_owned())], Body::empty());
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    app.send(foreign).await.is(403);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn fa7_a_full_disk_is_said_and_leaves_no_file(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let place = app.begin(&world.admin, world.paid(), "film.webm", CLIP.len()).await.location().to_owned();
    let id = place.rsplit('/').next().unwrap();
    let part = app.state.config.settings.data_dir.join("uploads").join(id);
    std::fs::remove_file(&part).unwrap();
    std::os::unix::fs::symlink("/dev/full", &part).unwrap();
    let files = count(&app.pool, "lesson_files").await;
    let reply = app.append(&world.admin, &place, 0, CLIP.to_vec()).await;
    assert!(reply.is(507).text().contains("no room"), "{}", reply.text());
    assert_eq!((count(&app.pool, "lesson_files").await, app.stored()), (files, 0));
    assert_eq!((count(&app.pool, "uploads where kept_at is null").await, app.under_way()), (0, 0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_upload_that_came_whole_and_was_not_kept_is_kept_when_its_client_asks(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let place = app.begin(&world.admin, world.paid(), "film.webm", CLIP.len()).await.location().to_owned();
    // As a server leaves it that was killed between the last byte and the row.
    let id = place.rsplit('/').next().unwrap();
    let part = app.state.config.settings.data_dir.join("uploads").join(id);
    std::fs::write(&part, CLIP).unwrap();
    let hour = Duration::from_secs(60 * 60);
    std::fs::File::open(part).unwrap().set_modified(std::time::SystemTime::now() - 2 * hour).unwrap();
    let reply = app.ask(&world.admin, &place).await;
    // However late, it is no old file that has no row yet.
    assert!(app.state.files.store.older_than(hour).await.unwrap().is_empty());
    assert_eq!(reply.is(200).header("upload-offset"), CLIP.len().to_string());
    let page = app.page(&world.learner, &world, world.paid()).await;
    assert_eq!(app.get_as(&world.learner, film(&page)).await.is(200).body, CLIP);
    assert_eq!(app.under_way(), 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_upload_whose_last_answer_was_lost_is_whole_when_its_client_asks_and_is_not_kept_twice(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let place = app.begin(&world.admin, world.paid(), "film.webm", CLIP.len()).await.location().to_owned();
    app.append(&world.admin, &place, 0, CLIP).await.is(204);
    let film_before = film(&app.page(&world.learner, &world, world.paid()).await);
    let path = |address: &str| address.split('?').next().unwrap().to_owned();
    let stored = app.stored();
    for _ in 0..2 {
        let reply = app.ask(&world.admin, &place).await;
        assert_eq!(reply.is(200).header("upload-offset"), CLIP.len().to_string());
    }
    let length = CLIP.len();
    assert_eq!(app.append(&world.admin, &place, length, "").await.is(204).header("upload-offset"), length.to_string());
    app.append(&world.admin, &place, 0, CLIP).await.is(409);
    assert_eq!(path(&film(&app.page(&world.learner, &world, world.paid()).await)), path(&film_before));
    assert_eq!((app.stored(), app.under_way()), (stored, 0));
    // Giving it up now gives up nothing.
    app.send(tus(Method::DELETE, &world.admin, &place, &[], Body::empty())).await.is(204);
    assert_eq!(app.stored(), stored);
    app.ask(&world.admin, &place).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn captions_are_read_before_they_are_kept_and_the_broken_line_is_named(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let broken = b"1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:05,000 --> 00:00:04,000\nBack in time\n";
    let reply = app.upload(&world.admin, world.paid(), "film.srt", broken).await;
    assert!(reply.is(415).text().starts_with("Line 6: "), "{}", reply.text());
    let reply =
        app.upload(&world.admin, world.paid(), "film.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\xfe").await;
    assert!(reply.is(415).text().starts_with("Line 4: "), "{}", reply.text());
    assert_eq!(count(&app.pool, "uploads where kept_at is null").await, 0);

    let srt = "1\r\n00:00:01,000 --> 00:00:02,500\r\nGuten <i>Tag</i> & <script>\r\n\r\n2\r\n00:01:05,000 --> 00:01:06,000\r\nEnde\r\n";
    app.upload(&world.admin, world.paid(), "film.srt", srt.as_bytes()).await.is(204);
    let page = app.page(&world.learner, &world, world.paid()).await;
    let german = page.captions.iter().find(|captions| captions.language == "de").expect("is listed");
    assert_eq!(german.label, "Deutsch");
    let vtt = app.get_as(&world.learner, &german.src).await;
    assert_eq!(vtt.is(200).header("content-type"), "text/vtt; charset=utf-8");
    assert!(vtt.text().starts_with("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nGuten Tag &amp;"), "{}", vtt.text());
    for person in [&world.outsider, &Person::anonymous()] {
        app.get_as(person, &german.src).await.is(404);
    }
    app.call(&world.admin, "admin/refund_purchase", fields!["id" => world.purchase]).await.ok();
    app.get_as(&world.learner, &german.src).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_form_without_script_uploads_and_deletes(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let form = |name: &str, content: &[u8]| {
        let head = format!(
            "--b\r\ncontent-disposition: form-data; name=\"language\"\r\n\r\nen\r\n--b\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        [head.as_bytes(), content, b"\r\n--b--\r\n"].concat()
    };
    let path = format!("/admin/lessons/{}/files", world.paid().id);
    let send = async |person: &Person, body: Vec<u8>| {
        let mut request = request(Method::POST, person, &path, Body::from(body));
        request.headers_mut().insert("content-type", "multipart/form-data; boundary=b".parse().unwrap());
        request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
        app.send(request).await
    };
    let reply = send(&world.admin, form("film.webm", CLIP)).await;
    assert_eq!(reply.is(303).location(), format!("/admin/lessons/{}/edit#files", world.paid().id));
    let page = app.page(&world.learner, &world, world.paid()).await;
    assert_eq!(app.get_as(&world.learner, film(&page)).await.is(200).body, CLIP);
    assert!(send(&world.admin, form("film.webm", b"no film")).await.is(415).text().contains("no mp4 or webm"));
    assert!(send(&world.admin, form("", b"")).await.is(400).text().contains("Choose a file"));
    send(&world.learner, form("film.webm", CLIP)).await.is(403);
    assert_eq!((count(&app.pool, "uploads where kept_at is null").await, app.under_way(), app.stored()), (0, 0, 1));

    let id: Uuid =
        sqlx::query_scalar("select id from lesson_files where kind = 'video'").fetch_one(&app.pool).await.unwrap();
    let reply = app.submit(&world.admin, "admin/delete_lesson_file", fields!["id" => id]).await;
    assert_eq!(reply.is(302).location(), format!("/admin/lessons/{}/edit#files", world.paid().id));
    assert_eq!(app.stored(), 0);
}
