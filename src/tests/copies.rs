//! Copies of lessons, sections and courses.

use crate::fields;
use crate::support::store::{assert_order_is_dense, count};
use crate::support::{App, World};
use lectern::domain::outline::{Outline, OutlineSection};
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

impl App {
    async fn sections(&self, world: &World, course: impl std::fmt::Display) -> Vec<OutlineSection> {
        let outline: Outline = self.call(&world.admin, "admin/get_course", fields!["id" => course]).await.json();
        outline.sections
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_copy_of_a_lesson_is_a_draft_behind_it_with_files_of_its_own(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    app.upload(&world.admin, world.paid(), "notes.pdf", b"%PDF-1.7 the notes").await.is(204);
    // The attachments of the test's rows have no bytes.
    sqlx::query("delete from lesson_files where name like 'file-%'").execute(&app.pool).await.unwrap();
    let learned = fields!["course" => world.course.id, "lesson" => world.paid().id, "done" => true];
    app.call(&world.learner, "complete_lesson", learned).await.ok();
    app.submit(&world.admin, "admin/copy_lesson", fields!["id" => world.paid().id]).await.led_to("/admin/courses/");
    let lessons = &app.sections(&world, world.course.id).await[0].lessons;
    assert_eq!(lessons.len(), 4);
    assert_eq!(lessons[0].id, world.paid().id);
    assert_eq!(lessons[1].name, format!("{} (copy)", lessons[0].name));
    let copy = lessons[1].id;
    let learner = app.get_as(&world.learner, format!("/courses/{}/lessons/{copy}", world.course.id)).await;
    learner.is(404);
    let page = app.get_as(&world.admin, format!("/courses/{}/lessons/{copy}", world.course.id)).await.text();
    for kept in ["body-", "said-", "notes.pdf"] {
        assert!(page.contains(kept), "the copy has no {kept}");
    }
    assert_eq!(count(&app.pool, "user_lesson_complete").await, 1, "what was learned is the original's");
    // The original goes, and its file; the copy keeps its own.
    app.call(&world.admin, "admin/delete_lesson", fields!["id" => world.paid().id]).await.ok();
    sqlx::query("delete from outline_deletions").execute(&app.pool).await.unwrap();
    app.state.files.sweep(&app.state.db, Duration::ZERO).await.unwrap();
    let file = app.get_as(&world.admin, format!("/lessons/{copy}/files/notes.pdf")).await;
    assert_eq!(file.is(200).body, b"%PDF-1.7 the notes");
    assert_order_is_dense(&app.pool).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_copy_of_a_section_is_private_and_one_of_a_course_is_sold_in_nothing(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    sqlx::query("delete from lesson_files").execute(&app.pool).await.unwrap();
    let before = app.sections(&world, world.course.id).await;
    app.call(&world.admin, "admin/copy_section", fields!["id" => before[0].id]).await.ok();
    let sections = app.sections(&world, world.course.id).await;
    let names: Vec<&str> = sections.iter().map(|section| section.name.as_str()).collect();
    assert_eq!(names, [&before[0].name, &*format!("{} (copy)", before[0].name), &before[1].name]);
    let statuses = |section: &OutlineSection| {
        section.lessons.iter().map(|lesson| (lesson.name.clone(), lesson.status)).collect::<Vec<_>>()
    };
    assert_eq!(statuses(&sections[1]), statuses(&before[0]));
    let seen: Outline = app.call(&world.learner, "get_outline", fields!["course" => world.course.id]).await.json();
    assert_eq!(seen.sections.len(), 1, "learners see nothing of the copy");

    let made = app.submit(&world.admin, "admin/copy_course", fields!["id" => world.course.id]).await;
    let copy = made.led_to("/admin/courses/").trim_end_matches("/edit").to_owned();
    let copied = app.sections(&world, &copy).await;
    assert_eq!(copied.iter().map(statuses).collect::<Vec<_>>(), sections.iter().map(statuses).collect::<Vec<_>>());
    assert!(
        copied.iter().zip(&sections).all(|(copy, original)| copy.id != original.id && copy.status == original.status)
    );
    app.get_as(&world.learner, format!("/courses/{copy}")).await.is(404);
    assert_order_is_dense(&app.pool).await;
    app.call(&world.admin, "admin/copy_course", fields!["id" => Uuid::new_v4()]).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_copy_that_was_begun_is_made_whole_whether_its_author_waits_or_not(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    sqlx::query("delete from lesson_files").execute(&app.pool).await.unwrap();
    let store = app.state.config.settings.data_dir.join("files");
    let files: Vec<Uuid> = sqlx::query_scalar(
        "insert into lesson_files (id, lesson_id, kind, name, content_type, bytes)
        select gen_random_uuid(), $1, 'attachment', n || '.bin', 'application/octet-stream', 4
        from generate_series(1, 400) n
        returning id",
    )
    .bind(world.paid().id.0)
    .fetch_all(&app.pool)
    .await
    .unwrap();
    for file in &files {
        std::fs::write(store.join(file.to_string()), "some").unwrap();
    }
    let before = app.stored();
    let asked = app.call(&world.admin, "admin/copy_lesson", fields!["id" => world.paid().id]);
    let begun = async {
        while app.stored() == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    // The browser is closed after the first files.
    tokio::select! {
        _ = asked => panic!("400 files are copied at once"),
        () = begun => {}
    }
    let copies = "lessons where name like '%(copy)'";
    for _ in 0..400 {
        if count(&app.pool, copies).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!((count(&app.pool, copies).await, count(&app.pool, "lesson_files").await), (1, 800));
    assert_eq!(app.stored(), before + 400);
}
