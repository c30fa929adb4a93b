//! What is brought to be exchanged for a session, and what of it is believed.

use crate::support::Person;
use crate::support::clerk::{Clerk, ORIGIN};
use crate::support::fake_clerk::Key;
use crate::support::store::{count, dump};
use axum::body::Body;
use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sqlx::PgPool;

fn without(claims: &Value, name: &str) -> Value {
    let mut claims = claims.clone();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az14_a_token_that_is_not_clerks_for_this_site_and_this_minute_is_refused_and_leaves_no_trace(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada Lovelace", "ada@example.org");
    let (key, claims, now) = (clerk.fake.key(), clerk.claims(&ada), chrono::Utc::now().timestamp());
    let good = key.sign(&claims);
    let kid = "ins_fake_1";
    let hs256 = |secret: &[u8]| {
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &EncodingKey::from_secret(secret).unwrap()).unwrap()
    };
    let unsigned = |alg: &str| format!("{}.{}.", part(&json!({"alg": alg, "typ": "JWT", "kid": kid})), part(&claims));
    let pieces: Vec<&str> = good.split('.').collect();
    let other_payload = part(&with(&claims, "sub", json!("user_other")));
    let changed = |name: &str, value: Value| key.sign(&with(&claims, name, value));
    let mut tokens = vec![
        ("no algorithm", unsigned("none")),
        ("no algorithm, in capitals", unsigned("NONE")),
        ("RS256 without a signature", unsigned("RS256")),
        ("no algorithm, with the signature", format!("{}{}", unsigned("none"), pieces[2])),
        ("HS256 by the public key's PEM", hs256(key.pem().as_bytes())),
        ("HS256 by the public key's PEM, trimmed", hs256(key.pem().trim().as_bytes())),
        ("HS256 by the modulus", hs256(key.listed()["n"].as_str().unwrap().as_bytes())),
        ("RS512", key.sign_as(&claims, |header| header.alg = Algorithm::RS512)),
        ("PS256", key.sign_as(&claims, |header| header.alg = Algorithm::PS256)),
        ("another site's", changed("azp", json!("https://evil.example"))),
        ("another port's", changed("azp", json!("http://127.0.0.1:3001"))),
        ("a site's that only begins so", changed("azp", json!("http://127.0.0.1:3000.evil.example"))),
        ("several sites'", changed("azp", json!([ORIGIN]))),
        ("nobody's site's", changed("azp", json!(""))),
        ("no azp", key.sign(&without(&claims, "azp"))),
        ("another instance's", changed("iss", json!("https://clerk.evil.example"))),
        ("no iss", key.sign(&without(&claims, "iss"))),
        ("expired", changed("exp", json!(now - 10))),
        ("no exp", key.sign(&without(&claims, "exp"))),
        ("no number as exp", changed("exp", json!("tomorrow"))),
        ("not yet valid", changed("nbf", json!(now + 30))),
        ("no nbf", key.sign(&without(&claims, "nbf"))),
        ("an unknown key's", key.sign_as(&claims, |header| header.kid = Some("ins_other".into()))),
        ("no key's", key.sign_as(&claims, |header| header.kid = None)),
        ("signed by another key", Key::new(kid).sign(&claims)),
        ("truncated", good[..good.len() - 4].to_owned()),
        ("cut off", pieces[..2].join(".")),
        ("one more part", format!("{good}.{}", pieces[2])),
        ("another person's payload", [pieces[0], &other_payload, pieces[2]].join(".")),
        ("made for another service", changed("aud", json!("warehouse"))),
        ("no session's", key.sign(&without(&claims, "sid"))),
        ("a session's where something is still asked", changed("sts", json!("pending"))),
        ("no person's", key.sign(&without(&claims, "sub"))),
        ("a local account's", changed("sub", json!(format!("local|{}", uuid::Uuid::nil())))),
        ("another provider's", changed("sub", json!("oidc|https://id.example|1"))),
        ("nobody's", changed("sub", json!("user_"))),
        ("a path's", changed("sub", json!("user_/../../jwks"))),
        ("very long", changed("x", json!("x".repeat(20_000)))),
        ("empty", String::new()),
        ("no token", "Bearer".to_owned()),
        ("points", "..".to_owned()),
    ];
    // Nothing may follow from what was added to a token after it was signed.
    tokens.push(("with a space", format!("{good} ")));
    let before = dump(&clerk.app.pool).await;
    let mut taken = Vec::new();
    for (what, token) in &tokens {
        let reply = clerk.exchange(token).await;
        if reply.status != 401 || reply.set_cookie().is_some() {
            taken.push(format!("{what}: {} {}", reply.status, reply.text()));
        }
    }
    assert!(taken.is_empty(), "{}", taken.join("\n"));
    assert_eq!(dump(&clerk.app.pool).await, before);
    assert_eq!(clerk.fake.asked(), [1, 0], "one list of keys, and nobody was looked up");
    clerk.exchange(&good).await.ok();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az14_clocks_may_differ_by_a_few_seconds(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    let (key, claims, now) = (clerk.fake.key(), clerk.claims(&ada), chrono::Utc::now().timestamp());
    for (name, by, status) in [("exp", -2, 200), ("exp", -8, 401), ("nbf", 3, 200), ("nbf", 12, 401)] {
        clerk.exchange(&key.sign(&with(&claims, name, json!(now + by)))).await.is(status);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az14_the_key_in_the_settings_is_the_only_one(pool: PgPool) {
    let mine = Key::new("mine");
    let clerk = Clerk::with(pool, &["--clerk-jwt-key", mine.pem(), "--clerk-secret-key", "sk_test_clerk"]).await;
    let ada = clerk.person("Ada", "ada@example.org");
    clerk.exchange(&clerk.token(&ada)).await.is(401);
    clerk.exchange(&mine.sign(&clerk.claims(&ada))).await.is(200);
    assert_eq!(clerk.fake.asked()[0], 0, "nobody was asked for keys");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_flood_of_unknown_keys_makes_one_request(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    let (key, claims) = (clerk.fake.key(), clerk.claims(&ada));
    let tokens: Vec<String> =
        (0..200).map(|number| key.sign_as(&claims, |header| header.kid = Some(format!("made-up-{number}")))).collect();
    let replies = futures::future::join_all(tokens.iter().map(|token| clerk.exchange(token))).await;
    assert!(replies.iter().all(|reply| reply.status == 401));
    assert_eq!(clerk.fake.asked(), [1, 0]);
    clerk.enter(&ada).await;
    assert_eq!(clerk.fake.asked(), [1, 1]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in8_an_exchange_leads_to_paths_on_this_site_alone(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    let token = clerk.token(&ada);
    for (next, to) in [
        ("/purchases?x=1", "/purchases?x=1"),
        ("", "/courses"),
        ("//evil.example", "/courses"),
        ("/\\evil.example", "/courses"),
        ("https://evil.example", "/courses"),
        ("javascript:alert(1)", "/courses"),
        ("/a\r\nSet-Cookie: x=y", "/courses"),
    ] {
        let reply = clerk.exchange_as(&Person::anonymous(), json!({"token": token, "next": next})).await;
        assert_eq!(reply.ok().json::<Value>(), json!({ "to": to }), "{next:?}");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in13_an_exchange_takes_a_form_or_json_and_whatever_else_comes_is_a_bad_request(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    let post = async |kind: &str, body: String| {
        let mut request =
            crate::support::app::request(Method::POST, &Person::anonymous(), "/auth/clerk", Body::from(body));
        request.headers_mut().insert("content-type", kind.parse().unwrap());
        clerk.app.send(request).await
    };
    let form = "application/x-www-form-urlencoded";
    post(form, format!("token={}&next=%2Fpurchases", clerk.token(&ada))).await.ok();
    for (kind, body) in [
        ("application/json", String::new()),
        ("application/json", "{".into()),
        ("application/json", "[]".into()),
        ("application/json", r#"{"next":"/"}"#.into()),
        ("application/json", r#"{"token":1}"#.into()),
        ("application/json", format!("{}{}", r#"{"token":"#.repeat(10_000), "}".repeat(10_000))),
        ("application/json", r#"{"token":"a","token":"b"}"#.into()),
        (form, "next=%2F".into()),
        (form, "token=%ff&add=perhaps".into()),
        ("text/plain", "token=x".into()),
    ] {
        let start: String = body.chars().take(30).collect();
        let reply = post(kind, body).await;
        assert_eq!(reply.status, 400, "{kind} {start}: {}", reply.text());
    }
    post("application/json", format!(r#"{{"token":"{}"}}"#, "a".repeat(5 << 20))).await.is(413);
    post("application/json", r#"{"token":"a\u0000b"}"#.into()).await.is(401);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se2_an_exchange_from_another_site_is_refused(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
    {
        let body = Body::from(json!({"token": clerk.token(&ada)}).to_string());
        let mut request = crate::support::app::request(Method::POST, &Person::anonymous(), "/auth/clerk", body);
        request.headers_mut().insert("content-type", "application/json".parse().unwrap());
        request.headers_mut().insert(name, value.parse().unwrap());
        clerk.app.send(request).await.is(403);
    }
    assert_eq!(count(&clerk.app.pool, "users").await, 0);
}
