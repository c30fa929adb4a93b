//! Many files that become draft lessons at once.

use crate::bringing::multipart;
use crate::support::store::{assert_order_is_dense, count, dump};
use crate::support::{App, CLIP, course, lesson, person, section};
use axum::body::{Body, Bytes};
use futures::stream;
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn many_files_become_drafts_in_the_order_in_which_people_count(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let made = course("Bread").with(section("Dough").with(lesson("First"))).create(&app).await;
    let section = made.sections[0].id;
    app.get_as(&admin, format!("/admin/sections/{section}/edit")).await.is(200);
    let path = format!("/admin/sections/{section}/lessons/bulk/files");
    let body = multipart(
        "files",
        &[
            ("10-end.md", b"The end."),
            ("2 kneading.webm", CLIP),
            ("1.md", "\u{feff}---\nx: y\n---\n\n# Flour & water\n\nText.\r\n".as_bytes()),
        ],
    );
    let reply = app.send_files(&admin, &path, body).await;
    let report = reply.is(303).location().to_owned();
    let text = app.get_as(&admin, &report).await.is(200).text();
    for shown in ["3 drafts were made", "Flour &amp; water", "2 kneading.webm", "10 end"] {
        assert!(text.contains(shown), "{shown} is not in {text}");
    }
    let rows: Vec<(String, String, Option<String>)> =
        sqlx::query_as(r#"select name, status::text, description from lessons where section_id = $1 order by "order""#)
            .bind(section.0)
            .fetch_all(&app.pool)
            .await
            .unwrap();
    let draft = |name: &str, text: Option<&str>| (name.to_owned(), "private".to_owned(), text.map(str::to_owned));
    assert_eq!(
        rows[1..],
        [draft("Flour & water", Some("Text.\n")), draft("2 kneading", None), draft("10 end", Some("The end.")),]
    );
    assert_eq!(count(&app.pool, "lesson_files where name = '2 kneading.webm' and kind = 'video'").await, 1);
    assert_eq!(app.on_disk(), (0, 1));
    assert_eq!(count(&app.pool, "lesson_versions").await, 3);
    assert_order_is_dense(&app.pool).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_file_that_cannot_be_a_lesson_is_refused_by_name_and_the_others_are_made(pool: PgPool) {
    let app = App::with(pool, &["--upload-max", "1200000"]);
    let admin = person("Ada").admin().create(&app).await;
    let made = course("Bread").with(section("Dough")).create(&app).await;
    let path = format!("/admin/sections/{}/lessons/bulk/files", made.sections[0].id);
    let (long, large) = (vec![b'a'; (1 << 20) + 1], vec![b'a'; 1_200_001]);
    let wrong: [(&str, &[u8], &str); 7] = [
        ("latin.md", b"fine\ngr\xfc\xdfe", "Line 2 is not UTF-8"),
        ("long.md", &long, "longer than 1 MiB"),
        ("large.md", &large, "this site takes no more"),
        ("notes.pdf", b"%PDF-1.4", "Only Markdown"),
        ("film.mp4", b"no film", "no mp4 or webm"),
        ("film.avi", b"RIFF\0\0\0\0AVI LIST", "Only Markdown"),
        ("nul.md", b"a\0b", "nul.md"),
    ];
    let good: [(&str, &[u8]); 2] = [("a.md", b"# A\n"), ("../b.md", b"# B\n")];
    let files: Vec<(&str, &[u8])> = wrong.iter().map(|(name, bytes, _)| (*name, *bytes)).chain(good).collect();
    let sent = app.send_files(&admin, &path, multipart("files", &files)).await;
    let text = app.get_as(&admin, sent.is(303).location()).await.is(200).text();
    assert!(text.contains("2 drafts were made") && text.contains("7 files did not become lessons"), "{text}");
    for (name, _, sentence) in wrong {
        assert!(text.contains(name) && text.contains(sentence), "{name}: {sentence} is not in {text}");
    }
    assert_eq!(count(&app.pool, "lessons").await, 2);
    assert_eq!(app.on_disk(), (0, 0));

    let before = dump(&app.pool).await;
    for (body, sentence) in [
        (multipart("files", &[("notes.pdf", b"%PDF")]), "1 file did not become a lesson"),
        (multipart("files", &[("", b"")]), "Choose files first"),
        (multipart("files", &vec![("a.md", b"# A".as_slice()); 201]), "more than 200 files"),
    ] {
        let text = app.send_files(&admin, &path, body).await.is(400).text();
        assert!(text.contains(sentence), "{sentence} is not in {text}");
    }
    // A form that broke off makes nothing: sent again, it makes nothing twice.
    let whole = multipart("files", &[("a.md", b"# A"), ("b.md", b"# B")]);
    let broken: Vec<Result<Bytes, std::io::Error>> =
        vec![Ok(whole[..whole.len() - 20].to_vec().into()), Err(std::io::ErrorKind::ConnectionReset.into())];
    app.send_files(&admin, &path, Body::from_stream(stream::iter(broken))).await.is(400);
    assert_eq!((dump(&app.pool).await, app.on_disk()), (before, (0, 0)));

    let nowhere = format!("/admin/sections/{}/lessons/bulk/files", Uuid::new_v4());
    app.send_files(&admin, &nowhere, multipart("files", &good)).await.is(404);
    let learner = person("Lee").create(&app).await;
    app.send_files(&learner, &path, multipart("files", &good)).await.is(403);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_became_of_files_is_read_again_without_sending_them_again(pool: PgPool) {
    let app = App::new(pool);
    let (ada, other) = (person("Ada").admin().create(&app).await, person("Bo").admin().create(&app).await);
    let made = course("Bread").with(section("Dough")).create(&app).await;
    let page = format!("/admin/sections/{}/lessons/bulk", made.sections[0].id);
    let files: [(&str, &[u8]); 2] = [("flour.md", b"# Flour"), ("notes.pdf", b"%PDF-1.4")];
    let sent = app.send_files(&ada, &format!("{page}/files"), multipart("files", &files)).await;
    let report = sent.is(303).location().to_owned();
    assert!(report.starts_with(&format!("{page}?report=")), "{report}");
    // As often as the page is loaded, or gone back to.
    for _ in 0..3 {
        let text = app.get_as(&ada, &report).await.is(200).text();
        assert!(text.contains("1 draft was made") && text.contains("1 file did not become a lesson"), "{text}");
        assert!(text.contains("name=\"files\""), "more can be sent");
    }
    assert_eq!(count(&app.pool, "lessons").await, 1);
    // It is its sender's alone, for a day.
    let without = |text: String| !text.contains("draft was made") && text.contains("name=\"files\"");
    assert!(without(app.get_as(&other, &report).await.is(200).text()));
    assert!(without(app.get_as(&ada, format!("{page}?report={}", Uuid::new_v4())).await.is(200).text()));
    sqlx::query("update bulk_reports set expires_at = now()").execute(&app.pool).await.unwrap();
    assert!(without(app.get_as(&ada, &report).await.is(200).text()));
    app.state.files.sweep(&app.state.db, std::time::Duration::ZERO).await.unwrap();
    assert_eq!(count(&app.pool, "bulk_reports").await, 0);
}
