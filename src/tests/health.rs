//! What machines ask for.

use crate::support::{App, Person, World};
use lectern::server::db::Db;
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn health_and_readiness_answer(pool: PgPool) {
    let app = App::new(pool);
    app.get("/healthz").await.is(200);
    app.get("/readyz").await.is(200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn fa1_without_its_database_the_server_lives_and_says_that_it_is_not_ready(pool: PgPool) {
    // Nothing listens on port 1.
    let nowhere = Db::connect(PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(1));
    let app = App::on(pool.clone(), nowhere, &[]);
    // Somebody's cookie cannot be looked up: they are asked to come back, not signed out.
    let (anybody, person) = (Person::anonymous(), App::new(pool).session_of_nobody());
    let ask = |person, path: &'static str| app.get_as(person, path);
    let (alive, alive_to_them, ready, page, theirs) = tokio::join!(
        ask(&anybody, "/healthz"),
        ask(&person, "/healthz"),
        ask(&anybody, "/readyz"),
        ask(&anybody, "/"),
        ask(&person, "/courses"),
    );
    assert_eq!([alive.status, alive_to_them.status], [200, 200]);
    assert_eq!([ready.status, page.status, theirs.status], [503, 503, 503]);
    assert!(!page.bytes().contains("127.0.0.1:1"), "the page tells where the database is");
    assert!(theirs.set_cookie().is_none());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_sitemap_lists_public_products_and_nothing_else(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let sitemap = app.get("/sitemap.xml").await;
    assert!(sitemap.ok().header("content-type").starts_with("application/xml"));
    let text = sitemap.text();
    let mut places: Vec<&str> = text.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()).collect();
    places.sort_unstable();
    let site = "http://127.0.0.1:3000";
    let mut expected = vec![
        format!("{site}/"),
        format!("{site}/products/{}", world.product.id),
        format!("{site}/products/{}", world.other_product.id),
    ];
    expected.sort_unstable();
    assert_eq!(places, expected);
    // An admin's sitemap is everyone's.
    let theirs = app.get_as(&world.admin, "/sitemap.xml").await;
    assert_eq!(theirs.text(), text);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn robots_are_led_to_the_sitemap_and_kept_from_what_is_not_theirs(pool: PgPool) {
    let robots = App::with(pool, &["--public-url", "https://learn.example.org/"]).get("/robots.txt").await.text();
    assert!(robots.contains("Sitemap: https://learn.example.org/sitemap.xml\n"), "{robots}");
    for path in ["/admin", "/api/", "/purchases", "/checkouts"] {
        assert!(robots.contains(&format!("Disallow: {path}\n")), "{robots}");
    }
}
