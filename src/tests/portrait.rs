//! People's own pictures.

use crate::bringing::multipart;
use crate::support::app::request;
use crate::support::store::count;
use crate::support::{App, Person, Reply, person};
use axum::body::Body;
use axum::http::{Method, header};
use lectern::domain::cover::COVER_MAX;
use sqlx::PgPool;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR a picture";

async fn send(app: &App, person: &Person, name: &str, bytes: &[u8]) -> Reply {
    let body = Body::from(multipart("picture", &[(name, bytes)]));
    let mut request = request(Method::POST, person, "/account/picture", body);
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, "multipart/form-data; boundary=b".parse().expect("is a header"));
    headers.insert("sec-fetch-site", "same-origin".parse().expect("is a header"));
    app.send(request).await
}

async fn stored(app: &App, person: &Person) -> Option<String> {
    sqlx::query_scalar("select image_url from users where id = $1")
        .bind(person.id.0)
        .fetch_one(&app.pool)
        .await
        .expect("is there")
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_picture_is_shown_beside_ones_name_and_the_one_before_is_gone(pool: PgPool) {
    let app = App::new(pool);
    let (ada, bea) = (person("Ada").create(&app).await, person("Bea").create(&app).await);
    assert_eq!(send(&app, &ada, "a.png", PNG).await.is(303).location(), "/account");
    let first = stored(&app, &ada).await.expect("is stored");
    assert_eq!(app.get(&first).await.ok().header("content-type"), "image/png");
    for page in ["/", "/account"] {
        assert!(app.get_as(&ada, page).await.text().contains(&format!("src=\"{first}\"")), "{page}");
    }
    assert!(!app.get_as(&bea, "/account").await.text().contains(&first));
    assert!(stored(&app, &bea).await.is_none());
    send(&app, &ada, "b.png", PNG).await.is(303);
    let second = stored(&app, &ada).await.expect("is stored");
    assert_ne!(first, second);
    app.get(&first).await.is(404);
    // What is somebody's is swept away by nothing.
    sqlx::query("update covers set created_at = now() - interval '2 days'").execute(&app.pool).await.unwrap();
    app.state.db.write(|tx| Box::pin(async move { lectern::server::db::covers::sweep(tx).await })).await.unwrap();
    app.get(&second).await.ok();
    app.call(&ada, "remove_picture", vec![]).await.ok();
    assert!(stored(&app, &ada).await.is_none());
    assert_eq!(count(&app.pool, "covers").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_is_no_picture_is_refused_on_the_page_and_the_one_that_was_there_stays(pool: PgPool) {
    let app = App::new(pool);
    let ada = person("Ada").create(&app).await;
    send(&app, &ada, "a.png", PNG).await.is(303);
    let kept = stored(&app, &ada).await;
    let large = [PNG, &vec![0; COVER_MAX]].concat();
    for (bytes, words) in [
        (&b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..], "no picture"),
        (&b"<script>alert(1)</script>"[..], "no picture"),
        (&b""[..], "Choose a picture"),
        (&large[..], "make it smaller"),
    ] {
        let reply = send(&app, &ada, "a.png", bytes).await;
        assert!(reply.is(400).text().contains(words) && reply.text().contains("Your account"), "{words}");
    }
    assert_eq!(stored(&app, &ada).await, kept);
    assert_eq!(send(&app, &Person::anonymous(), "a.png", PNG).await.is(303).location(), "/sign-in?next=/");
    assert_eq!(count(&app.pool, "covers").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_picture_goes_with_its_account_and_a_providers_is_changed_there(pool: PgPool) {
    let app = App::new(pool);
    let ada = person("Ada").create(&app).await;
    send(&app, &ada, "a.png", PNG).await.is(303);
    app.call(&ada, "delete_account", crate::fields!["email" => ada.email]).await.ok();
    assert_eq!(count(&app.pool, "covers").await, 0);
    assert!(stored(&app, &ada).await.is_none());
    let bea = person("Bea").create(&app).await;
    let provided = "insert into identities (external_id, user_id, provider) select clerk_user_id, id, 'clerk' from users where id = $1";
    sqlx::query(provided).bind(bea.id.0).execute(&app.pool).await.unwrap();
    send(&app, &bea, "a.png", PNG).await.is(409);
    assert_eq!(count(&app.pool, "covers").await, 0);
    assert!(!app.get_as(&bea, "/account").await.text().contains("action=\"/account/picture\""));
}
