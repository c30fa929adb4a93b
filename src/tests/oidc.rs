//! People who sign in by an OpenID Connect provider.

use crate::fields;
use crate::support::clerk::signed_in;
use crate::support::fake_clerk::Key;
use crate::support::oidc::{Asked, Oidc, SECRET, Sign, Stand};
use crate::support::store::{at_once, count};
use crate::support::{Person, person};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sqlx::PgPool;

async fn viewer(oidc: &Oidc, person: &Person) -> Value {
    let visit: Value = oidc.app.call(person, "current_viewer", vec![]).await.json();
    visit["user"].clone()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn one_signs_in_has_an_account_by_that_and_comes_back_to_the_same(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    let reply = oidc.round(&Person::anonymous(), "next=%2Fpurchases%3Fa%3D1").await;
    assert_eq!(reply.is(303).location(), "/purchases?a=1");
    let ada = viewer(&oidc, &signed_in(&reply)).await;
    assert_eq!([&ada["name"], &ada["email"], &ada["role"]], ["Ada Lovelace", "ada@example.org", "User"]);
    let row: (String, bool) = sqlx::query_as("select clerk_user_id, email_verified_at is not null from users")
        .fetch_one(&oidc.app.pool)
        .await
        .expect("there is one");
    assert_eq!(row, (format!("oidc|{}|1", oidc.stand.issuer), true));
    // By whatever name the settings have the provider, it is the same person; and they are called what it says now.
    oidc.stand.change(|conduct| conduct.person["name"] = json!("Countess Ada"));
    let asked = Asked::of(&oidc.begin(&Person::anonymous(), "other", "").await);
    let query = oidc.stand.consent(&asked);
    let reply = oidc.back_to(&Person::anonymous(), &asked, "other", &query).await;
    assert_eq!(reply.is(303).location(), "/courses");
    let again = viewer(&oidc, &signed_in(&reply)).await;
    assert_eq!([&again["id"], &again["name"]], [&ada["id"], &json!("Countess Ada")]);
    assert_eq!(count(&oidc.app.pool, "oidc_sign_ins").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se1_the_cookie_of_a_sign_in_under_way_is_bound_to_this_host_and_https(pool: PgPool) {
    let oidc = Oidc::with(pool, Stand::start().await, &["--public-url", "https://learn.example.org"]);
    let reply = oidc.begin(&Person::anonymous(), "school", "").await;
    let cookie = reply.is(200).set_cookie().expect("is set");
    assert!(cookie.starts_with("__Host-lectern-oidc="), "{cookie}");
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_provider_is_asked_with_a_challenge_a_state_and_a_nonce_that_nobody_had(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    let (one, two) = (oidc.ask(&Person::anonymous(), "").await, oidc.ask(&Person::anonymous(), "").await);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "lectern"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", "http://127.0.0.1:3000/auth/oidc/school/callback"),
        ("scope", "openid email profile"),
    ] {
        assert_eq!(one.query[name], value);
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert!(one.query[name].len() >= 22 && one.query[name] != two.query[name], "{name}");
    }
    // Its document is read once for both.
    assert_eq!(oidc.stand.asked("describe"), 1);
    // Of what comes back, the database has the hash alone.
    let kept = sqlx::query_scalar::<_, String>("select string_agg(s::text, '') from oidc_sign_ins s");
    let kept = kept.fetch_one(&oidc.app.pool).await.expect("is read");
    let browser = one.cookie.expect("is set");
    assert!(!kept.contains(&one.query["state"]) && !kept.contains(browser.split('=').nth(1).expect("has a value")));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_sign_in_ends_once_in_the_browser_that_began_it_and_with_its_provider(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    let nobody = Person::anonymous();
    let lost = "/sign-in?failed=stale";
    let asked = oidc.ask(&nobody, "").await;
    let query = oidc.stand.consent(&asked);
    // Another browser, which began one of its own: whoever is sent somebody else's link is not signed in as them.
    let other = oidc.ask(&nobody, "").await;
    for cookie in [other.cookie.clone(), None, Some("lectern-oidc=x".to_owned())] {
        let with = Asked { cookie, ..asked.clone() };
        assert_eq!(oidc.back(&nobody, &with, &query).await.is(303).location(), lost);
    }
    assert_eq!(oidc.back_to(&nobody, &asked, "other", &query).await.is(303).location(), lost);
    oidc.back_to(&nobody, &asked, "none", &query).await.is(404);
    let made_up = query.replace(&asked.query["state"], "made-up");
    assert_eq!(oidc.back(&nobody, &asked, &made_up).await.is(303).location(), lost);
    assert_eq!(count(&oidc.app.pool, "users").await, 0);
    // 32 at once: one of them.
    let coming = futures::future::join_all((0..32).map(|_| oidc.back(&nobody, &asked, &query)));
    let replies = at_once(&oidc.app.pool, "oidc_sign_ins", coming).await;
    assert_eq!(replies.iter().filter(|reply| reply.is(303).location() == "/courses").count(), 1);
    assert_eq!(oidc.back(&nobody, &asked, &query).await.is(303).location(), lost);
    // A second tab of the same browser is on its way at the same time.
    let first = oidc.ask(&nobody, "next=%2Fpurchases").await;
    let with = Person { cookie: first.cookie.clone(), ..nobody.clone() };
    let second = oidc.ask(&with, "").await;
    assert_eq!(first.cookie, second.cookie);
    let query = oidc.stand.consent(&first);
    assert_eq!(oidc.back(&nobody, &first, &query).await.is(303).location(), "/purchases");
    let query = oidc.stand.consent(&second);
    assert_eq!(oidc.back(&nobody, &second, &query).await.is(303).location(), "/courses");
    // One that took too long.
    let late = oidc.ask(&nobody, "").await;
    sqlx::query("update oidc_sign_ins set expires_at = now() - interval '1 second'")
        .execute(&oidc.app.pool)
        .await
        .unwrap();
    let query = oidc.stand.consent(&late);
    assert_eq!(oidc.back(&nobody, &late, &query).await.is(303).location(), lost);
    // It is forgotten when the next one begins.
    oidc.ask(&nobody, "").await;
    assert_eq!(count(&oidc.app.pool, "oidc_sign_ins where expires_at < now()").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_token_that_does_not_hold_signs_nobody_in(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    // What is right but for one thing.
    fn with(claim: &'static str, value: Value) -> Sign {
        Box::new(move |key, mut claims| {
            claims[claim] = value.clone();
            key.sign(&claims)
        })
    }
    let now = chrono::Utc::now().timestamp();
    let stranger = Key::new("first");
    let tokens: Vec<(&str, Sign)> = vec![
        ("issuer", with("iss", json!("http://127.0.0.1:1/realm"))),
        ("issuer's end", with("iss", json!(format!("{}/", oidc.stand.issuer)))),
        ("audience", with("aud", json!("another"))),
        ("audiences", with("aud", json!(["lectern", "another"]))),
        ("no audience", with("aud", Value::Null)),
        ("nonce", with("nonce", json!("another"))),
        ("no nonce", with("nonce", Value::Null)),
        ("expired", with("exp", json!(now - 1))),
        ("no expiry", with("exp", Value::Null)),
        ("no subject", with("sub", Value::Null)),
        ("another key of the same name", Box::new(move |_, claims| stranger.sign(&claims))),
        (
            "no signature",
            Box::new(|_, claims| {
                let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
                format!("{}.{}.", part(&json!({"alg": "none"})), part(&claims))
            }),
        ),
        (
            "the client's own secret",
            Box::new(|_, claims| {
                let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes()).expect("is a key");
                jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).expect("is signed")
            }),
        ),
        (
            "a byte of its claims",
            Box::new(|key, claims| {
                let token = key.sign(&claims);
                let parts: Vec<&str> = token.split('.').collect();
                let mut other = claims.clone();
                other["sub"] = json!("2");
                format!("{}.{}.{}", parts[0], BASE64_URL_SAFE_NO_PAD.encode(other.to_string()), parts[2])
            }),
        ),
        ("no token", Box::new(|_, _| "none".to_owned())),
    ];
    for (what, sign) in tokens {
        oidc.stand.change(|conduct| conduct.sign = sign);
        let reply = oidc.round(&Person::anonymous(), "next=%2Fpurchases").await;
        assert_eq!(reply.is(303).location(), "/sign-in?failed=refused&next=/purchases", "{what}");
        assert!(reply.set_cookie().is_none(), "{what}");
    }
    assert_eq!(count(&oidc.app.pool, "users").await, 0);
    oidc.stand.change(|conduct| conduct.sign = Box::new(|key, claims| key.sign(&claims)));
    assert_eq!(oidc.round(&Person::anonymous(), "").await.is(303).location(), "/courses");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_provider_that_changed_its_key_is_asked_once_more(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    oidc.round(&Person::anonymous(), "").await.is(303);
    assert_eq!(oidc.stand.asked("keys"), 1);
    // Not within a minute of the last time, whatever is brought.
    let fresh = std::sync::Arc::new(Key::new("second"));
    let signs = fresh.clone();
    oidc.stand.change(|conduct| {
        conduct.listed = vec![fresh.listed().clone()];
        conduct.sign = Box::new(move |_, claims| signs.sign(&claims));
    });
    assert_eq!(oidc.round(&Person::anonymous(), "").await.location(), "/sign-in?failed=refused");
    assert_eq!(oidc.stand.asked("keys"), 1);
    // A server that starts by then knows it.
    let later = Oidc::with(oidc.app.pool.clone(), oidc.stand.clone(), &[]);
    assert_eq!(later.round(&Person::anonymous(), "").await.location(), "/courses");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_a_provider_does_not_say_in_the_token_it_is_asked_for(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    let bare = json!({"sub": "7"});
    oidc.stand.change(|conduct| conduct.person = bare.clone());
    // An account has an address: receipts go there.
    assert_eq!(oidc.round(&Person::anonymous(), "").await.location(), "/sign-in?failed=no-address");
    let told = json!({"sub": "7", "given_name": " Bea", "family_name": "Byron\n", "email": "bea@example.org",
        "email_verified": "true", "picture": "javascript:alert(1)"});
    oidc.stand.change(|conduct| conduct.userinfo = Some(told.clone()));
    let oidc = Oidc::with(oidc.app.pool.clone(), oidc.stand.clone(), &[]);
    let bea = signed_in(&oidc.round(&Person::anonymous(), "").await);
    assert_eq!(viewer(&oidc, &bea).await["name"], "Bea Byron");
    let row = "users where email_verified_at is not null and image_url is null";
    assert_eq!(count(&oidc.app.pool, row).await, 1);
    // Told of somebody else, it is not believed.
    oidc.stand.change(|conduct| conduct.userinfo = Some(json!({"sub": "8", "email": "bea@example.org"})));
    assert_eq!(oidc.round(&Person::anonymous(), "").await.location(), "/sign-in?failed=refused");
    // An address that is not verified there is none of theirs here.
    oidc.stand.change(|conduct| {
        conduct.person =
            json!({"sub": "9", "preferred_username": "carl", "email": "carl@example.org", "email_verified": false});
    });
    let carl = signed_in(&oidc.round(&Person::anonymous(), "").await);
    assert_eq!(viewer(&oidc, &carl).await["name"], "carl");
    assert_eq!(count(&oidc.app.pool, "users where email_verified_at is null").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn whoever_comes_back_without_a_code_or_from_another_issuer_is_not_signed_in(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    let nobody = Person::anonymous();
    let asked = oidc.ask(&nobody, "").await;
    let query = format!("error=access_denied&state={}", asked.query["state"]);
    assert_eq!(oidc.back(&nobody, &asked, &query).await.location(), "/sign-in?failed=cancelled");
    let asked = oidc.ask(&nobody, "").await;
    let query = format!("{}&iss=https%3A%2F%2Fevil.example", oidc.stand.consent(&asked));
    assert_eq!(oidc.back(&nobody, &asked, &query).await.location(), "/sign-in?failed=refused");
    assert_eq!(oidc.stand.asked("token"), 0);
    let asked = oidc.ask(&nobody, "").await;
    let query = format!("{}&iss={}", oidc.stand.consent(&asked), oidc.stand.issuer);
    assert_eq!(oidc.back(&nobody, &asked, &query).await.location(), "/courses");
    // What could be no answer at all.
    let asked = oidc.ask(&nobody, "").await;
    for query in ["", "state=", "state=a&state=b&code=c", "code=c", "state=%FF%FE&code=c", "%%%"] {
        let reply = oidc.back(&nobody, &asked, query).await;
        assert!(reply.is(303).location().starts_with("/sign-in?failed="), "{query}: {}", reply.location());
    }
    oidc.back(&nobody, &asked, "state=%00&code=%00").await.is(400);
    let long = format!("state={}&code=c", "a".repeat(30_000));
    assert!(oidc.back(&nobody, &asked, &long).await.is(303).location().starts_with("/sign-in?failed="));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn while_a_provider_does_not_answer_one_is_told_and_other_ways_go_on(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    let nobody = Person::anonymous();
    oidc.stand.change(|conduct| conduct.down = true);
    let reply = oidc.begin(&nobody, "school", "next=%2Fpurchases").await;
    assert_eq!(reply.is(303).location(), "/sign-in?failed=away&next=/purchases");
    // It is not asked again at once.
    oidc.begin(&nobody, "school", "").await.is(303);
    assert_eq!(oidc.stand.asked("describe"), 1);
    let up = Oidc::with(oidc.app.pool.clone(), oidc.stand.clone(), &[]);
    up.stand.change(|conduct| conduct.down = false);
    let asked = up.ask(&nobody, "").await;
    up.stand.change(|conduct| conduct.down = true);
    let query = up.stand.consent(&asked);
    assert!(up.back(&nobody, &asked, &query).await.is(303).location().starts_with("/sign-in?failed="));
    assert_eq!(count(&oidc.app.pool, "users").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_client_says_who_it_is_as_the_provider_asks_for_it(pool: PgPool) {
    for methods in [None, Some(vec!["client_secret_basic"]), Some(vec!["client_secret_post"])] {
        let stand = Stand::start().await;
        stand.change(|conduct| conduct.methods = methods.clone());
        let oidc = Oidc::with(pool.clone(), stand, &[]);
        assert_eq!(oidc.round(&Person::anonymous(), "").await.location(), "/courses", "{methods:?}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn accounts_are_not_joined_by_e_mail_and_a_way_in_is_added_by_who_is_signed_in(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    let ada = person("Ada").create(&oidc.app).await;
    oidc.stand.change(|conduct| conduct.person["email"] = json!(ada.email));
    // Somebody of the same address comes in as somebody else.
    let stranger = signed_in(&oidc.round(&Person::anonymous(), "").await);
    assert_ne!(viewer(&oidc, &stranger).await["id"], json!(ada.id));
    // Ada cannot add what is another account's: somebody came in by it.
    assert_eq!(oidc.round(&ada, "add=true").await.is(303).location(), "/account?failed=taken");
    oidc.stand.change(|conduct| conduct.person = json!({"sub": "2", "name": "A. L.", "email": "ada@school.example"}));
    assert_eq!(oidc.round(&ada, "add=true").await.is(303).location(), "/account");
    // The provider of what was added says nothing of what they are called.
    let by_school = signed_in(&oidc.round(&Person::anonymous(), "").await);
    assert_eq!(viewer(&oidc, &by_school).await["id"], json!(ada.id));
    assert_eq!(viewer(&oidc, &by_school).await["email"], json!(ada.email));
    // Anonymous, nobody adds anything; and whoever became somebody else on the way does not either.
    let reply = oidc.begin(&Person::anonymous(), "school", "add=true").await;
    assert!(reply.is(303).location().starts_with("/sign-in"));
    let bea = person("Bea").create(&oidc.app).await;
    oidc.stand.change(|conduct| conduct.person = json!({"sub": "3", "email": "x@school.example"}));
    let asked = oidc.ask(&ada, "add=true").await;
    let query = oidc.stand.consent(&asked);
    assert_eq!(oidc.back(&bea, &asked, &query).await.is(303).location(), "/account?failed=stale");
    assert_eq!(count(&oidc.app.pool, "identities").await, 2);
    // What was added can be removed, by its own person alone.
    let id = format!("oidc|{}|2", oidc.stand.issuer);
    oidc.app.call(&bea, "remove_way", fields!["id" => id]).await.is(404);
    oidc.app.call(&ada, "remove_way", fields!["id" => id]).await.ok();
    oidc.app.call(&ada, "remove_way", fields!["id" => id]).await.is(404);
    oidc.stand.change(|conduct| conduct.person = json!({"sub": "2", "email": "ada@school.example"}));
    let fresh = signed_in(&oidc.round(&Person::anonymous(), "").await);
    assert_ne!(viewer(&oidc, &fresh).await["id"], json!(ada.id));
    // The one that made the account stays.
    oidc.app.call(&fresh, "remove_way", fields!["id" => id]).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn whoever_is_suspended_or_deleted_does_not_come_in(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    oidc.round(&Person::anonymous(), "").await.is(303);
    sqlx::query("update users set suspended_at = now()").execute(&oidc.app.pool).await.unwrap();
    assert_eq!(oidc.round(&Person::anonymous(), "").await.location(), "/sign-in?failed=suspended");
    sqlx::query("update users set suspended_at = null, deleted_at = now()").execute(&oidc.app.pool).await.unwrap();
    assert_eq!(oidc.round(&Person::anonymous(), "").await.location(), "/sign-in?failed=refused");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se4_what_a_sign_in_leads_to_is_on_this_site(pool: PgPool) {
    let oidc = Oidc::new(pool).await;
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a%0d%0ax: y"] {
        let form = format!(
            "next={}",
            crate::support::app::encode(&[(String::new(), next.to_owned())]).trim_start_matches('=')
        );
        let reply = oidc.round(&Person::anonymous(), &form).await;
        let to = reply.is(303).location();
        assert!(to == "/courses" || to.starts_with("/a"), "{next}: {to}");
    }
    // Even if it stood in the table.
    let asked = oidc.ask(&Person::anonymous(), "").await;
    sqlx::query("update oidc_sign_ins set next = '//evil.example'").execute(&oidc.app.pool).await.unwrap();
    let query = oidc.stand.consent(&asked);
    assert_eq!(oidc.back(&Person::anonymous(), &asked, &query).await.location(), "/courses");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_sign_in_page_shows_the_ways_that_the_settings_name_and_no_other(pool: PgPool) {
    let oidc = Oidc::with(pool.clone(), Stand::start().await, &["--local-accounts", "false"]);
    let page = oidc.app.get("/sign-in").await.text();
    assert!(page.contains("Continue with The school") && page.contains("action=\"/auth/oidc/other\""), "{page}");
    assert!(!page.contains("form[password]"), "{page}");
    oidc.app.get("/sign-in/letter").await.is(404);
    let nobody = Person::anonymous();
    for (function, fields) in [
        (
            "sign_up",
            fields!["form[name]" => "A", "form[email]" => "a@example.org", "form[password]" => "long enough it is"],
        ),
        ("sign_in", fields!["form[email]" => "a@example.org", "form[password]" => "long enough it is"]),
        ("ask_for_letter", fields!["email" => "a@example.org"]),
        ("sign_in_by_link", fields!["token" => "0"]),
        ("reset_password", fields!["token" => "0", "password" => "long enough it is"]),
    ] {
        oidc.app.call(&nobody, function, fields).await.is(404);
    }
    let ada = signed_in(&oidc.round(&nobody, "").await);
    let fields = fields!["form[current]" => "", "form[password]" => "long enough it is"];
    oidc.app.call(&ada, "change_password", fields).await.is(404);
    assert!(!oidc.app.get_as(&ada, "/account").await.text().contains("form[password]"));
    let local = Oidc::with(pool, oidc.stand.clone(), &[]);
    let page = local.app.get("/sign-in").await.text();
    assert!(page.contains("form[password]") && page.contains("Continue with The school"));
}
