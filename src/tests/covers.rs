//! Pictures of products, and the card that shows a product while its form is filled in.

use crate::bringing::multipart;
use crate::fields;
use crate::support::app::{Fields, encode, request};
use crate::support::store::count;
use crate::support::{App, Person, Reply, World, course, lesson, person, product, section};
use axum::body::Body;
use axum::http::Method;
use lectern::domain::cover::COVER_MAX;
use sqlx::PgPool;
use std::time::Duration;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR a picture";

impl App {
    /// What the browser sends once it cut a picture.
    pub async fn send_cover(&self, person: &Person, bytes: Vec<u8>) -> Reply {
        let mut request = request(Method::POST, person, "/admin/covers", Body::from(bytes));
        request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
        self.send(request).await
    }
}

fn form(name: &str, image_url: &str) -> Fields {
    fields![
        "form[name]" => name, "form[price_dollars]" => 9, "form[status]" => "public", "form[image_url]" => image_url,
    ]
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_picture_that_was_cut_is_shown_to_everybody_under_an_address_that_never_changes(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let reply = app.send_cover(&admin, PNG.to_vec()).await;
    let address = reply.is(201).header("location").to_owned();
    app.call(&admin, "admin/create_product", form("Bread", &address)).await.ok();
    assert!(app.get("/").await.text().contains(&format!("src=\"{address}\"")));
    let shown = app.get(&address).await;
    shown.is(200);
    assert_eq!(shown.header("content-type"), "image/png");
    assert!(shown.header("cache-control").contains("immutable"));
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert_eq!(shown.text(), String::from_utf8_lossy(PNG));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn without_script_a_file_becomes_the_products_picture_as_it_is(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let made = product("Bread").create(&app).await;
    let (edit, path) = (format!("/admin/products/{}/edit", made.id), format!("/admin/products/{}/cover", made.id));
    let reply = app.send_files(&admin, &path, multipart("picture", &[("a.png", PNG)])).await;
    assert_eq!(reply.is(303).location(), edit);
    let stored: String = sqlx::query_scalar("select image_url from products").fetch_one(&app.pool).await.unwrap();
    app.get(&stored).await.is(200);
    // What is refused says why on the form's own page, and changes nothing.
    let large = [PNG, &vec![0; COVER_MAX]].concat();
    for (bytes, words) in [
        (
            &b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..],
            "no picture that browsers show",
        ),
        (b"<html>", "no picture that browsers show"),
        (b"", "Choose a picture first."),
        (&large, "more than 3 MB"),
    ] {
        let reply = app.send_files(&admin, &path, multipart("picture", &[("a.svg", bytes)])).await;
        assert!(reply.is(400).text().contains(words), "{words}");
        app.send_cover(&admin, bytes.to_vec()).await.is(400);
    }
    let nowhere = "/admin/products/00000000-0000-4000-8000-000000000000/cover";
    app.send_files(&admin, nowhere, multipart("picture", &[("a.png", PNG)])).await.is(404);
    assert_eq!(count(&app.pool, "covers").await, 1);
    assert_eq!(count(&app.pool, &format!("products where image_url = '{stored}'")).await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn pictures_go_once_nothing_shows_them_and_no_purchase_was_made_with_them(pool: PgPool) {
    let app = App::new(pool);
    let (admin, buyer) = (person("Ada").admin().create(&app).await, person("Bob").create(&app).await);
    let made = course("Bread").with(section("Dough").with(lesson("First"))).create(&app).await;
    let sold = product("Bread").of(&made).create(&app).await;
    let mut addresses = Vec::new();
    for _ in 0..3 {
        addresses.push(app.send_cover(&admin, PNG.to_vec()).await.is(201).header("location").to_owned());
    }
    let save = async |picture: &str| {
        let fields = [fields!["id" => sold.id, "courses[0]" => made.id], form("Bread", picture)].concat();
        app.call(&admin, "admin/update_product", fields).await.ok();
    };
    save(&addresses[0]).await;
    app.buy(&buyer, sold.id).await;
    save(&addresses[1]).await;
    let sweep = async || app.state.files.sweep(&app.state.db, Duration::ZERO).await.unwrap();
    // A form may be about to be saved with the third.
    assert_eq!(sweep().await, 0);
    sqlx::query("update covers set created_at = created_at - interval '25 hours'").execute(&app.pool).await.unwrap();
    assert_eq!(sweep().await, 1);
    app.get(&addresses[0]).await.is(200);
    app.get(&addresses[1]).await.is(200);
    app.get(&addresses[2]).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_card_follows_a_form_that_cannot_be_saved_yet(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let card = async |fields: Fields| {
        let body = Body::from(encode(&fields));
        let mut request = request(Method::POST, &world.admin, "/admin/products/card", body);
        request.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
        request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
        app.send(request).await.is(200).text()
    };
    let empty = card(fields!["form[name]" => ""]).await;
    assert!(empty.contains("Name of the product") && empty.contains("No price yet") && empty.contains("0 lessons"));
    let odd = card(fields![
        "form[name]" => "<b>Bread</b>", "form[price_dollars]" => "12.50", "form[image_url]" => "javascript:alert(1)",
        "form[description]" => "Flour and *water*.\n\n<script>alert(1)</script>", "courses[0]" => world.course.id,
    ])
    .await;
    assert!(
        odd.contains("&lt;b&gt;Bread") && odd.contains("No price yet") && odd.contains("Flour and water."),
        "{odd}"
    );
    assert!(!odd.contains("<script") && !odd.contains("javascript:"), "{odd}");
    // It is the storefront's card, with what a buyer could open.
    let full = card([form("Bread", "/covers/a"), fields!["courses[0]" => world.course.id]].concat()).await;
    let storefront = app.get("/").await.text();
    let lessons = |html: &str| html.split(" lessons").next().unwrap().rsplit('>').next().unwrap().to_owned();
    assert_eq!(lessons(&full), lessons(&storefront[storefront.find("price").unwrap()..]), "{full}");
    assert!(full.contains("$9") && full.contains("src=\"/covers/a\""), "{full}");
}
