//! Courses given by e-mail: they wait for an address to be known as somebody's, and bind to nobody else.

use crate::fields;
use crate::support::app::Fields;
use crate::support::store::count;
use crate::support::{App, Course, Person, World, course, person, section};
use futures::future::{join, join_all};
use lectern::server::db;
use lectern::server::demo;
use serde_json::Value;
use sqlx::PgPool;
use std::path::Path;

fn by_email(email: &str, course: &Course) -> Fields {
    fields!["form[email]" => email, "form[course]" => course.id, "form[note]" => "A gift"]
}

async fn a_course(app: &App) -> Course {
    course("Course").with(section("Only").with_lessons(2)).create(app).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_course_given_by_email_waits_and_is_given_when_the_address_is_confirmed(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let given = a_course(&app).await;
    app.call(&admin, "admin/grant_by_email", by_email("Lee@Example.org", &given)).await.ok();

    // Whoever types the address gets nothing by that, however often they come back.
    let typed =
        fields!["form[name]" => "Lee", "form[email]" => "lee@example.org", "form[password]" => "long enough it is"];
    app.call(&Person::anonymous(), "sign_up", typed.clone()).await.ok();
    app.call(&Person::anonymous(), "sign_in", typed[1..].to_vec()).await.ok();
    assert_eq!(count(&app.pool, "course_grants").await, 0);
    let roster: Value = app.call(&admin, "admin/list_people", fields![]).await.json();
    let waiting = &roster["waiting"][0];
    assert_eq!(waiting["email"], "Lee@Example.org");
    // The author is told who says to be it.
    let (id, name) = (waiting["accounts"][0][0].as_str().unwrap(), &waiting["accounts"][0][1]);
    assert_eq!(name, "Lee");
    let page = app.get_as(&admin, format!("/admin/people/{id}")).await.text();
    assert!(page.contains("Waiting for it") && page.contains(&given.token), "{page}");

    app.call(&admin, "admin/confirm_address", fields!["person" => id]).await.ok();
    assert_eq!(app.access_of(id.parse::<uuid::Uuid>().unwrap()).await, [given.id.0]);
    assert_eq!(count(&app.pool, "waiting_grants").await, 0);
    let found: Value = app.call(&admin, "admin/get_person", fields!["id" => id]).await.json();
    assert_eq!(found["courses"][0]["grants"][0]["source"]["Hand"]["note"], "A gift");
    // Said again, nothing is given again.
    app.call(&admin, "admin/confirm_address", fields!["person" => id]).await.ok();
    assert_eq!(count(&app.pool, "course_grants").await, 1);
    // A second course for an address that is known is given at once, and leads to its person.
    let second = a_course(&app).await;
    let reply = app.call(&admin, "admin/grant_by_email", by_email("LEE@example.org", &second)).await;
    assert_eq!(reply.ok().led_to("/admin/people/"), id);
    assert_eq!(app.access_of(id.parse::<uuid::Uuid>().unwrap()).await.len(), 2);
    assert_eq!(count(&app.pool, "waiting_grants").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_address_is_confirmed_of_one_person_at_most(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let given = a_course(&app).await;
    let people = [person("Lee").create(&app).await, person("Kim").create(&app).await];
    for (email, person) in ["same@example.org", "SAME@example.org"].into_iter().zip(&people) {
        sqlx::query("update users set email = $2 where id = $1")
            .bind(person.id.0)
            .bind(email)
            .execute(&app.pool)
            .await
            .unwrap();
    }
    app.call(&admin, "admin/grant_by_email", by_email("same@example.org", &given)).await.ok();
    let confirm = |person: &Person| app.call(&admin, "admin/confirm_address", fields!["person" => person.id]);
    let replies = join_all(people.iter().map(confirm)).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(count(&app.pool, "user_course_access").await, 1);
    assert_eq!(count(&app.pool, "course_grants").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_grant_and_a_confirmation_at_once_neither_lose_the_course_nor_give_it_twice(pool: PgPool) {
    let app = App::new(pool);
    let admins = [person("Ada").admin().create(&app).await, person("Bob").admin().create(&app).await];
    let given = a_course(&app).await;
    let mut at_once = 0;
    for round in 0..60 {
        let lee = person("Lee").create(&app).await;
        let grant = app.call(&admins[0], "admin/grant_by_email", by_email(&lee.email, &given));
        let confirm = app.call(&admins[1], "admin/confirm_address", fields!["person" => lee.id]);
        let (granted, confirmed) = if round % 2 == 0 {
            join(grant, confirm).await
        } else {
            let (confirmed, granted) = join(confirm, grant).await;
            (granted, confirmed)
        };
        granted.ok();
        confirmed.ok();
        at_once += u32::from(!granted.location().is_empty());
        let grants = count(&app.pool, &format!("course_grants where user_id = '{}'", lee.id)).await;
        assert_eq!(grants, 1, "round {round}");
        assert_eq!(app.access_of(lee.id.0).await, [given.id.0], "round {round}");
        assert_eq!(count(&app.pool, "waiting_grants").await, 0, "round {round}");
    }
    println!("{at_once} of 60 were given at once, the others waited");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_course_waits_once_for_an_address_and_can_be_taken_back(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let given = a_course(&app).await;
    app.call(&admin, "admin/grant_by_email", by_email("lee@example.org", &given)).await.ok();
    let again = app.call(&admin, "admin/grant_by_email", by_email("LEE@example.org", &given)).await;
    assert!(again.is(400).text().contains("waits for that address already"));
    for wrong in [
        by_email("nobody", &given),
        fields!["form[email]" => "lee@example.org", "form[course]" => "", "form[note]" => ""],
    ] {
        app.call(&admin, "admin/grant_by_email", wrong).await.is(400);
    }
    let nowhere = fields!["form[email]" => "lee@example.org", "form[course]" => uuid::Uuid::new_v4()];
    app.call(&admin, "admin/grant_by_email", nowhere).await.is(404);

    let roster: Value = app.call(&admin, "admin/list_people", fields!["course" => given.id]).await.json();
    let id = roster["waiting"][0]["id"].as_str().expect("it waits").to_owned();
    let other = a_course(&app).await;
    let of_other: Value = app.call(&admin, "admin/list_people", fields!["course" => other.id]).await.json();
    assert_eq!(of_other["waiting"], serde_json::json!([]), "only what waits of the course is shown");
    app.call(&admin, "admin/revoke_waiting_grant", fields!["id" => id]).await.ok();
    app.call(&admin, "admin/revoke_waiting_grant", fields!["id" => id]).await.is(404);
    assert_eq!(count(&app.pool, "waiting_grants").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_course_that_waits_for_somebody_who_was_given_it_meanwhile_is_not_given_twice(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let (lee, given, other) = (person("Lee").create(&app).await, a_course(&app).await, a_course(&app).await);
    for course in [&given, &other] {
        app.call(&admin, "admin/grant_by_email", by_email(&lee.email, course)).await.ok();
    }
    app.call(&admin, "admin/grant_course", fields!["person" => lee.id, "form[course]" => given.id]).await.ok();
    app.call(&admin, "admin/confirm_address", fields!["person" => lee.id]).await.ok();
    assert_eq!((count(&app.pool, "course_grants").await, count(&app.pool, "waiting_grants").await), (2, 0));
    assert_eq!(app.access_of(lee.id.0).await.len(), 2);
    // By the address that is known now it is the same.
    let again = app.call(&admin, "admin/grant_by_email", by_email(&lee.email, &given)).await;
    assert!(again.is(400).text().contains("was given this course already"));
    let grant: uuid::Uuid = sqlx::query_scalar("select id from course_grants where course_id = $1")
        .bind(given.id.0)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    app.call(&admin, "admin/revoke_grant", fields!["id" => grant]).await.ok();
    assert_eq!(app.access_of(lee.id.0).await, [other.id.0]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_demos_people_have_known_addresses_and_get_what_waited(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    app.call(&world.admin, "admin/grant_by_email", by_email("learner@demo.invalid", &world.loose_course)).await.ok();
    for _ in 0..2 {
        demo::seed(&app.state.db, &app.state.files, Path::new("no such folder")).await.expect("is filled");
    }
    let learner = db::users::by_external(&app.state.db, "local|demo-learner").await.unwrap().expect("is there");
    assert_eq!(app.access_of(learner.0).await, [world.loose_course.id.0]);
    assert_eq!(count(&app.pool, &format!("course_grants where user_id = '{learner}'")).await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_deleted_person_has_no_known_address(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let (lee, given) = (person("Lee").create(&app).await, a_course(&app).await);
    app.call(&admin, "admin/confirm_address", fields!["person" => lee.id]).await.ok();
    let id = lee.id;
    let deleted = app.state.db.write(move |tx| Box::pin(async move { db::users::delete_softly(tx, id).await })).await;
    deleted.expect("is deleted");
    assert_eq!(count(&app.pool, "users where email_verified_at is not null").await, 0);
    app.call(&admin, "admin/grant_by_email", by_email(&lee.email, &given)).await.ok();
    assert_eq!(count(&app.pool, "waiting_grants").await, 1);
    app.call(&admin, "admin/confirm_address", fields!["person" => lee.id]).await.is(404);
    app.call(&admin, "admin/grant_course", fields!["person" => lee.id, "form[course]" => given.id]).await.is(404);
    app.get_as(&admin, format!("/admin/people/{}", lee.id)).await.is(404);
    assert_eq!(count(&app.pool, "course_grants").await, 0);
}
