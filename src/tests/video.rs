//! Where a lesson was left, what of its video was played, and what its learner noted.

use crate::fields;
use crate::support::store::count;
use crate::support::{App, Person, World, person};
use lectern::domain::lesson::LessonPage;
use lectern::domain::outline::Outline;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_position_is_kept_for_a_learner_with_access_and_the_last_word_holds(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (course, lesson) = (world.course.id, world.paid().id);
    let at = |seconds: &str| fields!["course" => course, "lesson" => lesson, "seconds" => seconds];
    let position = async |person: &Person| {
        let fields = fields!["course" => course, "lesson" => lesson];
        app.call(person, "get_lesson", fields).await.json::<LessonPage>().position
    };
    assert_eq!(position(&world.learner).await, 0);
    for seconds in ["61", "3600", "4294967295", "12"] {
        app.call(&world.learner, "save_position", at(seconds)).await.ok();
    }
    assert_eq!(position(&world.learner).await, 12);
    let phone = app.again(&world.learner).await;
    app.call(&phone, "save_position", at("40")).await.ok();
    assert_eq!(position(&world.learner).await, 40);
    for seconds in ["-1", "1.5", "NaN", "99999999999"] {
        app.call(&world.learner, "save_position", at(seconds)).await.is(400);
    }
    // Nobody else's: without access nothing is kept, an admin's visits included, nor of what is not open.
    app.call(&Person::anonymous(), "save_position", at("5")).await.is(401);
    for person in [&world.outsider, &world.admin] {
        app.call(person, "save_position", at("5")).await.is(404);
    }
    let draft = fields!["course" => course, "lesson" => world.draft().id, "seconds" => 5];
    app.call(&world.learner, "save_position", draft).await.is(404);
    let foreign = world.other_course.sections[0].lessons[0].id;
    let elsewhere = fields!["course" => course, "lesson" => foreign, "seconds" => 5];
    app.call(&world.learner, "save_position", elsewhere).await.is(404);
    assert_eq!(count(&app.pool, "lesson_positions").await, 1);
    assert_eq!(position(&world.admin).await, 0);
    // With the lesson it goes.
    app.call(&world.admin, "admin/delete_lesson", fields!["id" => lesson]).await.ok();
    assert_eq!(count(&app.pool, "lesson_positions").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_device_that_only_scrolled_leaves_the_second_of_another_as_it_is(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let lesson = fields!["course" => world.course.id, "lesson" => world.paid().id];
    let left = async || {
        let page = app.call(&world.learner, "get_lesson", lesson.clone()).await.json::<LessonPage>();
        (page.position, page.read)
    };
    app.call(&world.learner, "save_position", [lesson.clone(), fields!["seconds" => 90]].concat()).await.ok();
    app.call(&world.learner, "save_position", [lesson.clone(), fields!["read" => 400]].concat()).await.ok();
    assert_eq!(left().await, (90, 400));
    app.call(&world.learner, "save_position", [lesson.clone(), fields!["read" => 4_000]].concat()).await.ok();
    app.call(&world.learner, "save_position", lesson.clone()).await.ok();
    assert_eq!(left().await, (90, 1_000));
    // It was there last: Continue leads to it.
    let outline = app.call(&world.learner, "get_outline", fields!["course" => world.course.id]).await.json::<Outline>();
    assert_eq!(outline.visited, Some(world.paid().id));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_lesson_is_completed_once_by_playing_nine_tenths_of_its_video_and_not_by_jumping(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (course, lesson) = (world.course.id, world.paid().id);
    let play = async |played: &str| {
        let fields = fields![
            "course" => course, "lesson" => lesson, "seconds" => 99, "length" => 100, "played" => played,
        ];
        app.call(&world.learner, "save_position", fields).await.json::<bool>()
    };
    let completed = async || !app.completed_by(world.learner.id.0).await.is_empty();
    assert!(!play("0-10 99-100").await);
    // The same again adds nothing; what overlaps counts once.
    assert!(!play("0-10 5-20 99-100").await && !play("10-88").await && !completed().await);
    assert!(play("88-90").await && completed().await);
    assert!(!play("90-99").await);
    // Undone is undone, however long one plays on.
    app.call(&world.learner, "complete_lesson", fields!["course" => course, "lesson" => lesson, "done" => false])
        .await
        .ok();
    assert!(!play("0-100").await && !completed().await);
    for broken in ["x", "5-1", "0-1,2-3", "0-100000"] {
        let fields = fields!["course" => course, "lesson" => lesson, "played" => broken];
        app.call(&world.learner, "save_position", fields).await.is(400);
    }

    // Another video is to be watched anew.
    sqlx::query("update lessons set video_url = null where id = $1").bind(lesson.0).execute(&app.pool).await.unwrap();
    let save = async |video: &str, by_hand: bool| {
        let edit: serde_json::Value =
            app.call(&world.admin, "admin/get_lesson_edit", fields!["id" => lesson]).await.json();
        let form = fields![
            "id" => lesson, "version" => edit["version"].as_str().unwrap(), "form[name]" => "Film",
            "form[status]" => "public", "form[video_url]" => video, "form[by_hand]" => by_hand,
        ];
        app.call(&world.admin, "admin/update_lesson", form).await.ok();
    };
    save("https://example.org/a.mp4", false).await;
    assert!(!play("0-10").await && play("10-95").await);
    // Where its author wants the button alone, playing completes nothing.
    app.call(&world.learner, "complete_lesson", fields!["course" => course, "lesson" => lesson, "done" => false])
        .await
        .ok();
    save("https://example.org/b.mp4", true).await;
    assert!(!play("0-100").await && !completed().await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn script_may_load_from_other_hosts_on_lessons_of_a_course_with_streams_and_nowhere_else(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let lesson = world.course.lesson_path(world.paid());
    let connects = async |path: &str| {
        let reply = app.get_as(&world.learner, path).await;
        let policy = reply.is(200).header("content-security-policy").to_owned();
        policy.split("; ").find(|rule| rule.starts_with("connect-src")).expect("is said").to_owned()
    };
    assert_eq!(connects(&lesson).await, "connect-src 'self'");
    // Of another lesson, to which the player comes without leaving the page.
    sqlx::query("update lessons set video_url = 'https://example.org/a.m3u8?b' where id = $1")
        .bind(world.draft().id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    assert_eq!(connects(&lesson).await, "connect-src 'self' https:");
    for path in ["/", "/courses", &format!("/courses/{}", world.course.id)] {
        assert_eq!(connects(path).await, "connect-src 'self'", "{path}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_note_is_its_learners_alone(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let note = |text: &str| fields!["course" => world.course.id, "lesson" => world.paid().id, "note" => text];
    app.call(&world.learner, "save_note", note("Rest the dough.\r\nTwice. ")).await.ok();
    app.call(&Person::anonymous(), "save_note", note("x")).await.is(401);
    for person in [&world.outsider, &world.admin] {
        app.call(person, "save_note", note("x")).await.is(404);
    }
    app.call(&world.learner, "save_note", note(&"x".repeat(20_001))).await.is(400);
    app.call(&world.learner, "save_note", note("a\0b")).await.is(400);
    let path = format!("/courses/{}/notes.md", world.course.id);
    let kept = app.get_as(&world.learner, &path).await;
    assert!(kept.is(200).text().ends_with("\n\nRest the dough.\nTwice.\n"), "{}", kept.text());
    let other = person("Mo").create(&app).await;
    app.give(&other, &world.course).await;
    assert_eq!(app.get_as(&other, &path).await.is(200).text(), "# Notes\n");
    let page = app.get_as(&world.admin, world.course.lesson_path(world.paid())).await;
    assert!(!page.text().contains("Rest the dough"));
    // Emptied, it is gone.
    app.call(&world.learner, "save_note", note(" ")).await.ok();
    assert_eq!(count(&app.pool, "lesson_notes").await, 0);
}
