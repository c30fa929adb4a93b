//! CC10: clients that hang up at any moment. I3: what was acknowledged is there. I6: no transaction is left open.

use crate::concurrency::{below, random, shuffled};
use crate::support::app::{form, json};
use crate::support::store::{assert_nothing_idles_in_transaction, assert_order_is_dense, idle_in_transaction};
use crate::support::{App, Person, Reply, course, person, section};
use axum::body::Body;
use axum::http::Request;
use futures::future::join_all;
use lectern::server::db::Db;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;
use uuid::Uuid;

/// Hang-ups a test.
const HANG_UPS: usize = 500;
/// Clients at once: more than the pool has connections, so that some hang up while they wait for one.
const CLIENTS: usize = 20;

/// Sends a request and hangs up after a while; the reply where it came first.
async fn hang_up(app: &App, request: Request<Body>, after: Duration) -> Option<Reply> {
    tokio::time::timeout(after, app.send(request)).await.ok()
}

/// 0 to 20 ms, the short ones more often: that is where a transaction begins.
fn patience(rng: &mut proptest::test_runner::TestRng) -> Duration {
    let most = [1_000, 4_000, 20_000][below(rng, 3)];
    Duration::from_micros(below(rng, most) as u64)
}

async fn completing_under_hang_ups(app: &App) {
    let learner = person("Lee").create(app).await;
    let course = course("Long").with(section("Only").with_lessons(2 * HANG_UPS)).create(app).await;
    app.give(&learner, &course).await;
    let rng = Mutex::new(random());
    let lessons = Mutex::new(course.sections[0].lessons.clone());
    let acknowledged = Mutex::new(BTreeSet::new());
    let hung_up = Mutex::new(0);
    let complete = |lesson: Uuid| {
        let fields = crate::fields!["course" => course.id, "lesson" => lesson, "done" => true];
        form(&learner, "complete_lesson", &fields, "application/json")
    };
    let client = async |_| {
        while let Some(lesson) = lessons.lock().unwrap().pop() {
            let enough = *hung_up.lock().unwrap() >= HANG_UPS;
            // Every other one waits for its answer: it is theirs that must not go with somebody else's.
            let patience = match enough || lessons.lock().unwrap().len() % 2 == 0 {
                true => Duration::from_secs(30),
                false => patience(&mut rng.lock().unwrap()),
            };
            match hang_up(app, complete(lesson.id.0), patience).await {
                Some(reply) => {
                    reply.ok();
                    acknowledged.lock().unwrap().insert(lesson.id.0);
                }
                None => *hung_up.lock().unwrap() += 1,
            }
        }
    };
    join_all((0..CLIENTS).map(client)).await;
    // A lesson a hang-up is asked for; what is left of the count is made up for with more of the same.
    while *hung_up.lock().unwrap() < HANG_UPS {
        for lesson in &course.sections[0].lessons {
            let patience = patience(&mut rng.lock().unwrap()).min(Duration::from_millis(2));
            if hang_up(app, complete(lesson.id.0), patience).await.is_none() {
                *hung_up.lock().unwrap() += 1;
            }
            if *hung_up.lock().unwrap() >= HANG_UPS {
                break;
            }
        }
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= HANG_UPS / 2, "only {} were acknowledged", acknowledged.len());
    let stored: BTreeSet<Uuid> = app.completed_by(learner.id.0).await.into_iter().collect();
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged completions are lost", lost.len(), acknowledged.len());
    assert_nothing_idles_in_transaction(&app.pool).await;
}

async fn reordering_under_hang_ups(app: &App) {
    let admin = person("Ada").admin().create(app).await;
    let course = course("Long").with(section("Only").with_lessons(20)).create(app).await;
    let section = course.sections[0].id;
    let mut rng = random();
    let (mut hung_up, mut acknowledged) = (0, 0);
    while hung_up < HANG_UPS {
        let seen = app.lessons_of(section.0).await;
        let reorder = |person: &Person, wanted: &[Uuid]| {
            let arguments = serde_json::json!({"section": section, "seen": seen, "wanted": wanted});
            json(person, "admin/reorder_lessons", &arguments)
        };
        // Some go, one stays: the order is what the one was told, or what one of the others wanted before it.
        let wanted: Vec<_> = (0..6).map(|_| shuffled(&mut rng, &seen)).collect();
        let going = wanted[1..].iter().map(|wanted| {
            let patience = patience(&mut rng);
            hang_up(app, reorder(&admin, wanted), patience)
        });
        let going: Vec<_> = going.collect();
        let (stayed, went) =
            futures::future::join(app.send(reorder(&admin, &wanted[0])), join_all(going)).await;
        hung_up += went.iter().filter(|reply| reply.is_none()).count();
        let told: Vec<usize> = std::iter::once(Some(&stayed))
            .chain(went.iter().map(Option::as_ref))
            .enumerate()
            .filter(|(_, reply)| reply.is_some_and(|reply| reply.status == 200))
            .map(|(who, _)| who)
            .collect();
        assert!(told.len() <= 1, "{} were told that their order holds", told.len());
        assert!(matches!(stayed.status, 200 | 409), "{}", stayed.text());
        // A write whose client is gone goes on to its end.
        tokio::time::sleep(Duration::from_millis(2)).await;
        let stored = app.lessons_of(section.0).await;
        match told.first() {
            Some(who) => {
                assert_eq!(stored, wanted[*who], "an acknowledged order is lost");
                acknowledged += 1;
            }
            None => assert!(stored == seen || wanted.contains(&stored), "the order is a mix"),
        }
    }
    assert!(acknowledged > HANG_UPS / 50, "only {acknowledged} were acknowledged");
    assert_order_is_dense(&app.pool).await;
    assert_nothing_idles_in_transaction(&app.pool).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc10_a_completion_that_was_acknowledged_survives_clients_that_hang_up(pool: PgPool) {
    completing_under_hang_ups(&App::new(pool)).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc10_an_order_that_was_acknowledged_survives_clients_that_hang_up(pool: PgPool) {
    reordering_under_hang_ups(&App::new(pool)).await;
}

/// The pool's own guard is off here: that a write runs to its end whoever listens must do alone.
fn on_a_small_pool_without_its_guard(pool: PgPool) -> App {
    let options = pool.connect_options().as_ref().clone();
    let db = Db::from_pool(PgPoolOptions::new().max_connections(3).connect_lazy_with(options));
    App::on(pool, db, &[])
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc10_completions_survive_hang_ups_on_a_small_pool_by_the_write_helper_alone(pool: PgPool) {
    completing_under_hang_ups(&on_a_small_pool_without_its_guard(pool)).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc10_orders_survive_hang_ups_on_a_small_pool_by_the_write_helper_alone(pool: PgPool) {
    reordering_under_hang_ups(&on_a_small_pool_without_its_guard(pool)).await;
}

/// Why there is a helper: the same writes begun on a plain pool.
#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn without_the_write_helper_an_acknowledged_write_is_lost_or_a_transaction_stays_open(pool: PgPool) {
    let app = App::new(pool);
    let learner = person("Lee").create(&app).await;
    let course = course("Long").with(section("Only").with_lessons(2000)).create(&app).await;
    let options = app.pool.connect_options().as_ref().clone();
    let plain = PgPoolOptions::new().max_connections(3).connect_with(options).await.unwrap();
    let rng = Mutex::new(random());
    let lessons = Mutex::new(course.sections[0].lessons.clone());
    let acknowledged = Mutex::new(BTreeSet::new());
    let complete = async |lesson: Uuid| {
        let mut transaction = plain.begin().await.unwrap();
        let done = sqlx::query("insert into user_lesson_complete (user_id, lesson_id) values ($1, $2)")
            .bind(learner.id.0)
            .bind(lesson)
            .execute(&mut *transaction)
            .await;
        done.unwrap();
        transaction.commit().await.unwrap();
    };
    let client = async |_| {
        while let Some(lesson) = lessons.lock().unwrap().pop() {
            let patience = Duration::from_micros(below(&mut rng.lock().unwrap(), 2_000) as u64);
            if tokio::time::timeout(patience, complete(lesson.id.0)).await.is_ok() {
                acknowledged.lock().unwrap().insert(lesson.id.0);
            }
        }
    };
    join_all((0..CLIENTS).map(client)).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let idle = idle_in_transaction(&app.pool).await.len();
    let acknowledged = acknowledged.into_inner().unwrap();
    let stored: BTreeSet<Uuid> = app.completed_by(learner.id.0).await.into_iter().collect();
    let lost = acknowledged.difference(&stored).count();
    println!("{} acknowledged, {lost} lost, {idle} transactions left open", acknowledged.len());
    plain.close().await;
    assert!(lost > 0 || idle > 0, "the fault that the helper is there for did not show");
}
