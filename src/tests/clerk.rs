//! People who sign in by Clerk.

use crate::fields;
use crate::support::clerk::{Clerk, ClerkPerson, signed_in};
use crate::support::fake_clerk::Act;
use crate::support::store::count;
use crate::support::{App, Person, Reply, course, person};
use axum::body::Body;
use axum::http::Method;
use lectern::domain::account::Account;
use serde_json::{Value, json};
use sqlx::PgPool;

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_clerk_user_without_a_row_gets_one_at_the_first_request(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada Lovelace", "ada@example.org");
    assert_eq!(clerk.accounts().await, []);
    let first = clerk.enter(&ada).await;
    assert_eq!(clerk.accounts().await, [account("Ada Lovelace", "ada@example.org")]);
    assert!(clerk.knows(&first).await);
    let viewer: Value = clerk.app.call(&first, "current_viewer", vec![]).await.json();
    assert_eq!(viewer["user"]["name"], "Ada Lovelace");
    let verified = "users where email_verified_at is not null";
    assert_eq!(count(&clerk.app.pool, verified).await, 1);
    // The next time, it is the same one.
    let again = clerk.enter(&ada).await;
    let viewer_again: Value = clerk.app.call(&again, "current_viewer", vec![]).await.json();
    assert_eq!(viewer["user"]["id"], viewer_again["user"]["id"]);
    // Two tabs at once are one person.
    let bea = clerk.person("Bea", "bea@example.org");
    let token = clerk.token(&bea);
    let replies = futures::future::join_all((0..16).map(|_| clerk.exchange(&token))).await;
    assert!(replies.iter().all(|reply| reply.status == 200));
    assert_eq!(count(&clerk.app.pool, "users").await, 2);
}

fn account(name: &str, email: &str) -> (String, String, String) {
    (name.to_owned(), email.to_owned(), "user".to_owned())
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn without_a_secret_key_the_token_says_who_it_is(pool: PgPool) {
    let clerk = Clerk::with(pool, &[]).await;
    let ada = clerk.person("Ada", "ada@example.org");
    // By itself it holds no address, and an account has one.
    let reply = clerk.exchange(&clerk.token(&ada)).await;
    assert!(reply.is(409).text().contains("e-mail"), "{}", reply.text());
    assert_eq!(clerk.accounts().await, []);
    let own = json!({"name": " Ada\n L. ", "email": "ada@example.org", "image_url": "javascript:alert(1)"});
    let mut claims = clerk.claims(&ada);
    claims.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    clerk.exchange(&clerk.fake.key().sign(&claims)).await.ok();
    assert_eq!(clerk.accounts().await, [account("Ada L.", "ada@example.org")]);
    assert_eq!(count(&clerk.app.pool, "users where email_verified_at is null and image_url is null").await, 1);
    // Once they are known, the plain token is enough; and what it says never replaces what Clerk told.
    clerk.exchange(&clerk.token(&ada)).await.ok();
    clerk.deliver(&clerk.latest("user.created")).await.is(200);
    clerk.exchange(&clerk.fake.key().sign(&with(&claims, "name", json!("Mallory")))).await.ok();
    assert_eq!(clerk.accounts().await, [account("Ada", "ada@example.org")]);
    assert_eq!(clerk.fake.asked()[1], 0);
    // Whoever does not say what they are called is called something.
    let bea = clerk.person("Bea", "bea@example.org");
    let claims = with(&with(&clerk.claims(&bea), "email", json!("bea@example.org")), "email_verified", json!(true));
    clerk.exchange(&clerk.fake.key().sign(&claims)).await.ok();
    assert_eq!(clerk.accounts().await[1], account("Learner", "bea@example.org"));
    assert_eq!(count(&clerk.app.pool, "users where email_verified_at is not null").await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn whoever_has_no_address_at_clerk_has_none_by_what_their_token_says(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "");
    let claims = with(&with(&clerk.claims(&ada), "email", json!("ada@example.org")), "email_verified", json!(true));
    clerk.exchange(&clerk.fake.key().sign(&claims)).await.is(409);
    assert_eq!(clerk.accounts().await, []);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn while_clerk_does_not_answer_those_who_are_known_come_in_and_nobody_else(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    // Not even its keys can be had.
    clerk.fake.switch(|switches| switches.down = true);
    clerk.exchange(&clerk.token(&ada)).await.is(503);
    let up = Clerk::new(clerk.app.pool.clone()).await;
    let known = up.person("Carl", "carl@example.org");
    up.enter(&known).await;
    up.fake.switch(|switches| switches.down = true);
    up.enter(&known).await;
    let new = up.person("Dora", "dora@example.org");
    up.exchange(&up.token(&new)).await.is(503);
    assert_eq!(up.accounts().await, [account("Carl", "carl@example.org")]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn whoever_is_gone_at_clerk_does_not_come_in_with_a_token_that_still_holds(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    let token = clerk.token(&ada);
    clerk.act(Act::Delete { user: ada.user.clone() });
    clerk.exchange(&token).await.is(401);
    assert_eq!(count(&clerk.app.pool, "users").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn accounts_are_never_joined_by_e_mail(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let local =
        fields!["form[name]" => "Ada", "form[email]" => "ada@example.org", "form[password]" => "long enough it is"];
    clerk.app.call(&Person::anonymous(), "sign_up", local).await.ok();
    let ada = clerk.person("Another Ada", "ada@example.org");
    clerk.enter(&ada).await;
    let same = clerk.person("Third Ada", "ADA@example.org");
    clerk.enter(&same).await;
    assert_eq!(count(&clerk.app.pool, "users").await, 3);
    let names: Vec<String> = clerk.accounts().await.into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["Ada", "Another Ada", "Third Ada"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_role_is_taken_from_nothing_that_a_provider_says(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    let mut claims = clerk.claims(&ada);
    for (name, value) in [
        ("role", json!("admin")),
        ("org_role", json!("org:admin")),
        ("metadata", json!({"role": "admin"})),
        ("public_metadata", json!({"role": "admin"})),
        ("act", json!({"sub": "user_admin"})),
    ] {
        claims[name] = value;
    }
    let ada_here = signed_in(clerk.exchange(&clerk.fake.key().sign(&claims)).await.ok());
    clerk.app.get_as(&ada_here, "/admin").await.is(403);
    let mut event = ada.created.clone();
    event["data"]["updated_at"] = json!(event["data"]["updated_at"].as_i64().unwrap() + 1);
    event["data"]["role"] = json!("admin");
    event["data"]["public_metadata"] = json!({"role": "admin"});
    clerk.deliver(&event).await.is(200);
    assert_eq!(clerk.accounts().await, [account("Ada", "ada@example.org")]);
    // Nor is it taken away.
    sqlx::query("update users set role = 'admin'").execute(&clerk.app.pool).await.unwrap();
    let renamed =
        |name: &str| Act::Update { user: ada.user.clone(), email: None, name: Some(name.into()), verified: None };
    clerk.act(renamed("Ada King"));
    clerk.deliver(&clerk.latest("user.updated")).await.is(200);
    clerk.act(renamed("Ada Lovelace"));
    let ada_here = clerk.enter(&ada).await;
    clerk.app.get_as(&ada_here, "/admin").await.is(200);
    assert_eq!(clerk.accounts().await[0].0, "Ada Lovelace");
}

async fn add(clerk: &Clerk, person: &Person, to: &ClerkPerson) -> Reply {
    clerk.exchange_as(person, json!({"token": clerk.token(to), "add": true, "next": "/purchases"})).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn whoever_is_signed_in_adds_a_way_in_by_proving_it(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let lee = person("Lee").create(&clerk.app).await;
    let (work, taken) = (clerk.person("Lee", "lee@work.example"), clerk.person("Tom", "tom@example.org"));
    clerk.enter(&taken).await;
    add(&clerk, &Person::anonymous(), &work).await.is(401);
    add(&clerk, &lee, &taken).await.is(409);
    let reply = add(&clerk, &lee, &work).await;
    assert_eq!(reply.ok().json::<Value>(), json!({"to": "/purchases"}));
    assert!(reply.set_cookie().is_none(), "the session goes on as it was");
    add(&clerk, &lee, &work).await.ok();
    for (person, id, first) in [(&lee, &work.user, false), (&clerk.enter(&taken).await, &taken.user, true)] {
        let account: Account = clerk.app.call(person, "get_account", vec![]).await.json();
        let ways: Vec<_> = account.ways.iter().map(|way| (&way.id, way.provider.as_str(), way.first)).collect();
        assert_eq!(ways, [(id, "Clerk", first)]);
    }
    // It leads to their account, which keeps its name and address.
    let back = clerk.enter(&work).await;
    let viewer: Value = clerk.app.call(&back, "current_viewer", vec![]).await.json();
    assert_eq!((&viewer["user"]["id"], &viewer["user"]["email"]), (&json!(lee.id), &json!(lee.email)));
    // Where Clerk deletes it, the account stays, and that way in does not.
    clerk.act(Act::Delete { user: work.user.clone() });
    clerk.deliver(&clerk.latest("user.deleted")).await.is(200);
    assert!(clerk.knows(&lee).await);
    assert_eq!(count(&clerk.app.pool, "users where deleted_at is null").await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_clerk_told_of_before_its_person_came_is_added_while_nothing_happened_in_it(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let lee = person("Lee").create(&clerk.app).await;
    let told = clerk.person("Lee", "lee@work.example");
    clerk.deliver(&told.created).await.is(200);
    assert_eq!(clerk.accounts().await.len(), 2);
    add(&clerk, &lee, &told).await.ok();
    // The account that was made for nobody is gone, and what is told late brings it back no more.
    assert_eq!(clerk.accounts().await.len(), 1);
    clerk.deliver(&told.created).await.is(200);
    let back = clerk.enter(&told).await;
    let viewer: Value = clerk.app.call(&back, "current_viewer", vec![]).await.json();
    assert_eq!((&viewer["user"]["id"], &viewer["user"]["email"]), (&json!(lee.id), &json!(lee.email)));
    assert_eq!(clerk.accounts().await.len(), 1);
    // One in which something happened stays somebody's.
    let course = course("Anything").create(&clerk.app).await;
    for (at, happened) in [
        "update users set role = 'admin' where clerk_user_id = $1",
        "update users set suspended_at = now() where clerk_user_id = $1",
        "update identities set last_used_at = now() where external_id = $1",
        "insert into credentials (user_id, email, password_hash) select id, email, 'x' from users where clerk_user_id = $1",
        "insert into user_course_access (user_id, course_id) select id, (select id from courses limit 1) from users where clerk_user_id = $1",
        "insert into identities (external_id, user_id, provider) select 'oidc|x|' || id, id, 'x' from users where clerk_user_id = $1",
    ]
    .into_iter()
    .enumerate()
    {
        let other = clerk.person("Other", &format!("other-{at}@example.org"));
        clerk.deliver(&other.created).await.is(200);
        sqlx::query(happened).bind(&other.user).execute(&clerk.app.pool).await.expect("it happened");
        add(&clerk, &lee, &other).await.is(409);
    }
    assert_eq!(clerk.accounts().await.len(), 7, "{}", course.id);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_address_is_confirmed_by_the_provider_that_the_account_was_made_for_and_by_no_other(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let confirmed = async || count(&clerk.app.pool, "users where email_verified_at is not null").await;
    let update = async |user: &ClerkPerson, email: Option<&str>, verified: Option<bool>| {
        let (user, email) = (user.user.clone(), email.map(str::to_owned));
        clerk.act(Act::Update { user, email, name: Some("Another name".into()), verified });
        clerk.deliver(&clerk.latest("user.updated")).await.is(200);
    };
    let lee = person("Lee").create(&clerk.app).await;
    let work = clerk.person("Lee", "lee@work.example");
    add(&clerk, &lee, &work).await.ok();
    update(&work, None, Some(true)).await;
    assert_eq!(confirmed().await, 0, "another provider knows nothing of this account's address");
    let ada = clerk.person("Ada", "ada@example.org");
    clerk.enter(&ada).await;
    assert_eq!(confirmed().await, 1);
    update(&ada, Some("ada@new.example"), Some(false)).await;
    assert_eq!(confirmed().await, 0, "nobody has shown yet to have the new one");
    update(&ada, None, Some(true)).await;
    assert_eq!(confirmed().await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_way_in_that_was_added_to_an_account_that_is_deleted_makes_a_new_one(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let (first, second) = (clerk.person("Ada", "ada@example.org"), clerk.person("Ada", "ada@work.example"));
    let ada = clerk.enter(&first).await;
    add(&clerk, &ada, &second).await.ok();
    let token = clerk.token(&first);
    clerk.act(Act::Delete { user: first.user.clone() });
    clerk.deliver(&clerk.latest("user.deleted")).await.is(200);
    clerk.exchange(&token).await.is(401);
    let again = clerk.enter(&second).await;
    assert!(!clerk.knows(&ada).await && clerk.knows(&again).await);
    assert_eq!(clerk.accounts().await.len(), 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn signing_out_of_a_session_from_clerk_leads_to_where_one_signs_out_there_too(pool: PgPool) {
    let clerk = Clerk::new(pool).await;
    let ada = clerk.person("Ada", "ada@example.org");
    let from_clerk = clerk.enter(&ada).await;
    let local = person("Lee").create(&clerk.app).await;
    for (person, leads_to) in [(&from_clerk, "/sign-in?signed-out"), (&local, "/")] {
        assert_eq!(clerk.app.call(person, "sign_out", vec![]).await.ok().location(), leads_to);
        assert!(!clerk.knows(person).await);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn where_clerk_is_not_set_up_nothing_of_it_is_there(pool: PgPool) {
    let app = App::new(pool);
    let send = async |path: &str, kind: &str| {
        let mut request =
            crate::support::app::request(Method::POST, &Person::anonymous(), path, Body::from(r#"{"token":"x"}"#));
        request.headers_mut().insert("content-type", kind.parse().unwrap());
        app.send(request).await
    };
    send("/auth/clerk", "application/json").await.is(404);
    send("/webhooks/clerk", "application/json").await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se4_where_one_signs_in_alone_names_clerk_and_only_if_it_is_a_way_in(pool: PgPool) {
    let clerk = Clerk::new(pool.clone()).await;
    let front = clerk.app.state.config.clerk.as_ref().unwrap().front.clone();
    let admin = person("Avery").admin().create(&clerk.app).await;
    let without = App::new(pool);
    for path in ["/sign-in", "/sign-up", "/sign-in?signed-out", "/sign-in?by=clerk&next=%2Fcourses"] {
        let reply = clerk.app.get(path).await;
        let (text, policy) = (reply.ok().text(), reply.header("content-security-policy"));
        assert!(
            text.contains(&format!("data-clerk=\"{front}/npm/@clerk/clerk-js@5/dist/clerk.browser.js\"")),
            "{path}"
        );
        assert!(text.contains("data-clerk-key=\"pk_test_") && text.contains("src=\"/clerk.js\""), "{path}");
        assert!(!text.contains("sk_test_") && !text.contains("whsec_"), "{path}");
        assert!(policy.contains(&format!("connect-src 'self' {front};")), "{path}: {policy}");
        assert!(policy.contains("worker-src 'self' blob:"), "{path}: {policy}");
        let scripts = policy.split("; ").find(|part| part.starts_with("script-src")).unwrap();
        assert!(scripts.contains("'strict-dynamic'") && !scripts.contains("unsafe-inline"), "{path}: {scripts}");
        assert!(!scripts.contains("http"), "{path}: {scripts}");
        let reply = without.get(path).await;
        assert!(!reply.ok().text().contains("clerk"), "{path}");
        assert!(!reply.header("content-security-policy").contains("unsafe-inline"), "{path}");
    }
    for path in ["/", "/courses", "/purchases", "/admin", "/admin/people", "/no/such/page", "/healthz"] {
        let reply = clerk.app.get_as(&admin, path).await;
        let policy = reply.header("content-security-policy");
        assert!(!policy.contains(&front) && !policy.contains("unsafe-inline"), "{path}: {policy}");
        assert!(!policy.contains("worker-src") && !reply.text().contains("clerk.js"), "{path}");
    }
}
