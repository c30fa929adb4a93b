//! What Stripe tells by itself.

use crate::support::fake_stripe::Act;
use crate::support::shop::SECRET;
use crate::support::store::{count, dump_without};
use crate::support::{Person, Shop, person};
use chrono::{TimeDelta, Utc};
use futures::future::join_all;
use lectern::server::db::payment_events::PARKED_AFTER;
use lectern::server::payments::reconciler::{self, reconcile};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::time::Duration;

/// A shop where somebody has paid, and nobody has told of it yet.
async fn paid(pool: PgPool) -> (Shop, Person, Value) {
    let shop = Shop::new(pool).await;
    let (_, bundle) = shop.stock().await;
    let buyer = person("Bea").create(&shop.app).await;
    let (_, session) = shop.check_out(&buyer, bundle.id).await;
    shop.act(Act::Pay { session });
    let event = shop.event("checkout.session.completed");
    (shop, buyer, event)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py1_the_same_event_64_times_at_once_is_one_purchase_and_one_grant(pool: PgPool) {
    let (shop, buyer, event) = paid(pool).await;
    let replies = join_all((0..64).map(|_| shop.deliver(&event))).await;
    assert!(replies.iter().all(|reply| reply.status == 200), "{:?}", replies.iter().map(|r| r.status).max());
    for table in ["purchases", "course_grants", "payment_events"] {
        assert_eq!(count(&shop.app.pool, table).await, 1, "{table}");
    }
    assert_eq!(shop.app.access_of(buyer.id.0).await.len(), 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn of_an_event_that_was_applied_or_changes_nothing_stripe_is_asked_nothing(pool: PgPool) {
    let (shop, _, event) = paid(pool).await;
    shop.deliver(&event).await.is(200);
    shop.fake.switch(|switches| switches.fail = 100);
    shop.deliver(&event).await.is(200);
    assert_eq!(count(&shop.app.pool, "payment_events where processed_at is not null and error is null").await, 1);
    // Nor of one that nothing here hangs on.
    let mut other = event;
    (other["id"], other["type"]) = (json!("evt_other"), json!("payment_intent.succeeded"));
    shop.deliver(&other).await.is(200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py5_what_is_not_signed_by_stripe_is_refused_and_leaves_no_trace(pool: PgPool) {
    let (shop, _, event) = paid(pool).await;
    let (body, now) = (event.to_string(), Utc::now().timestamp());
    let good = shop.fake.signature(&body, now);
    let before = dump_without(&shop.app.pool, &[]).await;
    shop.post(body.clone(), None).await.is(400);
    let mut changed = body.clone().into_bytes();
    let last = changed.len() - 2;
    changed[last] ^= 1;
    shop.post(changed, Some(&good)).await.is(400);
    let forged = good.replace("v1=", "v1=0");
    let other = crate::support::fake_stripe::Fake::new("", "", "whsec_other", None).signature(&body, now);
    let of_nothing = crate::support::fake_stripe::Fake::new("", "", "", None).signature(&body, now);
    for signature in ["", "t=1", &good[..good.len() - 1], &forged, &other, &of_nothing, SECRET] {
        shop.post(body.clone(), Some(signature)).await.is(400);
    }
    // Signed, and no event.
    for body in ["", "{", "[]", r#"{"id":"evt_1"}"#] {
        shop.post(body, Some(&shop.fake.signature(body, now))).await.is(400);
    }
    assert_eq!(dump_without(&shop.app.pool, &[]).await, before);
    shop.post(body, Some(&good)).await.is(200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py6_an_old_signature_is_refused_and_one_valid_of_two_is_enough(pool: PgPool) {
    let (shop, _, event) = paid(pool).await;
    let (body, now) = (event.to_string(), Utc::now().timestamp());
    // A second more on either side, for the one that passes meanwhile.
    shop.post(body.clone(), Some(&shop.fake.signature(&body, now - 302))).await.is(400);
    assert_eq!(count(&shop.app.pool, "payment_events").await, 0);
    shop.post(body.clone(), Some(&shop.fake.signature(&body, now - 297))).await.is(200);
    let before = crate::support::fake_stripe::Fake::new("", "", "whsec_before", None).signature(&body, now);
    shop.post(body.clone(), Some(&before)).await.is(200);
    let good = shop.fake.signature(&body, now);
    let (time, code) = good.split_once(',').unwrap();
    shop.post(body, Some(&format!("{time},v1={},{code}", "0".repeat(64)))).await.is(200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py20_an_unknown_event_is_stored_and_one_of_the_other_mode_has_no_effect(pool: PgPool) {
    let (shop, buyer, event) = paid(pool).await;
    let mut live = event.clone();
    (live["livemode"], live["id"]) = (json!(true), json!("evt_live"));
    shop.deliver(&live).await.is(200);
    let odd = json!({
        "id": "evt_odd", "type": "issuing.card.made", "livemode": false, "data": {"object": {"id": 1, "x": "a\u{0}b"}},
    });
    shop.deliver(&odd).await.is(200);
    // An event of somebody else's payment, taken by the same account.
    let other = json!({
        "id": "evt_other", "type": "charge.refunded", "livemode": false,
        "data": {"object": {"id": "ch_1", "payment_intent": "pi_other"}},
    });
    shop.deliver(&other).await.is(200);
    assert!(shop.app.access_of(buyer.id.0).await.is_empty());
    assert_eq!(count(&shop.app.pool, "payment_events where processed_at is not null").await, 3);
    shop.deliver(&event).await.is(200);
    assert_eq!(shop.app.access_of(buyer.id.0).await.len(), 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_event_that_cannot_be_applied_is_answered_5xx_stays_visible_and_is_tried_again(pool: PgPool) {
    let (shop, buyer, event) = paid(pool).await;
    shop.fake.switch(|switches| switches.fail = 3);
    shop.deliver(&event).await.is(503);
    let app = &shop.app;
    assert_eq!(count(&app.pool, "payment_events where processed_at is null and error is not null").await, 1);
    assert!(app.access_of(buyer.id.0).await.is_empty());
    assert_eq!(reconcile(&app.state).await.unwrap().events, 0, "not before its pause is over");
    sqlx::query("update payment_events set retry_at = now()").execute(&app.pool).await.unwrap();
    let round = reconcile(&app.state).await.unwrap();
    assert_eq!((round.events, round.failed), (1, 0));
    assert_eq!(app.access_of(buyer.id.0).await.len(), 1);
    assert_eq!(count(&app.pool, "payment_events where processed_at is not null and error is null").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn events_that_never_came_are_asked_for(pool: PgPool) {
    let (shop, buyer, completed) = paid(pool).await;
    let app = &shop.app;
    shop.deliver(&completed).await.is(200);
    let payment_intent = completed["data"]["object"]["payment_intent"].as_str().unwrap().to_owned();
    // A hundred and more that nothing is changed by, and among them the refund.
    for _ in 0..60 {
        shop.act(Act::Dispute { payment_intent: payment_intent.clone() });
    }
    shop.act(Act::Refund { payment_intent: payment_intent.clone(), amount: None });
    for _ in 0..60 {
        shop.act(Act::Dispute { payment_intent: payment_intent.clone() });
    }
    assert_eq!(app.access_of(buyer.id.0).await.len(), 1);
    let round = reconcile(&app.state).await.unwrap();
    assert_eq!((round.events, round.failed), (122, 0));
    assert!(app.access_of(buyer.id.0).await.is_empty());
    assert_eq!(reconcile(&app.state).await.unwrap().events, 0, "each is applied once");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_server_that_runs_asks_for_what_it_missed_and_nobody_has_to_press(pool: PgPool) {
    let (shop, buyer, _) = paid(pool).await;
    let app = &shop.app;
    let running = tokio::spawn(reconciler::forever(app.state.clone()));
    for _ in 0..100 {
        if !app.access_of(buyer.id.0).await.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(app.access_of(buyer.id.0).await.len(), 1);
    assert!(!running.is_finished(), "it goes on asking");
    running.abort();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_was_looked_for_is_not_looked_for_again_but_for_the_last_half_hour_and_after_a_failure(pool: PgPool) {
    let (shop, buyer, _) = paid(pool).await;
    let app = &shop.app;
    let since = Utc::now() - TimeDelta::days(5);
    shop.fake.switch(|switches| switches.fail = 100);
    assert_eq!(reconciler::look(&app.state, since).await, since);
    shop.fake.switch(|switches| switches.fail = 0);
    let next = reconciler::look(&app.state, since).await;
    assert_eq!(app.access_of(buyer.id.0).await.len(), 1);
    let before = (Utc::now() - next).num_seconds();
    assert!((30 * 60..31 * 60).contains(&before), "{before}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn fa14_an_event_that_always_fails_is_tried_after_growing_pauses_parked_and_blocks_nothing(pool: PgPool) {
    let (shop, buyer, event) = paid(pool).await;
    let app = &shop.app;
    let mut broken = event.clone();
    (broken["id"], broken["data"]["object"]["id"]) = (json!("evt_broken"), json!("cs_test_gone"));
    shop.deliver(&broken).await.is(500);
    let mut pauses = Vec::new();
    for attempt in 1..PARKED_AFTER {
        let pause: f64 = sqlx::query_scalar(
            "select extract(epoch from retry_at - now())::float8 from payment_events where id = 'evt_broken'",
        )
        .fetch_one(&app.pool)
        .await
        .unwrap();
        pauses.push(pause);
        sqlx::query("update payment_events set retry_at = now()").execute(&app.pool).await.unwrap();
        assert_eq!(reconcile(&app.state).await.unwrap().failed, 1, "attempt {attempt}");
    }
    assert!(pauses.windows(2).all(|two| two[1] > two[0] * 1.5), "{pauses:?}");
    let parked = "payment_events where id = 'evt_broken' and processed_at is null and retry_at is null";
    assert_eq!(count(&app.pool, parked).await, 1);
    assert_eq!(reconcile(&app.state).await.unwrap().events, 0, "what is parked is left alone");
    shop.deliver(&event).await.is(200);
    assert_eq!(app.access_of(buyer.id.0).await.len(), 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn where_stripe_is_not_set_up_its_webhook_is_not_there(pool: PgPool) {
    let app = crate::support::App::new(pool);
    let request = axum::http::Request::post("/webhooks/stripe").body(axum::body::Body::from("{}")).unwrap();
    app.send(request).await.is(404);
}
