//! Many at once.

use crate::fields;
use crate::support::store::{
    assert_nothing_idles_in_transaction, assert_order_is_dense, count, dump_without, rearrange, reorder_lessons,
    reorder_sections,
};
use crate::support::{App, Person, course, person, section};
use futures::future::{join, join_all};
use futures::stream::{self, StreamExt};
use lectern::error::{AppError, Conflict};
use proptest::test_runner::TestRng;
use sqlx::PgPool;
use tokio::sync::Semaphore;
use uuid::Uuid;

pub fn random() -> TestRng {
    TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha)
}

/// The ids in some other order.
pub fn shuffled(rng: &mut TestRng, ids: &[Uuid]) -> Vec<Uuid> {
    let mut shuffled = ids.to_vec();
    for last in (1..shuffled.len()).rev() {
        shuffled.swap(last, below(rng, last + 1));
    }
    if shuffled == ids {
        shuffled.reverse();
    }
    shuffled
}

pub fn below(rng: &mut TestRng, bound: usize) -> usize {
    use proptest::prelude::Rng;
    rng.next_u32() as usize % bound
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc1_of_two_admins_who_reorder_the_same_lessons_one_wins_and_the_other_is_told(pool: PgPool) {
    let app = App::new(pool);
    let course = course("Long").with(section("Only").with_lessons(50)).create(&app).await;
    let section = course.sections[0].id;
    let admins = [person("Ada").admin().create(&app).await, person("Bob").admin().create(&app).await];
    let mut rng = random();
    let mut wins = [0, 0];
    for round in 0..100 {
        let seen = app.lessons_of(section.0).await;
        let wanted = [shuffled(&mut rng, &seen), shuffled(&mut rng, &seen)];
        let reorder = |who: usize| {
            let change = reorder_lessons(section, &seen, &wanted[who]);
            let (app, admin, course) = (&app, &admins[who], course.id);
            async move { app.change(admin, course, &change).await }
        };
        let (first, second) = join(reorder(0), reorder(1)).await;
        let stored = app.lessons_of(section.0).await;
        let (winner, loser) = match (first.status, second.status) {
            (200, 409) => (0, second),
            (409, 200) => (1, first),
            statuses => panic!("round {round}: answered {statuses:?}"),
        };
        assert_eq!(stored, wanted[winner], "round {round}: the order is not the winner's");
        assert!(matches!(loser.error(), AppError::Conflict(Conflict::Stale(_))), "round {round}");
        wins[winner] += 1;
    }
    assert_order_is_dense(&app.pool).await;
    println!("wins: {wins:?}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc2_an_order_with_missing_repeated_or_foreign_ids_is_refused_and_changes_nothing(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let four = || section("Section").with_lessons(4);
    let course_a = course("One").with(four()).with(four()).with(four()).with(four()).create(&app).await;
    let other = course("Other").with(four()).create(&app).await;
    let lessons = app.lessons_of(course_a.sections[0].id.0).await;
    let sections = app.sections_of(course_a.id.0).await;
    let before = dump_without(&app.pool, &[]).await;
    let foreign = [app.lessons_of(other.sections[0].id.0).await[0], other.sections[0].id.0];
    let neighbour = [app.lessons_of(course_a.sections[1].id.0).await[0], other.sections[0].id.0];
    for (kind, seen) in [lessons, sections].iter().enumerate() {
        let (one, rest) = (seen[0], seen[1..].to_vec());
        let wrong = [
            rest.clone(),
            vec![],
            [rest.clone(), vec![rest[0]]].concat(),
            [seen.clone(), vec![one]].concat(),
            [rest.clone(), vec![foreign[kind]]].concat(),
            [rest.clone(), vec![neighbour[kind]]].concat(),
            [rest.clone(), vec![Uuid::nil()]].concat(),
            [seen.clone(), vec![foreign[kind]]].concat(),
        ];
        for wanted in wrong {
            let change = match kind {
                0 => reorder_lessons(course_a.sections[0].id, seen, &wanted),
                _ => reorder_sections(seen, &wanted),
            };
            let reply = app.change(&admin, course_a.id, &change).await;
            reply.is(400);
        }
        // What was seen must be the whole list too.
        let (fewer, mut turned) = (rest.clone(), rest);
        turned.reverse();
        let change = match kind {
            0 => reorder_lessons(course_a.sections[0].id, &fewer, &turned),
            _ => reorder_sections(&fewer, &turned),
        };
        app.change(&admin, course_a.id, &change).await.is(409);
    }
    assert_eq!(dump_without(&app.pool, &[]).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc3_the_order_stays_dense_while_lessons_are_added_deleted_moved_and_reordered(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let course = course("Busy")
        .with(section("One").with_lessons(8))
        .with(section("Two").with_lessons(8))
        .with(section("Three").with_lessons(8))
        .create(&app)
        .await;
    let mut rng = random();
    let mut answered = std::collections::BTreeMap::new();
    for _ in 0..40 {
        let mut work = Vec::new();
        for _ in 0..10 {
            work.push(disturb(&app, &admin, &course, [0; 5].map(|_| below(&mut rng, 1 << 16)), &mut rng).await);
        }
        for (what, status) in join_all(work).await {
            assert!(matches!(status, 200 | 400 | 404 | 409), "{what} answered {status}");
            *answered.entry((what, status)).or_insert(0) += 1;
        }
        assert_order_is_dense(&app.pool).await;
    }
    println!("{answered:?}");
    for what in ["reorder", "add", "delete", "place", "move", "swap", "sections", "new section"] {
        assert!(answered.contains_key(&(what, 200)), "{what} never succeeded: {answered:?}");
    }
    assert_nothing_idles_in_transaction(&app.pool).await;
}

type Disturbance<'a> = std::pin::Pin<Box<dyn Future<Output = (&'static str, u16)> + 'a>>;

/// One change of the order, as somebody would send it who looked just now.
async fn disturb<'a>(
    app: &'a App,
    admin: &'a Person,
    course: &'a crate::support::Course,
    dice: [usize; 5],
    rng: &mut TestRng,
) -> Disturbance<'a> {
    let from = course.sections[dice[1] % 3].id;
    let to = course.sections[(dice[1] + 1 + dice[2] % 2) % 3].id;
    let (here, there) = (app.lessons_of(from.0).await, app.lessons_of(to.0).await);
    let sections = app.sections_of(course.id.0).await;
    let wanted = if here.len() > 1 { shuffled(rng, &here) } else { here.clone() };
    let wanted_sections = shuffled(rng, &sections);
    let some = here.get(dice[3] % here.len().max(1)).copied().unwrap_or_default();
    Box::pin(async move {
        match dice[0] % 8 {
            0 => ("reorder", app.change(admin, course.id, &reorder_lessons(from, &here, &wanted)).await.status),
            1 => {
                let fields = fields!["course" => course.id, "section" => from, "form[name]" => "New", "stay" => true];
                ("add", app.call(admin, "admin/create_lesson", fields).await.status)
            }
            2 => ("delete", app.call(admin, "admin/delete_lesson", fields!["id" => some]).await.status),
            3 => {
                let left: Vec<Uuid> = here.iter().filter(|id| **id != some).copied().collect();
                let mut wanted = there.clone();
                if !some.is_nil() {
                    wanted.insert(dice[4] % (there.len() + 1), some);
                }
                let change = rearrange(&[(from, &here, &left), (to, &there, &wanted)]);
                ("place", app.change(admin, course.id, &change).await.status)
            }
            4 => {
                let fields =
                    fields!["course" => course.id, "lesson" => some, "from" => from, "to" => to, "first" => true];
                ("move", app.call(admin, "admin/move_lesson", fields).await.status)
            }
            5 => {
                let neighbour = here.get(1).copied().unwrap_or_default();
                let step = format!("{}.down.{neighbour}", here.first().copied().unwrap_or_default());
                let fields = fields!["course" => course.id, "step" => step];
                ("swap", app.call(admin, "admin/swap_lesson", fields).await.status)
            }
            6 => {
                ("sections", app.change(admin, course.id, &reorder_sections(&sections, &wanted_sections)).await.status)
            }
            _ => {
                let fields = fields!["course" => course.id, "form[name]" => "New", "form[status]" => "public"];
                let made = app.call(admin, "admin/create_section", fields).await;
                let Ok(id) = serde_json::from_slice::<Uuid>(&made.body) else { return ("new section", made.status) };
                ("new section", app.call(admin, "admin/delete_section", fields!["id" => id]).await.status)
            }
        }
    })
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc4_a_section_is_deleted_while_its_lessons_are_completed(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let mut learners = Vec::new();
    for _ in 0..32 {
        learners.push(person("Lee").create(&app).await);
    }
    let (mut late, mut kept) = (0, 0);
    for round in 0..8 {
        let course =
            course("Short-lived").with(section("Gone").with_lessons(32)).with(section("Stays").with_lessons(1));
        let course = course.create(&app).await;
        for learner in &learners {
            app.give(learner, &course).await;
        }
        let lessons = &course.sections[0].lessons;
        // Some at a time, so that what comes after the deletion is sent after it; the deletion is sent when a certain
        // number was answered, so that both sides are met whatever the machine does meanwhile.
        let answered = Semaphore::new(0);
        let complete = learners.iter().zip(lessons).map(async |(learner, lesson)| {
            let fields = fields!["course" => course.id, "lesson" => lesson.id, "done" => true];
            let reply = app.call(learner, "complete_lesson", fields).await;
            answered.add_permits(1);
            reply
        });
        let complete = stream::iter(complete).buffer_unordered(8).collect::<Vec<_>>();
        let delete = async {
            _ = answered.acquire_many(2 * round).await;
            app.call(&admin, "admin/delete_section", fields!["id" => course.sections[0].id]).await
        };
        let (completed, deleted) = join(complete, delete).await;
        deleted.is(200);
        for reply in completed {
            assert!(matches!(reply.status, 200 | 404), "answered {}: {}", reply.status, reply.text());
            if reply.status == 200 { kept += 1 } else { late += 1 }
        }
        assert_eq!(count(&app.pool, "user_lesson_complete").await, 0, "completions of deleted lessons are left");
    }
    println!("completed before: {kept}, after: {late}");
    assert!(late > 0 && kept > 0, "the two never met");
    assert_order_is_dense(&app.pool).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc5_completing_many_times_at_once_leaves_one_row_and_the_last_word_holds(pool: PgPool) {
    let app = App::new(pool);
    let learner = person("Lee").create(&app).await;
    let course = course("Small").with(section("Only").with_lessons(1)).create(&app).await;
    app.give(&learner, &course).await;
    let lesson = course.sections[0].lessons[0].id;
    let complete = |done: bool| {
        let fields = fields!["course" => course.id, "lesson" => lesson, "done" => done];
        app.call(&learner, "complete_lesson", fields)
    };
    for reply in join_all((0..64).map(|_| complete(true))).await {
        assert!(reply.json::<bool>());
    }
    assert_eq!(count(&app.pool, "user_lesson_complete").await, 1);
    assert_eq!(count(&app.pool, "course_completions").await, 1);
    for last in [false, true, false] {
        for reply in join_all((0..64).map(|n| complete(n % 2 == 0))).await {
            reply.ok();
        }
        assert_eq!(complete(last).await.json::<bool>(), last);
        assert_eq!(count(&app.pool, "user_lesson_complete").await, i64::from(last));
    }
    // The day of the first completion stays.
    assert_eq!(count(&app.pool, "course_completions").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc7_of_two_edits_of_one_lesson_the_second_is_told_and_its_author_keeps_the_text(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let course = course("Small").with(section("Only").with_lessons(1)).create(&app).await;
    let lesson = course.sections[0].lessons[0].id;
    let edit: serde_json::Value = app.call(&admin, "admin/get_lesson_edit", fields!["id" => lesson]).await.json();
    let save = |text: &str| {
        let version = edit["version"].as_str().unwrap();
        let form = fields!["form[name]" => text, "form[status]" => "public", "form[markdown]" => text];
        app.call(&admin, "admin/update_lesson", [fields!["id" => lesson, "version" => version], form].concat())
    };
    let replies = join_all([save("mine"), save("theirs")]).await;
    let mut statuses = replies.iter().map(|reply| reply.status).collect::<Vec<_>>();
    let winner = ["mine", "theirs"][statuses.iter().position(|status| *status == 200).expect("one is saved")];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let stored: String = sqlx::query_scalar("select description from lessons where id = $1")
        .bind(lesson.0)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(stored, winner);
}
