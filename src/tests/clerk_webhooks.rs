//! What Clerk tells by itself: signed, in any order, twice or never.

use crate::support::clerk::{Clerk, ClerkPerson};
use crate::support::fake_clerk::{Act, Fake};
use crate::support::store::{count, dump};
use crate::support::{Person, course, product, section};
use axum::body::Body;
use axum::http::Method;
use chrono::Utc;
use serde_json::{Value, json};
use sqlx::PgPool;

/// What may be heard of a person, in the order that it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    Created,
    Updated,
    Deleted,
    /// They come in with a token.
    Entered,
}

const ALL: [Heard; 4] = [Heard::Created, Heard::Updated, Heard::Deleted, Heard::Entered];

/// Every order of every part of these.
fn orders(of: &[Heard]) -> Vec<Vec<Heard>> {
    let mut orders = vec![vec![]];
    for (at, first) in of.iter().enumerate() {
        let rest = [&of[..at], &of[at + 1..]].concat();
        orders.extend(self::orders(&rest).into_iter().map(|order| [vec![*first], order].concat()));
    }
    orders
}

/// A person whose name changed, and what is told of it.
struct Story {
    person: ClerkPerson,
    token: String,
    updated: Value,
}

fn story(clerk: &Clerk, number: usize, claims: Value) -> Story {
    let person = clerk.person("Old", &format!("person-{number}@example.org"));
    let mut all = clerk.claims(&person);
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    clerk.act(Act::Update { user: person.user.clone(), email: None, name: Some("New".into()), verified: None });
    Story { token: clerk.fake.key().sign(&all), updated: clerk.latest("user.updated"), person }
}

/// Lets it happen and returns the status that each was answered with.
async fn hear(clerk: &Clerk, story: &Story, heard: Heard) -> u16 {
    let deleted = json!({
        "type": "user.deleted", "object": "event", "data": {"deleted": true, "id": story.person.user, "object": "user"},
    });
    match heard {
        Heard::Created => clerk.deliver(&story.person.created).await.status,
        Heard::Updated => clerk.deliver(&story.updated).await.status,
        Heard::Deleted => clerk.deliver(&deleted).await.status,
        Heard::Entered => clerk.exchange(&story.token).await.status,
    }
}

/// The names of the accounts that live under an identity, and how many were made for it at all.
async fn rows(clerk: &Clerk, user: &str) -> (Vec<String>, i64, i64) {
    let names = sqlx::query_scalar("select name from users where clerk_user_id = $1 and deleted_at is null")
        .bind(user)
        .fetch_all(&clerk.app.pool)
        .await
        .unwrap();
    let known = format!("identities where external_id = '{user}'");
    let made = count(&clerk.app.pool, &format!("{known} and user_id is not null")).await;
    (names, made, count(&clerk.app.pool, &known).await)
}

/// Goes through every order; `entered` is what an account is called that nothing but a token was heard of.
async fn every_order(clerk: Clerk, claims: Value, entered: &str, in_between: &str) {
    let orders = orders(&ALL);
    assert_eq!(orders.len(), 65);
    for (number, order) in orders.iter().enumerate() {
        for twice in [false, true] {
            let story = story(&clerk, 2 * number + usize::from(twice), claims.clone());
            let (mut deleted, mut alive) = (false, false);
            for heard in order {
                for _ in 0..=usize::from(twice) {
                    let status = hear(&clerk, &story, *heard).await;
                    let expected = if *heard == Heard::Entered && deleted { 401 } else { 200 };
                    assert_eq!(status, expected, "{heard:?} in {order:?}");
                }
                alive |= *heard != Heard::Deleted && !deleted;
                deleted |= *heard == Heard::Deleted;
            }
            let has = |heard| order.contains(&heard);
            let name = match (has(Heard::Updated), has(Heard::Created), has(Heard::Entered)) {
                (true, ..) => "New",
                (_, true, true) => in_between,
                (_, true, false) => "Old",
                _ => entered,
            };
            let expected: (Vec<&str>, i64, i64) = match (deleted, alive) {
                (true, alive) => (vec![], i64::from(alive), 1),
                (false, true) => (vec![name], 1, 1),
                (false, false) => (vec![], 0, 0),
            };
            let (names, made, known) = rows(&clerk, &story.person.user).await;
            assert_eq!(
                (names.iter().map(String::as_str).collect(), made, known),
                expected,
                "{order:?}, twice: {twice}"
            );
        }
    }
    let users = count(&clerk.app.pool, "users").await;
    assert_eq!(users, count(&clerk.app.pool, "identities where user_id is not null").await, "no row is left over");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn webhooks_in_any_order_twice_or_never_leave_one_right_row(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    // Whoever comes in is looked up, and has the new name by then.
    every_order(clerk, json!({}), "New", "New").await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn webhooks_in_any_order_and_tokens_that_say_who_it_is_leave_one_right_row(pool: PgPool) {
    let clerk = Clerk::with(pool, &[]).await;
    every_order(clerk, json!({"name": "Claimed", "email": "claimed@example.org"}), "Claimed", "Old").await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az9_dr9_a_person_whom_clerk_deletes_is_anonymised_keeps_their_purchases_and_is_refused_at_once(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let app = &clerk.app;
    let sold = course("Course").with(section("Only").with_lessons(2)).create(app).await;
    let bundle = product("Bundle").of(&sold).create(app).await;
    let mut people = Vec::new();
    for name in ["Ada", "Bea"] {
        let at_clerk = clerk.person(name, &format!("{}@example.org", name.to_lowercase()));
        let here = clerk.enter(&at_clerk).await;
        app.buy(&here, bundle.id).await;
        people.push((at_clerk, here));
    }
    // Two can be deleted, and each twice.
    for (at_clerk, here) in &people {
        assert!(clerk.knows(here).await);
        clerk.act(Act::Delete { user: at_clerk.user.clone() });
        for _ in 0..2 {
            clerk.deliver(&clerk.latest("user.deleted")).await.is(200);
            assert!(!clerk.knows(here).await, "the next request is refused");
        }
        app.get_as(here, "/purchases").await.is(303);
    }
    assert_eq!(count(&app.pool, "purchases").await, 2);
    assert_eq!(count(&app.pool, "users where deleted_at is not null").await, 2);
    assert_eq!(count(&app.pool, "sessions").await, 0);
    for (at_clerk, _) in &people {
        for word in [at_clerk.user.as_str(), "ada@example.org", "bea@example.org"] {
            assert_eq!(count(&app.pool, &format!("users t where t::text like '%{word}%'")).await, 0, "{word}");
        }
    }
    // News that come late bring nobody back.
    for (at_clerk, _) in &people {
        clerk.deliver(&at_clerk.created).await.is(200);
    }
    assert_eq!(clerk.accounts().await, []);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn where_a_session_ends_at_clerk_it_ends_here(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    for how in ["ended", "removed", "revoked"] {
        let session = clerk.act(Act::SignIn { user: ada.user.clone() });
        let elsewhere = clerk.enter(&ada).await;
        let at_clerk = ClerkPerson { session: session.clone(), ..ada.clone() };
        let tabs = [clerk.enter(&at_clerk).await, clerk.enter(&at_clerk).await];
        clerk.act(Act::EndSession { session, how: how.into() });
        let event = clerk.latest(&format!("session.{how}"));
        assert!(clerk.knows(&tabs[0]).await && clerk.knows(&tabs[1]).await);
        for _ in 0..2 {
            clerk.deliver(&event).await.is(200);
            assert!(!clerk.knows(&tabs[0]).await && !clerk.knows(&tabs[1]).await, "{how}");
        }
        assert!(clerk.knows(&elsewhere).await, "{how}: the session of another browser goes on");
    }
    // One that begins, or is only touched, ends nothing.
    let here = clerk.enter(&ada).await;
    clerk.deliver(&clerk.latest("session.created")).await.is(200);
    assert!(clerk.knows(&here).await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_is_not_signed_by_clerk_is_refused_and_leaves_no_trace(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    clerk.enter(&ada).await;
    clerk.act(Act::Delete { user: ada.user.clone() });
    let (body, now) = (clerk.latest("user.deleted").to_string(), Utc::now().timestamp());
    let good = clerk.fake.signature("msg_1", &body, now);
    let by = |secret: &str, time: i64| Fake::new("", "", secret, None).signature("msg_1", &body, time);
    let before = dump(&clerk.app.pool).await;
    let mut changed = body.clone().into_bytes();
    let last = changed.len() - 3;
    changed[last] ^= 1;
    clerk.post(changed, &good).await.is(400);
    clerk.post(body.clone(), &[]).await.is(400);
    for missing in 0..3 {
        let mut signed = good.to_vec();
        signed.remove(missing);
        clerk.post(body.clone(), &signed).await.is(400);
    }
    let with = |at: usize, value: String| {
        let mut signed = good.clone();
        signed[at].1 = value;
        signed
    };
    for signed in [
        by("whsec_b3RoZXI=", now),
        by("whsec_", now),
        clerk.fake.signature("msg_1", &body, now - 302),
        clerk.fake.signature("msg_1", &body, now + 310),
        with(0, "msg_2".into()),
        with(1, (now - 1).to_string()),
        with(2, good[2].1.replace("v1,", "v2,")),
        with(2, good[2].1[..20].to_owned()),
        with(2, "v1,".into()),
    ] {
        clerk.post(body.clone(), &signed).await.is(400);
    }
    // Signed, and no event.
    for body in [
        "",
        "{",
        "[]",
        r#"{"data":{}}"#,
        r#"{"type":"user.deleted","data":{}}"#,
        r#"{"type":"user.created","data":{"id":"user_1"}}"#,
    ] {
        clerk.post(body, &clerk.fake.signature("msg_1", body, now)).await.is(400);
    }
    assert_eq!(dump(&clerk.app.pool).await, before);
    // Not yet too old, by one signature of two, and by either secret.
    clerk.post(body.clone(), &clerk.fake.signature("msg_1", &body, now - 297)).await.is(200);
    let other = by("whsec_b3RoZXI=", now)[2].1.clone();
    clerk.post(body.clone(), &with(2, format!("{other} {}", good[2].1))).await.is(200);
    clerk.post(body.clone(), &by("whsec_YmVmb3Jl", now)).await.is(200);
    assert_eq!(clerk.accounts().await, []);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_nothing_hangs_on_is_taken_and_changes_nothing(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let before = dump(&clerk.app.pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    let mut nameless = ada.created.clone();
    nameless["data"]["primary_email_address_id"] = Value::Null;
    let mut foreign = ada.created.clone();
    foreign["data"]["id"] = json!("local|00000000-0000-0000-0000-000000000000");
    let mut torn = ada.created.clone();
    torn["data"]["email_addresses"][0]["email_address"] = json!("a\u{0}@example.org");
    for event in [
        json!({"type": "organization.created", "data": {"id": "org_1"}}),
        json!({"type": "session.created", "data": {"id": "sess_1"}}),
        json!({"type": "session.ended", "data": {"id": "sess_nobodys"}}),
        json!({"type": "user.deleted", "data": {"id": "local|00000000-0000-0000-0000-000000000000"}}),
        nameless,
        foreign,
        torn,
    ] {
        clerk.deliver(&event).await.is(200);
    }
    assert_eq!(dump(&clerk.app.pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_cannot_be_stored_is_answered_5xx_and_taken_when_it_comes_again(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    sqlx::query("alter table identities rename to away").execute(&clerk.app.pool).await.unwrap();
    clerk.deliver(&ada.created).await.is(500);
    sqlx::query("alter table away rename to identities").execute(&clerk.app.pool).await.unwrap();
    assert_eq!(count(&clerk.app.pool, "users").await, 0);
    clerk.deliver(&ada.created).await.is(200);
    assert_eq!(count(&clerk.app.pool, "users").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se2_webhooks_come_from_elsewhere_and_are_no_larger_than_other_requests(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    let (body, now) = (ada.created.to_string(), Utc::now().timestamp());
    let signed = clerk.fake.signature("msg_1", &body, now);
    let path = "/webhooks/clerk";
    let mut request = crate::support::app::request(Method::POST, &Person::anonymous(), path, Body::from(body));
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    request.headers_mut().insert("origin", "https://api.svix.com".parse().unwrap());
    for (name, value) in &signed {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    clerk.app.send(request).await.is(200);
    let large = format!("{{\"type\":\"x\",\"data\":\"{}\"}}", "x".repeat(5 << 20));
    clerk.post(large.clone(), &clerk.fake.signature("msg_1", &large, now)).await.is(413);
}
