//! The calls, by what they are for, and that none is missing.

use super::Outcome;
use super::actors::Actor;
use super::calls::{Call, check};
use super::plain::{Plain, SENT};
use super::table::read;
use crate::support::{App, Person, World};
use lectern::app::App as Pages;
use sqlx::PgPool;
use std::collections::BTreeSet;

const CALLS: &str = include_str!("../data/call_matrix.csv");
const ADDRESSES: &str = include_str!("../data/address_matrix.csv");

fn functions() -> Vec<&'static str> {
    let mut paths: Vec<_> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    paths.sort_unstable();
    paths
}

/// What an author writes and arranges; the other functions of admins are for selling and for people.
fn is_of_authors(path: &str) -> bool {
    let subjects =
        ["course", "section", "lesson", "outline", "draft", "deletion", "deleted", "captions", "import", "bulk"];
    path.starts_with("/api/admin/") && !path.contains("grant") && subjects.iter().any(|subject| path.contains(subject))
}

fn is_of_learners(path: &str) -> bool {
    !path.starts_with("/api/admin/")
}

async fn check_functions(pool: PgPool, which: impl Fn(&str) -> bool, least: usize) {
    let app = App::new(pool);
    let calls: Vec<_> = functions().into_iter().filter(|path| which(path)).map(Call::Function).collect();
    let mut outcome = Outcome::default();
    check(&app, &read(CALLS, 3), &calls, &mut outcome).await;
    outcome.finish(least);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az_the_matrix_of_what_learners_call_is_as_the_table_says(pool: PgPool) {
    check_functions(pool, is_of_learners, 1_000).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az8_the_matrix_of_what_authors_call_is_as_the_table_says(pool: PgPool) {
    check_functions(pool, is_of_authors, 3_000).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az8_the_matrix_of_what_sellers_call_is_as_the_table_says(pool: PgPool) {
    check_functions(pool, |path| !is_of_learners(path) && !is_of_authors(path), 1_500).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az8_the_matrix_of_what_is_sent_to_addresses_is_as_the_table_says(pool: PgPool) {
    let app = App::new(pool);
    let mut outcome = Outcome::default();
    let calls = SENT.map(|(method, route)| Call::Plain(method, route));
    check(&app, &read(CALLS, 3), &calls, &mut outcome).await;
    outcome.finish(500);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az_the_matrix_of_addresses_is_as_the_table_says(pool: PgPool) {
    let app = App::new(pool);
    let mut outcome = Outcome::default();
    let calls: Vec<_> = lectern::server::policy::ROUTES.iter().map(|(route, _)| Call::Plain("GET", route)).collect();
    check(&app, &read(ADDRESSES, 3), &calls, &mut outcome).await;
    outcome.finish(2_500);
}

#[test]
fn az16_every_function_and_address_is_in_a_table_and_nothing_else_is() {
    let functions: BTreeSet<String> = functions().into_iter().map(str::to_owned).collect();
    let sent = SENT.iter().map(|(method, route)| format!("{method} {route}"));
    let in_calls: BTreeSet<String> = read(CALLS, 3).iter().map(|row| row.keys[0].to_owned()).collect();
    assert_eq!(in_calls, functions.into_iter().chain(sent).collect());

    let pages = leptos_axum::generate_route_list(Pages).iter().map(|page| page.path().to_owned()).collect::<Vec<_>>();
    let plain = lectern::server::policy::ROUTES.iter().map(|(route, _)| (*route).to_owned());
    let served: BTreeSet<String> = pages.into_iter().chain(plain).map(|route| format!("GET {route}")).collect();
    let in_addresses: BTreeSet<String> = read(ADDRESSES, 3).iter().map(|row| row.keys[0].to_owned()).collect();
    assert_eq!(in_addresses, served);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az16_no_address_takes_what_the_table_does_not_say_that_it_takes(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let admin = Actor::new("admin", world.admin.clone());
    let mut outcome = Outcome::default();
    for (route, _) in lectern::server::policy::ROUTES {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            if !SENT.contains(&(method, *route)) {
                let sent = Plain::of(&app, &world, method, route).await.request(&admin);
                outcome.cell(&[method, route, "admin"], "405", &super::status(&app.send(sent).await));
            }
        }
    }
    let nobody = Actor::new("anonymous", Person::anonymous());
    let unknown = Plain { method: "POST", route: "/api/admin/give_me_everything", parts: Vec::new() };
    outcome.cell(&["an unknown function"], "404", &super::status(&app.send(unknown.request(&nobody)).await));
    outcome.finish(200);
}
