//! Many editors of one outline, against the model that the editor itself works by.

use crate::concurrency::{below, random};
use crate::fields;
use crate::support::app::request;
use crate::support::statements::during;
use crate::support::store::{assert_order_is_dense, count, dump_without};
use crate::support::{App, Course, Person, World, course, person, section};
use axum::body::Body;
use axum::http::Method;
use futures::StreamExt;
use futures::future::join_all;
use lectern::domain::deletion::DeletedRows;
use lectern::domain::id::{DeletionId, LessonId, SectionId};
use lectern::domain::lesson::LessonStatus;
use lectern::domain::outline::Outline;
use lectern::domain::outline_edit::{Branch, Intent, Leaf, OutlineChange, Row, Tree};
use lectern::server::db::deletions;
use proptest::test_runner::TestRng;
use sqlx::PgPool;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

/// The outline as it is stored, as an editor that looks now has it.
async fn stored(app: &App, admin: &Person, course: &Course) -> Tree {
    let outline: Outline = app.call(admin, "admin/get_course", fields!["id" => course.id]).await.json();
    let leaf = |lesson: lectern::domain::outline::OutlineLesson| Leaf {
        id: lesson.id,
        name: lesson.name,
        status: lesson.status,
    };
    let branches = outline.sections.into_iter().map(|section| Branch {
        id: section.id,
        name: section.name,
        status: section.status,
        lessons: section.lessons.into_iter().map(leaf).collect(),
    });
    Tree::new(branches.collect())
}

async fn small(app: &App) -> Course {
    let of = |lessons| section("Section").with_lessons(lessons);
    course("Shared").with(of(4)).with(of(3)).with(of(0)).with(of(2)).create(app).await
}

/// Something that somebody may mean who sees this outline.
fn any_intent(rng: &mut TestRng, tree: &Tree) -> Intent {
    let sections: Vec<SectionId> = tree.sections.iter().map(|section| section.id).collect();
    let lessons: Vec<LessonId> =
        tree.sections.iter().flat_map(|section| &section.lessons).map(|lesson| lesson.id).collect();
    let section =
        |rng: &mut TestRng| sections.get(below(rng, sections.len().max(1))).copied().unwrap_or(SectionId(Uuid::nil()));
    let lesson =
        |rng: &mut TestRng| lessons.get(below(rng, lessons.len().max(1))).copied().unwrap_or(LessonId(Uuid::nil()));
    let some = |rng: &mut TestRng| (0..=below(rng, 3)).map(|_| lesson(rng)).collect::<Vec<_>>();
    let row =
        |rng: &mut TestRng| if below(rng, 3) == 0 { Row::Section(section(rng)) } else { Row::Lesson(lesson(rng)) };
    let name = |rng: &mut TestRng| ["One", "Two", "Three"][below(rng, 3)].to_owned();
    match below(rng, 20) {
        0..8 => {
            let before = (below(rng, 3) > 0).then(|| lesson(rng));
            Intent::MoveLessons { lessons: some(rng), to: section(rng), before }
        }
        8..11 => Intent::MoveSection { section: section(rng), before: (below(rng, 3) > 0).then(|| section(rng)) },
        11..13 => Intent::Rename { row: row(rng), name: name(rng) },
        13..15 => {
            let status = LessonStatus::ALL[below(rng, 3)];
            Intent::SetStatus { rows: vec![row(rng), row(rng)], status }
        }
        15..17 => Intent::AddLesson { section: section(rng), after: Some(lesson(rng)), name: name(rng) },
        17 => Intent::AddSection { name: name(rng) },
        _ => Intent::Delete { rows: vec![row(rng)] },
    }
}

/// CC1, CC2, CC3: whatever several editors send, each from what it saw when it looked last, the server makes the
/// changes that the model makes and refuses those that it refuses.
#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc3_the_server_does_what_the_model_does_whoever_edits_what_they_saw(pool: PgPool) {
    let app = App::new(pool);
    let course = small(&app).await;
    let admin = person("Ada").admin().create(&app).await;
    let mut rng = random();
    let mut model = stored(&app, &admin, &course).await;
    let mut seen = vec![model.clone(); 4];
    let mut made: Vec<OutlineChange> = Vec::new();
    let (mut yes, mut no) = (0, 0);
    for round in 0..500 {
        let who = below(&mut rng, seen.len());
        if below(&mut rng, 3) == 0 {
            seen[who].clone_from(&model);
        }
        // Now and then the last change is taken back, as its editor does.
        let change = match made.pop().filter(|_| below(&mut rng, 4) == 0) {
            Some(last) => Some(model.inverse(&last, DeletionId(Uuid::new_v4()))),
            None => any_intent(&mut rng, &seen[who]).plan(&seen[who], Uuid::new_v4),
        };
        let Some(change) = change else { continue };
        let expected = model.apply(&change);
        let reply = app.change(&admin, course.id, &change).await;
        match expected {
            Ok(()) => {
                reply.is(200);
                made.push(change.clone());
                _ = seen[who].apply(&change);
                yes += 1;
            }
            Err(_) => {
                reply.is(409);
                no += 1;
            }
        }
        let now = stored(&app, &admin, &course).await;
        assert_eq!(now.sections, model.sections, "round {round}: after {change:?}");
        // An answer that was lost: sent again, it changes nothing.
        if expected.is_ok() && below(&mut rng, 3) == 0 {
            app.change(&admin, course.id, &change).await.is(200);
            assert_eq!(stored(&app, &admin, &course).await.sections, model.sections, "round {round}: again {change:?}");
        }
    }
    assert_order_is_dense(&app.pool).await;
    println!("{yes} made, {no} refused");
    assert!(yes > 150 && no > 30, "{yes} made, {no} refused");
}

/// Sent at once, the changes that were made are made one after the other in some order, and those refused fit none.
#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc1_changes_sent_at_once_are_made_one_after_the_other(pool: PgPool) {
    let app = App::new(pool);
    let course = small(&app).await;
    let admins = [
        person("Ada").admin().create(&app).await,
        person("Bob").admin().create(&app).await,
        person("Eve").admin().create(&app).await,
    ];
    let mut rng = random();
    let (mut yes, mut no) = (0, 0);
    for round in 0..60 {
        let before = stored(&app, &admins[0], &course).await;
        let plans = admins.iter().filter_map(|admin| {
            let intent = any_intent(&mut rng, &before);
            intent.plan(&before, Uuid::new_v4).map(|change| (admin, change))
        });
        let plans: Vec<_> = plans.collect();
        let replies = join_all(plans.iter().map(|(admin, change)| app.change(admin, course.id, change))).await;
        let after = stored(&app, &admins[0], &course).await;
        let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        assert!(statuses.iter().all(|status| matches!(status, 200 | 409)), "round {round}: {statuses:?}");
        let explained = orders(plans.len()).into_iter().any(|order| {
            let mut model = before.clone();
            order.iter().all(|at| model.apply(&plans[*at].1).is_ok() == (statuses[*at] == 200))
                && model.sections == after.sections
        });
        assert!(explained, "round {round}: {statuses:?} for {plans:#?}");
        yes += statuses.iter().filter(|status| **status == 200).count();
        no += statuses.iter().filter(|status| **status == 409).count();
        assert_order_is_dense(&app.pool).await;
    }
    println!("{yes} made, {no} refused");
    assert!(yes > 60 && no > 5, "{yes} made, {no} refused");
}

/// Every order of so many things.
fn orders(n: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..n {
        let longer = |order: &Vec<usize>| {
            (0..n).filter(|at| !order.contains(at)).map(|at| [order.as_slice(), &[at]].concat()).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// Everything that a learner and an author can leave on a lesson.
async fn live_in(app: &App, world: &World, lesson: LessonId) {
    let fields = fields!["course" => world.course.id, "lesson" => lesson, "done" => true];
    app.call(&world.learner, "complete_lesson", fields).await.ok();
    let fields = fields!["course" => world.course.id, "lesson" => lesson, "seconds" => 61];
    app.call(&world.learner, "save_position", fields).await.ok();
    let fields = fields!["course" => world.course.id, "lesson" => lesson, "note" => "Mine"];
    app.call(&world.learner, "save_note", fields).await.ok();
    let edit: serde_json::Value = app.call(&world.admin, "admin/get_lesson_edit", fields!["id" => lesson]).await.json();
    let fields = fields![
        "id" => lesson, "version" => edit["version"].as_str().unwrap(), "form[name]" => "Again",
        "form[status]" => "public", "form[markdown]" => "Another text",
    ];
    app.call(&world.admin, "admin/update_lesson", fields).await.ok();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn dr7_what_is_restored_is_what_it_was_with_everyones_progress_and_files(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    live_in(&app, &world, world.paid().id).await;
    let dump = async || {
        // Neighbours that moved up and back were changed since; the rows themselves are what they were.
        let rest = ["outline_deletions", "deleted_rows", "lessons", "course_sections"];
        let rows: Vec<String> = sqlx::query_scalar(
            "select (to_jsonb(l) - 'updated_at')::text from lessons l
            union all select (to_jsonb(s) - 'updated_at')::text from course_sections s
            order by 1",
        )
        .fetch_all(&app.pool)
        .await
        .unwrap();
        (dump_without(&app.pool, &rest).await, rows)
    };
    let before = dump().await;
    let lessons = vec![world.paid().id, world.draft().id];
    let front = world.course.sections[0].id;
    for (sections, lessons) in [(vec![], lessons.clone()), (vec![front], vec![]), (vec![front], lessons)] {
        let deletion = DeletionId(Uuid::new_v4());
        let delete = OutlineChange::Delete { deletion, sections, lessons };
        app.change(&world.admin, world.course.id, &delete).await.is(200);
        assert_ne!(dump().await, before);
        assert_order_is_dense(&app.pool).await;
        app.get_as(&world.learner, world.course.lesson_path(world.paid())).await.is(404);
        let deleted: Vec<DeletedRows> =
            app.call(&world.admin, "admin/list_deleted_rows", fields!["course" => world.course.id]).await.json();
        assert_eq!(deleted.len(), 1);
        let fields = fields!["course" => world.course.id, "deletion" => deletion];
        app.submit(&world.admin, "admin/restore_deletion", fields.clone()).await.is(302);
        assert_eq!(dump().await, before);
        app.get_as(&world.learner, world.course.lesson_path(world.paid())).await.is(200);
        // Pressed twice.
        app.submit(&world.admin, "admin/restore_deletion", fields).await.is(302);
        assert_eq!(dump().await, before);
    }
    assert_eq!(count(&app.pool, "deleted_rows").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_is_not_restored_in_time_is_gone_for_good(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    app.call(&world.admin, "admin/delete_lesson", fields!["id" => world.paid().id]).await.ok();
    app.call(&world.admin, "admin/delete_section", fields!["id" => world.course.sections[0].id]).await.ok();
    let list = async || -> Vec<DeletedRows> {
        app.call(&world.admin, "admin/list_deleted_rows", fields!["course" => world.course.id]).await.json()
    };
    let deleted = list().await;
    let words: Vec<String> = deleted.iter().map(DeletedRows::words).collect();
    assert!(
        words[0].ends_with("with 2 lessons") && words[1].contains(&format!("name-{}", world.paid().token)),
        "{words:?}"
    );
    // The lesson has no section to come back to, until that is back.
    let restore = |id: DeletionId| {
        app.call(&world.admin, "admin/restore_deletion", fields!["course" => world.course.id, "deletion" => id])
    };
    let refused = restore(deleted[1].id).await;
    assert!(refused.is(409).text().contains("Restore that first"));
    // Nor is it another course's.
    let elsewhere = fields!["course" => world.other_course.id, "deletion" => deleted[0].id];
    app.call(&world.admin, "admin/restore_deletion", elsewhere).await.is(409);
    restore(deleted[0].id).await.ok();
    sqlx::query("update outline_deletions set expires_at = now()").execute(&app.pool).await.unwrap();
    restore(deleted[1].id).await.is(409);
    assert!(list().await.is_empty());
    app.state.files.sweep(&app.state.db, Duration::ZERO).await.unwrap();
    assert_eq!(count(&app.pool, "deleted_rows").await + count(&app.pool, "outline_deletions").await, 0);
}

/// Whoever adds a table that hangs on lessons decides here whether its rows are restored with them.
#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn every_table_that_hangs_on_the_outline_is_restored_or_said_not_to_be(pool: PgPool) {
    // Uploads under way are given up with their lesson, and what is said of files that were sent goes with their section:
    // the lessons that they became are there again.
    const NOT_RESTORED: [&str; 2] = ["bulk_reports", "uploads"];
    let hanging: Vec<String> = sqlx::query_scalar(
        "select distinct conrelid::regclass::text from pg_constraint
        where contype = 'f' and confrelid in ('lessons'::regclass, 'course_sections'::regclass)",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let hanging: BTreeSet<&str> = hanging.iter().map(String::as_str).collect();
    let restored = deletions::relations().filter(|table| *table != "course_sections");
    assert_eq!(hanging, restored.chain(NOT_RESTORED).collect::<BTreeSet<_>>());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn whoever_looks_at_an_outline_is_told_who_changed_it(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let path = format!("/admin/courses/{}/changes", world.course.id);
    let response = app.open(request(Method::GET, &world.admin, &path, Body::empty())).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let mut next = async || {
        let part = tokio::time::timeout(Duration::from_secs(2), stream.next()).await.expect("is told within 2 s");
        String::from_utf8(part.expect("goes on").expect("is read").to_vec()).unwrap()
    };
    assert!(next().await.starts_with(':'));
    // Not of another course.
    let elsewhere = fields!["course" => world.other_course.id, "form[name]" => "New", "form[status]" => "public"];
    app.call(&world.admin, "admin/create_section", elsewhere).await.ok();
    let row = Row::Lesson(world.paid().id);
    let name = format!("Paid name-{}", world.paid().token);
    // Nor of a text, which is no outline.
    let edit: serde_json::Value =
        app.call(&world.admin, "admin/get_lesson_edit", fields!["id" => world.paid().id]).await.json();
    let fields = fields![
        "id" => world.paid().id, "version" => edit["version"].as_str().unwrap(), "form[name]" => name,
        "form[status]" => "public", "form[markdown]" => "Another text",
    ];
    app.call(&world.admin, "admin/update_lesson", fields).await.ok();
    app.change(&world.admin, world.course.id, &OutlineChange::Rename { row, seen: name, wanted: "New".into() })
        .await
        .is(200);
    assert_eq!(next().await, format!("event: outline\ndata: {} Avery\n\n", Uuid::nil()));
    // Whatever changes it tells: here, a page without script.
    app.call(&world.admin, "admin/delete_lesson", fields!["id" => world.paid().id]).await.ok();
    assert_eq!(next().await, "event: outline\ndata: - \n\n");
    app.state.live.stop();
    assert!(tokio::time::timeout(Duration::from_secs(2), stream.next()).await.expect("ends").is_none());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_hundred_selected_lessons_move_in_one_request_of_at_most_six_statements(pool: PgPool) {
    let app = App::new(pool);
    let course =
        course("Long").with(section("From").with_lessons(150)).with(section("To").with_lessons(5)).create(&app).await;
    let admin = person("Ada").admin().create(&app).await;
    for round in 0..4 {
        let tree = stored(&app, &admin, &course).await;
        let (from, to) = if round % 2 == 0 { (0, 1) } else { (1, 0) };
        let lessons = tree.sections[from].lessons.iter().take(100).map(|lesson| lesson.id).collect();
        let intent = Intent::MoveLessons { lessons, to: tree.sections[to].id, before: None };
        let change = intent.plan(&tree, Uuid::new_v4).expect("something moves");
        let (reply, seen) = during(app.change(&admin, course.id, &change)).await;
        reply.is(200);
        // The first rounds open connections. The session's statement is one of them.
        assert!(round < 2 || seen.len() <= 6, "{seen:#?}");
    }
}
