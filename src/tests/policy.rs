//! Who may reach what. The expectation is a table that a person can read, `data/authorization.csv`.

use crate::support::store::{dump, dump_without};
use crate::support::{App, Person, World};
use arguments::{Arguments, arguments};
use lectern::app::App as Pages;
use sqlx::PgPool;
use std::collections::BTreeMap;

pub mod arguments;

const PEOPLE: [&str; 4] = ["anonymous", "outsider", "learner", "admin"];

/// Path to the statuses of [`PEOPLE`].
pub fn table() -> BTreeMap<&'static str, [u16; 4]> {
    let lines = include_str!("data/authorization.csv").lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| {
            let mut cells = line.split(',');
            let path = cells.next().expect("a path");
            let statuses: Vec<u16> = cells.map(|cell| cell.parse().expect("a status")).collect();
            (path, statuses.try_into().unwrap_or_else(|_| panic!("{line} has four statuses")))
        })
        .collect()
}

fn who(world: &World) -> [Person; 4] {
    [Person::anonymous(), world.outsider.clone(), world.learner.clone(), world.admin.clone()]
}

pub async fn ask(app: &App, person: &Person, path: &str, arguments: Arguments) -> crate::support::Reply {
    let function = path.trim_start_matches("/api/");
    match arguments {
        Arguments::Form(fields) => app.call(person, function, fields).await,
        Arguments::Json(value) => app.call_json(person, function, value).await,
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az16_every_server_function_answers_each_of_four_people_as_the_table_says(pool: PgPool) {
    let app = App::with(pool, &["--smtp-url=smtp://127.0.0.1:9", "--mail-from=a@example.org"]);
    let table = table();
    let mut wrong = Vec::new();
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        let Some(expected) = table.get(path) else {
            wrong.push(format!("{path} is not in the table"));
            continue;
        };
        // What one function did must not decide what the next one answers.
        let world = World::with_demo_people(&app).await;
        for ((name, person), expected) in PEOPLE.iter().zip(who(&world)).zip(expected) {
            // Signing in or out ends the session it is sent with.
            let person = app.again(&person).await;
            let arguments = arguments(path, &app, &world).await;
            let before = dump(&app.pool).await;
            let reply = ask(&app, &person, path, arguments).await;
            if reply.status != *expected {
                wrong.push(format!("{path} answers {name} {}, not {expected}: {}", reply.status, reply.text()));
            }
            if reply.status >= 400 && dump(&app.pool).await != before {
                wrong.push(format!("{path} refused {name} and changed something"));
            }
        }
    }
    let known: Vec<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    wrong.extend(
        table.keys().filter(|path| path.starts_with("/api/") && !known.contains(path)).map(|path| format!("no {path}")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az16_every_address_answers_each_of_four_people_as_the_table_says(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let table = table();
    let listed: Vec<_> = leptos_axum::generate_route_list(Pages).iter().map(|page| page.path().to_owned()).collect();
    let plain = lectern::server::policy::ROUTES.iter().map(|(path, _)| (*path).to_owned());
    let plain = plain.filter(|path| !listed.contains(path)).collect();
    let pages = [listed.clone(), plain].concat();
    let mut wrong = Vec::new();
    let before = dump(&app.pool).await;
    for route in &pages {
        let Some(expected) = table.get(route.as_str()) else {
            wrong.push(format!("{route} is not in the table"));
            continue;
        };
        for ((name, person), expected) in PEOPLE.iter().zip(who(&world)).zip(expected) {
            let address = address(route, &world);
            let reply = app.get_as(&person, &address).await;
            if reply.status != *expected {
                wrong.push(format!("{address} ({route}) answers {name} {}, not {expected}", reply.status));
            }
            if *expected == 303 && !reply.location().starts_with("/sign-in?next=/") {
                wrong.push(format!("{address} leads {name} to {}", reply.location()));
            }
        }
    }
    let stale = table.keys().filter(|path| !path.starts_with("/api/") && !pages.iter().any(|page| page == *path));
    wrong.extend(stale.map(|path| format!("no {path}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(dump(&app.pool).await, before, "se3: looking changed something");
}

/// A route's address in this world.
pub fn address(route: &str, world: &World) -> String {
    // Of the learner's checkout and purchase, and of the course that they bought.
    let mut address = route.to_owned();
    for (name, id) in [
        ("{product}", world.product.id.to_string()),
        ("{checkout}", world.checkout.to_string()),
        ("{purchase}", world.purchase.to_string()),
        ("{person}", world.learner.id.to_string()),
        ("{coupon}", world.coupon.to_string()),
        ("{course}", world.course.id.to_string()),
        ("{section}", world.course.sections[0].id.to_string()),
        ("{lesson}", world.paid().id.to_string()),
        ("{file}", world.paid().attachment.to_string()),
        ("{name}", format!("file-{}.pdf", world.paid().token)),
        ("{captions}", world.paid().captions.to_string()),
        ("{upload}", world.paid().id.to_string()),
        // Nobody's.
        ("{import}", world.paid().id.to_string()),
        ("{cover}", world.paid().id.to_string()),
    ] {
        address = address.replace(name, &id);
    }
    address
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az9_a_demoted_admin_and_a_deleted_user_are_refused_on_the_next_request(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    app.call(&world.admin, "admin/list_courses", vec![]).await.is(200);
    sqlx::query("update users set role = 'user' where id = $1")
        .bind(world.admin.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    app.call(&world.admin, "admin/list_courses", vec![]).await.is(403);
    app.get_as(&world.admin, "/admin").await.is(403);

    app.call(&world.learner, "list_my_courses", vec![]).await.is(200);
    sqlx::query("update users set deleted_at = now() where id = $1")
        .bind(world.learner.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    app.call(&world.learner, "list_my_courses", vec![]).await.is(401);
    app.get_as(&world.learner, world.course.lesson_path(world.paid())).await.is(303);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az10_a_posted_role_user_price_or_time_is_ignored(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let extra = |mut fields: crate::support::app::Fields| {
        for (name, value) in [
            ("role", "admin"),
            ("form[role]", "admin"),
            ("form[is_admin]", "true"),
            ("user_id", &world.outsider.id.to_string()),
            ("user", &world.outsider.id.to_string()),
            ("completed_at", "1970-01-01T00:00:00Z"),
            ("price", "0"),
            ("price_in_cents", "0"),
        ] {
            fields.push((name.to_owned(), value.to_owned()));
        }
        fields
    };
    let sign_up = crate::fields!["form[name]" => "Mallory", "form[email]" => "mallory@example.org", "form[password]" => "long enough it is"];
    app.call(&Person::anonymous(), "sign_up", extra(sign_up)).await;
    let admins: i64 = sqlx::query_scalar("select count(*) from users where role = 'admin' and id <> $1")
        .bind(world.admin.id.0)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(admins, 0);

    let complete = crate::fields!["course" => world.course.id, "lesson" => world.paid().id, "done" => true];
    app.call(&world.learner, "complete_lesson", extra(complete)).await;
    assert!(app.completed_by(world.outsider.id.0).await.is_empty());
    let old: i64 =
        sqlx::query_scalar("select count(*) from user_lesson_complete where created_at < now() - interval '1 day'")
            .fetch_one(&app.pool)
            .await
            .unwrap();
    assert_eq!(old, 0);

    app.call(&world.outsider, "start_checkout", extra(crate::fields!["product" => world.product.id])).await;
    let agreed: Vec<i32> = sqlx::query_scalar("select price_in_cents from checkouts where user_id = $1")
        .bind(world.outsider.id.0)
        .fetch_all(&app.pool)
        .await
        .unwrap();
    assert!(agreed.iter().all(|price| *price == 4900), "{agreed:?}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az11_a_completion_is_kept_only_of_a_lesson_that_is_open_to_the_learner(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let front = &world.course.sections[0].lessons;
    let back = &world.course.sections[1].lessons;
    let other = &world.other_course.sections[0].lessons;
    let before = dump_without(&app.pool, &["sessions"]).await;
    for (course, lesson) in [
        (world.course.id, front[2].id),
        (world.course.id, back[0].id),
        (world.course.id, back[1].id),
        (world.course.id, other[0].id),
        (world.other_course.id, other[0].id),
        (world.other_course.id, other[1].id),
        (world.other_course.id, front[0].id),
    ] {
        for done in [true, false] {
            let fields = crate::fields!["course" => course, "lesson" => lesson, "done" => done];
            let reply = app.call(&world.learner, "complete_lesson", fields).await;
            assert!(
                reply.status == 404 || (!done && reply.status == 200),
                "{course} {lesson} {done}: {}",
                reply.status
            );
        }
    }
    assert_eq!(dump_without(&app.pool, &["sessions"]).await, before);
}
