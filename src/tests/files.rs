//! Files of lessons: who gets them, and how long they stay.

use crate::fields;
use crate::support::app::request;
use crate::support::store::count;
use crate::support::{App, CLIP, Lesson, Person, Reply, World};
use axum::body::Body;
use axum::http::Method;
use lectern::domain::id::FileId;
use lectern::domain::lesson::LessonPage;
use lectern::domain::video::Video;
use lectern::server::files::Files;
use lectern::server::files::address;
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

impl App {
    pub async fn page(&self, person: &Person, world: &World, lesson: &Lesson) -> LessonPage {
        self.call(person, "get_lesson", fields!["course" => world.course.id, "lesson" => lesson.id]).await.json()
    }

    async fn get_part(&self, person: &Person, path: &str, range: &str) -> Reply {
        let mut request = request(Method::GET, person, path, Body::empty());
        request.headers_mut().insert("range", range.parse().unwrap());
        self.send(request).await
    }

    pub fn stored(&self) -> usize {
        let folder = self.state.config.settings.data_dir.join("files");
        std::fs::read_dir(folder).unwrap().count()
    }
}

/// The address of a lesson's film.
pub fn film(page: &LessonPage) -> String {
    match &page.video {
        Some(Video::File { src }) => src.clone(),
        video => panic!("the video is {video:?}"),
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az13_a_film_is_for_whom_its_address_was_made_and_only_as_long_as_the_lesson_opens(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    app.upload(&world.admin, world.paid(), "film.webm", CLIP).await.is(204);
    let own = film(&app.page(&world.learner, &world, world.paid()).await);
    app.get_as(&world.learner, &own).await.is(200);

    // Handed on it opens nothing: not to who may not open the lesson, nor to who may, under their own name.
    for person in [&world.outsider, &Person::anonymous()] {
        assert!(app.get_as(person, &own).await.is(404).body.is_empty());
    }
    app.get_as(&world.admin, &own).await.is(403);
    // Without a signature, with a broken one, or past its time.
    let (path, query) = own.split_once('?').unwrap();
    app.get_as(&world.learner, path).await.is(403);
    app.get_as(&world.learner, format!("{path}?{}", query.replace("signature=", "signature=0"))).await.is(403);
    let file: FileId = path.rsplit('/').next().unwrap().parse().unwrap();
    let key = app.state.files.key(&app.state.db).await.unwrap().to_vec();
    let now = chrono::Utc::now().timestamp();
    let old = address::sign(&key, file, Some(world.learner.id), now - address::LIFETIME - 2 * 3600);
    app.get_as(&world.learner, old).await.is(403);
    for path in ["/media/x", "/media/00000000-0000-0000-0000-000000000000", &format!("/media/{}", Uuid::new_v4())] {
        app.get_as(&world.learner, path).await.is(404);
    }

    // A preview's film opens to everyone, by an address for anyone.
    app.upload(&world.admin, world.taster(), "taste.webm", CLIP).await.is(204);
    let open = film(&app.page(&Person::anonymous(), &world, world.taster()).await);
    app.get(&open).await.is(200);
    app.get_as(&world.learner, &open).await.is(403);

    // AZ6: refunded, it is shut on the next request, good as the address would be.
    app.call(&world.admin, "admin/refund_purchase", fields!["id" => world.purchase]).await.ok();
    app.get_as(&world.learner, &own).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in11_any_part_of_a_film_can_be_had(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    app.upload(&world.admin, world.paid(), "film.webm", CLIP).await.is(204);
    let path = film(&app.page(&world.learner, &world, world.paid()).await);
    let length = CLIP.len();
    for (range, from, to) in [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, length),
        ("bytes=-50", length - 50, length),
        ("bytes=10-99999999", 10, length),
    ] {
        let reply = app.get_part(&world.learner, &path, range).await;
        assert_eq!(reply.is(206).body, &CLIP[from..to], "{range}");
        assert_eq!(reply.header("content-range"), format!("bytes {from}-{}/{length}", to - 1));
        assert_eq!(reply.header("content-length"), (to - from).to_string());
    }
    let beyond = app.get_part(&world.learner, &path, &format!("bytes={length}-")).await;
    assert_eq!(beyond.is(416).header("content-range"), format!("bytes */{length}"));

    // Several at once, as multipart/byteranges.
    let several = app.get_part(&world.learner, &path, "bytes=0-9,20-29,20-24").await;
    let kind = several.is(206).header("content-type");
    let boundary = kind.strip_prefix("multipart/byteranges; boundary=").expect("is multipart");
    assert_eq!(several.header("content-length"), several.body.len().to_string());
    let mut expected = Vec::new();
    for (from, to) in [(0, 9), (20, 29), (20, 24)] {
        let head = format!(
            "\r\n--{boundary}\r\ncontent-type: video/webm\r\ncontent-range: bytes {from}-{to}/{length}\r\n\r\n"
        );
        expected.extend_from_slice(head.as_bytes());
        expected.extend_from_slice(&CLIP[from..=to]);
    }
    expected.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    assert!(several.body == expected, "{}", several.text());
    let thousand: Vec<_> = (0..1000).map(|n| format!("{n}-{n}")).collect();
    assert_eq!(app.get_part(&world.learner, &path, &format!("bytes={}", thousand.join(","))).await.is(200).body, CLIP);

    // What the browser has it keeps; of another version a part is no use.
    let tag = app.get_as(&world.learner, &path).await.header("etag").to_owned();
    let mut known = request(Method::GET, &world.learner, &path, Body::empty());
    known.headers_mut().insert("if-none-match", tag.parse().unwrap());
    assert!(app.send(known).await.is(304).body.is_empty());
    let mut of_another = request(Method::GET, &world.learner, &path, Body::empty());
    of_another.headers_mut().insert("range", "bytes=0-9".parse().unwrap());
    of_another.headers_mut().insert("if-range", "\"another\"".parse().unwrap());
    app.send(of_another).await.is(200);
    let head = app.send(request(Method::HEAD, &world.learner, &path, Body::empty())).await;
    assert_eq!((head.is(200).header("content-length"), head.body.len()), (&*length.to_string(), 0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in9_what_could_run_is_handed_out_as_bytes_to_keep(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let polyglot = [b"GIF89a/*".as_slice(), b"<script>alert(1)</script>*/=1"].concat();
    for (name, bytes) in [
        ("page.html", &b"<!DOCTYPE html><script>alert(1)</script>"[..]),
        ("page.svg", b"<html><script>alert(1)</script></html>"),
        ("x\0y.js", b"alert(1)"),
        ("empty.txt", b""),
    ] {
        let reply = app.upload(&world.admin, world.paid(), name, bytes).await;
        if !bytes.is_empty() {
            reply.is(204);
        }
        let clean = name.replace('\0', "");
        let path = format!("/lessons/{}/files/{clean}", world.paid().id);
        let reply = app.get_as(&world.learner, &path).await;
        assert_eq!(reply.is(200).body, bytes, "{name}");
        assert_eq!(reply.header("content-type"), "application/octet-stream", "{name}");
        assert!(reply.header("content-disposition").starts_with("attachment;"), "{name}");
        assert!(reply.header("content-security-policy").contains("sandbox"), "{name}");
        app.get_as(&world.outsider, &path).await.is(404);
    }
    // A picture that is script as well is a picture, and nothing else.
    app.upload(&world.admin, world.paid(), "two.gif", &polyglot).await.is(204);
    let picture = app.get_as(&world.learner, format!("/lessons/{}/files/two.gif", world.paid().id)).await;
    assert_eq!(
        (picture.is(200).header("content-type"), picture.header("x-content-type-options")),
        ("image/gif", "nosniff")
    );
    // A drawing is a picture too: opened by itself, nothing in it runs.
    let drawing = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    app.upload(&world.admin, world.paid(), "drawing.svg", drawing).await.is(204);
    let picture = app.get_as(&world.learner, format!("/lessons/{}/files/drawing.svg", world.paid().id)).await;
    assert_eq!(picture.is(200).header("content-type"), "image/svg+xml; charset=utf-8");
    let policy = picture.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.ends_with("sandbox"), "{policy}");

    // What is not what its name says is refused, and nothing of it stays.
    let (files, stored) = (count(&app.pool, "lesson_files").await, app.stored());
    for (name, bytes) in
        [("film.mp4", &b"<script>alert(1)</script>"[..]), ("p.png", CLIP), ("film.avi", b"RIFF\0\0\0\0AVI LIST")]
    {
        let reply = app.upload(&world.admin, world.paid(), name, bytes).await;
        assert!(reply.is(415).text().ends_with('.'), "{}", reply.text());
    }
    assert_eq!((count(&app.pool, "lesson_files").await, app.stored(), app.under_way()), (files, stored, 0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_store_is_one_databases_and_no_others(pool: PgPool) {
    let app = App::new(pool);
    let folder = tempfile::tempdir().unwrap();
    let open = || Files::open(folder.path(), None).unwrap();
    open().claim(&app.state.db).await.expect("it is nobody's yet");
    open().claim(&app.state.db).await.expect("it is its own");
    // As another database sees it.
    sqlx::query("update site_secrets set value = 'another' where name = 'store'").execute(&app.pool).await.unwrap();
    let refused = open().claim(&app.state.db).await.expect_err("is refused");
    assert!(refused.contains("another database"), "{refused}");
    // And the mark is no file that a sweep would take.
    assert_eq!(open().sweep(&app.state.db, Duration::ZERO).await.unwrap(), 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in10_what_nothing_knows_of_is_swept_and_what_is_known_stays(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    app.upload(&world.admin, world.paid(), "film.webm", CLIP).await.is(204);
    app.upload(&world.admin, world.taster(), "taste.webm", CLIP).await.is(204);
    let orphan = app.state.config.settings.data_dir.join("files").join(Uuid::new_v4().to_string());
    std::fs::write(orphan, "nobody's").unwrap();
    for name in ["kept.bin", "given-up.bin"] {
        app.begin(&world.admin, world.paid(), name, 5).await.is(201);
    }
    sqlx::query("update uploads set expires_at = now() where name = 'given-up.bin'").execute(&app.pool).await.unwrap();
    // A file that was written this minute may be about to get its row.
    let sweep = async |age| app.state.files.sweep(&app.state.db, age).await.unwrap();
    assert_eq!(sweep(Duration::from_secs(60)).await, 1);
    assert_eq!((app.stored(), app.under_way()), (3, 1));
    app.call(&world.admin, "admin/delete_lesson", fields!["id" => world.taster().id]).await.ok();
    // As long as its lesson can be restored, its bytes wait; the orphan goes.
    assert_eq!(sweep(Duration::ZERO).await, 1);
    assert_eq!(app.stored(), 2);
    sqlx::query("update outline_deletions set expires_at = now()").execute(&app.pool).await.unwrap();
    assert_eq!(sweep(Duration::ZERO).await, 1);
    assert_eq!((app.stored(), app.under_way()), (1, 1));
    assert_eq!(sweep(Duration::ZERO).await, 0);
    let page = app.page(&world.learner, &world, world.paid()).await;
    app.get_as(&world.learner, film(&page)).await.is(200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_lessons_text_shows_its_pictures_by_name_to_whoever_may_open_it(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    app.upload(&world.admin, world.paid(), "a curve.png", png).await.is(204);
    sqlx::query("update lessons set description = '![A curve](a%20curve.png) [more](https://example.org/a.png) [up](../x.png)' where id = $1")
        .bind(world.paid().id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    let html = app.page(&world.learner, &world, world.paid()).await.html;
    let src = format!("/lessons/{}/files/a%20curve.png", world.paid().id);
    assert!(html.contains(&format!("src=\"{src}\"")), "{html}");
    assert!(html.contains("href=\"https://example.org/a.png\""), "{html}");
    assert_eq!(app.get_as(&world.learner, &src).await.is(200).body, png);
    app.get_as(&world.outsider, &src).await.is(404);
    app.get(&src).await.is(404);
}
