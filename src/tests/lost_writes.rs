//! CC10: clients that hang up at any moment. I3: what was acknowledged is there. I6: no transaction is left open.

use crate::concurrency::{below, random, shuffled};
use crate::support::app::{form, json};
use crate::support::store::{assert_nothing_idles_in_transaction, assert_order_is_dense, reorder_lessons};
use crate::support::{App, Person, Reply, course, person, section};
use axum::body::Body;
use axum::http::Request;
use futures::future::join_all;
use lectern::server::db::Db;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;
use uuid::Uuid;

/// Hang-ups a test.
const HANG_UPS: usize = 500;
/// Clients at once: more than the pool has connections, so that some hang up while they wait for one.
const CLIENTS: usize = 20;

/// When a client hangs up.
enum Patience {
    /// Not before it is answered.
    Endless,
    After(Duration),
    /// At the nth point where the server waits for something: a timer is too coarse to meet each of them.
    Waits(usize),
}

/// Sends a request and hangs up when patience ends; the reply where it came first.
async fn hang_up(app: &App, request: Request<Body>, patience: Patience) -> Option<Reply> {
    match patience {
        Patience::Endless => Some(app.send(request).await),
        Patience::After(time) => tokio::time::timeout(time, app.send(request)).await.ok(),
        Patience::Waits(waits) => dropped_after(waits, app.send(request)).await,
    }
}

/// Drops a future after it was polled so often without an end.
async fn dropped_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = polls;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// 0 to 20 ms, or at one of the first waits.
fn patience(rng: &mut proptest::test_runner::TestRng) -> Patience {
    match below(rng, 2) {
        0 => Patience::After(Duration::from_micros(below(rng, 20_000) as u64)),
        _ => Patience::Waits(below(rng, 24)),
    }
}

async fn completing_under_hang_ups(app: &App) {
    let learner = person("Lee").create(app).await;
    let course = course("Long").with(section("Only").with_lessons(4 * HANG_UPS)).create(app).await;
    app.give(&learner, &course).await;
    let (rng, lessons) = (RefCell::new(random()), RefCell::new(course.sections[0].lessons.iter()));
    let (hung_up, acknowledged) = (Cell::new(0), RefCell::new(BTreeSet::new()));
    // Every other one waits for its answer: it is theirs that must not go with somebody else's.
    let next = || {
        let mut lessons = lessons.borrow_mut();
        let lesson = lessons.next().filter(|_| hung_up.get() < HANG_UPS)?;
        let waits = lessons.len() % 2 == 0;
        Some((lesson.id.0, if waits { Patience::Endless } else { patience(&mut rng.borrow_mut()) }))
    };
    let client = async |_| {
        while let Some((lesson, patience)) = next() {
            let fields = crate::fields!["course" => course.id, "lesson" => lesson, "done" => true];
            match hang_up(app, form(&learner, "complete_lesson", &fields, "application/json"), patience).await {
                Some(reply) => {
                    reply.ok();
                    acknowledged.borrow_mut().insert(lesson);
                }
                None => hung_up.set(hung_up.get() + 1),
            }
        }
    };
    join_all((0..CLIENTS).map(client)).await;
    let acknowledged = acknowledged.into_inner();
    println!("{} hung up, {} were acknowledged", hung_up.get(), acknowledged.len());
    assert!(hung_up.get() >= HANG_UPS && acknowledged.len() >= HANG_UPS / 2);
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
            let change = reorder_lessons(section, &seen, wanted);
            let arguments = serde_json::json!({"course": course.id, "tab": Uuid::nil(), "change": change});
            json(person, "admin/change_outline", &arguments)
        };
        // Some go, one stays: the order is what the one was told, or what one of the others wanted before it.
        let wanted: Vec<_> = (0..6).map(|_| shuffled(&mut rng, &seen)).collect();
        let going = wanted[1..].iter().map(|wanted| {
            let patience = patience(&mut rng);
            hang_up(app, reorder(&admin, wanted), patience)
        });
        let going: Vec<_> = going.collect();
        let (stayed, went) = futures::future::join(app.send(reorder(&admin, &wanted[0])), join_all(going)).await;
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

/// Why there is a helper: on a plain pool, a client that leaves while a transaction begins leaves it open, and the
/// next one's write, acknowledged, goes with it.
#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn without_the_write_helper_an_acknowledged_write_is_lost(pool: PgPool) {
    let app = App::new(pool);
    let learner = person("Lee").create(&app).await;
    let course = course("Long").with(section("Only").with_lessons(200)).create(&app).await;
    let options = app.pool.connect_options().as_ref().clone();
    let plain = PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let mut acknowledged = BTreeSet::new();
    for (n, lesson) in course.lessons().enumerate() {
        drop(dropped_after(1 + n % 4, plain.begin()).await);
        let statement = "insert into user_lesson_complete (user_id, lesson_id) values ($1, $2)";
        sqlx::query(statement).bind(learner.id.0).bind(lesson.id.0).execute(&plain).await.unwrap();
        acknowledged.insert(lesson.id.0);
    }
    plain.close().await;
    let stored: BTreeSet<Uuid> = app.completed_by(learner.id.0).await.into_iter().collect();
    let lost = acknowledged.difference(&stored).count();
    println!("{} acknowledged, {lost} lost", acknowledged.len());
    assert!(lost > 0, "the fault that the helper is there for is gone: is the helper?");
}
