//! People who sign in by a passkey.

use crate::fields;
use crate::support::app::request;
use crate::support::authenticator::{Authenticator, encoded};
use crate::support::store::{at_once, count};
use crate::support::{App, Person, Reply, World, person};
use axum::body::Body;
use axum::http::{Method, header};
use futures::future::join_all;
use lectern::domain::account::Account;
use lectern::domain::passkey::{Passkey, Passkeys};
use serde_json::{Value, json};
use sqlx::PgPool;

const ORIGIN: &str = "http://localhost:3000";
const MAIL: [&str; 2] = ["--smtp-url=smtp://127.0.0.1:9", "--mail-from=ada@example.org"];

fn site(pool: PgPool) -> App {
    App::with(pool, &["--public-url", ORIGIN])
}

/// A question that the site asked, and the browser that may answer it.
struct Asked {
    options: Value,
    browser: Person,
}

async fn post(app: &App, person: &Person, path: &str, body: impl Into<Body>) -> Reply {
    let mut request = request(Method::POST, person, &format!("/auth/passkeys/{path}"), body.into());
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    headers.insert(header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".parse().unwrap());
    let reply = app.send(request).await;
    assert_eq!(reply.header("cache-control"), "no-store", "{path}: {}", reply.status);
    reply
}

async fn ask(app: &App, person: &Person, way: &str) -> Asked {
    let reply = post(app, person, &format!("{way}/begin"), "{}").await;
    let options = reply.json();
    let pair = reply.set_cookie().and_then(|cookie| cookie.split(';').next()).expect("a cookie is set").to_owned();
    let cookies: Vec<String> = person.cookie.iter().cloned().chain([pair]).collect();
    Asked { options, browser: Person { cookie: Some(cookies.join("; ")), ..person.clone() } }
}

async fn answer(app: &App, asked: &Asked, way: &str, credential: &Value) -> Reply {
    post(app, &asked.browser, way, json!({ "credential": credential }).to_string()).await
}

/// Adds a passkey to somebody's account.
async fn add(app: &App, person: &Person) -> Authenticator {
    let mut device = Authenticator::at(ORIGIN);
    let asked = ask(app, person, "add").await;
    answer(app, &asked, "add", &device.make(&asked.options)).await.ok();
    device
}

async fn enter(app: &App, device: &mut Authenticator) -> Reply {
    let asked = ask(app, &Person::anonymous(), "enter").await;
    answer(app, &asked, "enter", &device.sign(&asked.options)).await
}

async fn passkeys(app: &App, person: &Person) -> Vec<Passkey> {
    app.call(person, "get_account", vec![]).await.json::<Account>().passkeys.expect("passkeys work here").made
}

async fn whose(app: &App, reply: &Reply) -> Value {
    let pair = reply.set_cookie().and_then(|cookie| cookie.split(';').next()).expect("a cookie is set");
    let person = Person { cookie: Some(pair.to_owned()), ..Person::anonymous() };
    app.call(&person, "current_viewer", vec![]).await.json::<Value>()["user"]["id"].clone()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_passkey_that_was_added_signs_in_its_person_without_an_e_mail(pool: PgPool) {
    let app = site(pool);
    let ada = person("Ada").create(&app).await;
    assert_eq!(passkeys(&app, &ada).await, []);
    let mut device = Authenticator::at(ORIGIN);
    let asked = ask(&app, &ada, "add").await;
    let options = &asked.options["publicKey"];
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["timeout"], 5 * 60 * 1_000);
    assert_eq!(options["user"]["id"], encoded(ada.id.0.as_bytes()));
    // Nobody types who they are, so the device must find it by itself; and it must know its person.
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    answer(&app, &asked, "add", &device.make(&asked.options)).await.ok();
    let made = passkeys(&app, &ada).await;
    assert_eq!((made.len(), made[0].name.as_str(), &made[0].used), (1, "Firefox on Linux", &None));

    let asked = ask(&app, &Person::anonymous(), "enter").await;
    let options = &asked.options["publicKey"];
    assert_eq!((&options["rpId"], &options["userVerification"]), (&json!("localhost"), &json!("required")));
    assert_eq!(options["timeout"], 5 * 60 * 1_000);
    assert_eq!(options["allowCredentials"], json!([]), "nothing is told of who is here");
    assert_eq!(asked.options.get("mediation"), None);
    let sent = json!({ "credential": device.sign(&asked.options), "next": "/purchases" }).to_string();
    let reply = post(&app, &asked.browser, "enter", sent).await;
    assert_eq!(reply.json::<Value>(), json!({ "to": "/purchases" }));
    assert_eq!(whose(&app, &reply).await, json!(ada.id));
    let cookies: Vec<_> = reply.headers.get_all(header::SET_COOKIE).iter().map(|set| set.to_str().unwrap()).collect();
    assert!(cookies[1].starts_with("lectern-known="), "the browser is known from now on: {cookies:?}");
    assert!(cookies[2].starts_with("lectern-passkey=;") && cookies[2].contains("Max-Age=0"), "{cookies:?}");
    assert!(passkeys(&app, &ada).await[0].used.is_some());
    // A way on that is none leads to where sign-in leads.
    let asked = ask(&app, &Person::anonymous(), "enter").await;
    let sent = json!({ "credential": device.sign(&asked.options), "next": "//evil.example" }).to_string();
    assert_eq!(post(&app, &asked.browser, "enter", sent).await.json::<Value>(), json!({ "to": "/courses" }));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_secret_of_a_question_is_out_of_scripts_and_other_sites_reach_and_kept_as_a_hash(pool: PgPool) {
    let secure = App::with(pool, &["--public-url", "https://learn.example.org"]);
    let reply = post(&secure, &Person::anonymous(), "enter/begin", "{}").await;
    assert_eq!(reply.json::<Value>()["publicKey"]["rpId"], "learn.example.org");
    let cookie = reply.set_cookie().unwrap();
    assert!(cookie.starts_with("__Host-lectern-passkey="), "{cookie}");
    for mark in ["; HttpOnly", "; Secure", "; SameSite=Strict", "; Max-Age=300", "; Path=/"] {
        assert!(cookie.contains(mark), "{mark}: {cookie}");
    }
    let secret = cookie.split(['=', ';']).nth(1).unwrap();
    assert_eq!(secret.len(), 64);
    let of =
        format!("passkey_ceremonies where id_hash = sha256('{secret}') and expires_at < now() + interval '5 minutes'");
    assert_eq!(count(&secure.pool, &of).await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_was_not_asked_here_now_and_of_this_browser_is_no_answer(pool: PgPool) {
    let app = site(pool);
    let [ada, bea] = [person("Ada").create(&app).await, person("Bea").create(&app).await];
    let mut device = add(&app, &ada).await;

    // Another question than the one that this browser was asked.
    let [first, second] =
        [ask(&app, &Person::anonymous(), "enter").await, ask(&app, &Person::anonymous(), "enter").await];
    answer(&app, &first, "enter", &device.sign(&second.options)).await.is(400);
    // A wrong answer spends the question all the same.
    answer(&app, &first, "enter", &device.sign(&first.options)).await.is(409);
    let right = device.sign(&second.options);
    answer(&app, &second, "enter", &right).await.ok();
    // The same answer once more, and with no question at all.
    answer(&app, &second, "enter", &right).await.is(409);
    post(&app, &Person::anonymous(), "enter", json!({ "credential": right }).to_string()).await.is(409);

    // A passkey that Ada was asked for is not added to Bea, with Ada's cookie either; and not to nobody.
    let asked = ask(&app, &ada, "add").await;
    let made = Authenticator::at(ORIGIN).make(&asked.options);
    let pair = asked.browser.cookie.clone().unwrap().split("; ").last().unwrap().to_owned();
    let stolen = Person { cookie: Some(format!("{}; {pair}", bea.cookie.clone().unwrap())), ..bea.clone() };
    answer(&app, &Asked { options: json!({}), browser: stolen }, "add", &made).await.is(409);
    let nobody = Asked { options: json!({}), browser: Person { cookie: Some(pair), ..Person::anonymous() } };
    answer(&app, &nobody, "add", &made).await.is(401);
    // Nor is a question of one purpose an answer to the other.
    answer(&app, &asked, "enter", &device.sign(&ask(&app, &bea, "enter").await.options)).await.is(409);
    answer(&app, &asked, "add", &made).await.ok();
    answer(&app, &asked, "add", &made).await.is(409);
    assert_eq!((passkeys(&app, &ada).await.len(), passkeys(&app, &bea).await.len()), (2, 0));

    // What was asked five minutes ago.
    let asked = ask(&app, &Person::anonymous(), "enter").await;
    sqlx::query("update passkey_ceremonies set expires_at = now() - interval '1 second'")
        .execute(&app.pool)
        .await
        .unwrap();
    answer(&app, &asked, "enter", &device.sign(&asked.options)).await.is(409);
    // The next question clears it away.
    ask(&app, &Person::anonymous(), "enter").await;
    assert_eq!(count(&app.pool, "passkey_ceremonies where expires_at < now()").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_question_is_good_for_one_of_sixteen_answers_at_once(pool: PgPool) {
    let app = site(pool);
    let ada = person("Ada").create(&app).await;
    let mut device = add(&app, &ada).await;
    let sessions = count(&app.pool, "sessions").await;
    let asked = ask(&app, &Person::anonymous(), "enter").await;
    let signed = device.sign(&asked.options);
    let answers = join_all((0..16).map(|_| answer(&app, &asked, "enter", &signed)));
    let replies = at_once(&app.pool, "passkey_ceremonies", answers).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![409; 15]].concat());
    assert_eq!(count(&app.pool, "sessions").await, sessions + 1);
    let asked = ask(&app, &ada, "add").await;
    let made = Authenticator::at(ORIGIN).make(&asked.options);
    let answers = join_all((0..16).map(|_| answer(&app, &asked, "add", &made)));
    let replies = at_once(&app.pool, "passkey_ceremonies", answers).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    assert_eq!(passkeys(&app, &ada).await.len(), 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_device_must_be_at_this_site_and_make_sure_of_its_person(pool: PgPool) {
    let app = site(pool);
    let ada = person("Ada").create(&app).await;
    let mut device = add(&app, &ada).await;
    for origin in
        ["https://localhost:3000", "http://localhost:3001", "http://evil.localhost:3000", "http://evil.example"]
    {
        let mut elsewhere = Authenticator { origin: origin.to_owned(), ..device.clone() };
        enter(&app, &mut elsewhere).await.is(400);
        let asked = ask(&app, &ada, "add").await;
        answer(&app, &asked, "add", &Authenticator::at(origin).make(&asked.options)).await.is(400);
    }
    // A key for another site's name.
    let mut asked = ask(&app, &Person::anonymous(), "enter").await;
    asked.options["publicKey"]["rpId"] = json!("evil.example");
    answer(&app, &asked, "enter", &device.sign(&asked.options)).await.is(400);
    // Whoever only finds the device is not its person.
    let mut careless = Authenticator { verifies: false, ..device.clone() };
    enter(&app, &mut careless).await.is(400);
    let asked = ask(&app, &ada, "add").await;
    let mut careless = Authenticator { verifies: false, ..Authenticator::at(ORIGIN) };
    answer(&app, &asked, "add", &careless.make(&asked.options)).await.is(400);
    // Another key under the same name, and the same key for somebody else.
    let forged = Authenticator::at(ORIGIN);
    let asked = ask(&app, &Person::anonymous(), "enter").await;
    let mut signed = device.sign(&asked.options);
    let others = Authenticator { user: device.user.clone(), ..forged }.sign(&asked.options);
    signed["response"]["signature"] = others["response"]["signature"].clone();
    answer(&app, &asked, "enter", &signed).await.is(400);
    let bea = person("Bea").create(&app).await;
    let mut confused = Authenticator { user: bea.id.0.as_bytes().to_vec(), ..device.clone() };
    enter(&app, &mut confused).await.is(400);
    assert_eq!(passkeys(&app, &ada).await.len(), 1);
    enter(&app, &mut device).await.ok();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_device_that_counts_back_may_be_a_copy_and_is_refused(pool: PgPool) {
    let app = site(pool);
    let ada = person("Ada").create(&app).await;
    let mut device = add(&app, &ada).await;
    device.counter = 7;
    enter(&app, &mut device).await.ok();
    for behind in [7, 6, 0] {
        device.counter = behind;
        let reply = enter(&app, &mut device).await;
        assert!(reply.is(409).text().contains("copy of this passkey"), "{behind}: {}", reply.text());
    }
    device.counter = 8;
    enter(&app, &mut device).await.ok();
    // Two of them at once that say the same: one is refused.
    device.counter = 9;
    let nobody = Person::anonymous();
    let asked = join_all((0..2).map(|_| ask(&app, &nobody, "enter"))).await;
    let signed: Vec<_> = asked.iter().map(|asked| device.sign(&asked.options)).collect();
    let answers = join_all(asked.iter().zip(&signed).map(|(asked, signed)| answer(&app, asked, "enter", signed)));
    let replies = at_once(&app.pool, "passkeys", answers).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    // One that does not count is not held to it.
    let mut synced = add(&app, &ada).await;
    enter(&app, &mut synced).await.ok();
    enter(&app, &mut synced).await.ok();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_passkey_lets_nobody_in_to_an_account_that_is_suspended_or_deleted(pool: PgPool) {
    let app = site(pool);
    let world = World::create(&app).await;
    let mut device = add(&app, &world.learner).await;
    let suspend = |suspended: bool| fields!["person" => world.learner.id, "suspended" => suspended];
    app.call(&world.admin, "admin/suspend_person", suspend(true)).await.ok();
    let reply = enter(&app, &mut device).await;
    assert!(reply.is(409).text().contains("suspended") && reply.set_cookie().is_none(), "{}", reply.text());
    app.call(&world.admin, "admin/suspend_person", suspend(false)).await.ok();
    let reply = enter(&app, &mut device).await;
    assert_eq!(whose(&app, reply.ok()).await, json!(world.learner.id));
    let learner = app.again(&world.learner).await;
    // One that is being made when the account goes is not added to it.
    let asked = ask(&app, &learner, "add").await;
    let late = Authenticator::at(ORIGIN).make(&asked.options);
    app.call(&learner, "delete_account", fields!["email" => world.learner.email]).await.ok();
    assert_eq!(count(&app.pool, "passkeys").await, 0);
    assert_eq!(count(&app.pool, "passkey_ceremonies").await, 0);
    enter(&app, &mut device).await.is(400);
    answer(&app, &asked, "add", &late).await.is(401);
    // Nor where it is only marked as deleted.
    let mut device = add(&app, &world.outsider).await;
    sqlx::query("update users set deleted_at = now() where id = $1")
        .bind(world.outsider.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    enter(&app, &mut device).await.is(400);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_passkey_is_removed_by_its_person_alone_and_signs_in_no_more(pool: PgPool) {
    let app = site(pool);
    let [ada, bea] = [person("Ada").create(&app).await, person("Bea").create(&app).await];
    let mut device = add(&app, &ada).await;
    add(&app, &ada).await;
    let id = passkeys(&app, &ada).await[0].id;
    app.call(&bea, "remove_passkey", fields!["id" => id]).await.is(404);
    app.call(&Person::anonymous(), "remove_passkey", fields!["id" => id]).await.is(401);
    enter(&app, &mut device).await.ok();
    // Without script, back to the list.
    assert_eq!(app.submit(&ada, "remove_passkey", fields!["id" => id]).await.is(302).location(), "/account");
    app.call(&ada, "remove_passkey", fields!["id" => id]).await.is(404);
    let reply = enter(&app, &mut device).await;
    assert!(reply.is(400).text().contains("no account here"), "{}", reply.text());
    assert_eq!(passkeys(&app, &ada).await.len(), 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_only_way_in_to_an_account_is_not_removed(pool: PgPool) {
    let app = site(pool.clone());
    let ada = person("Ada").create(&app).await;
    sqlx::query("update users set email_verified_at = now()").execute(&pool).await.unwrap();
    add(&app, &ada).await;
    add(&app, &ada).await;
    let ids: Vec<_> = passkeys(&app, &ada).await.into_iter().map(|passkey| passkey.id).collect();
    // Of two that are removed at once, one stays.
    let replies = join_all(ids.iter().map(|id| app.call(&ada, "remove_passkey", fields!["id" => id]))).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let last = || async { fields!["id" => passkeys(&app, &ada).await[0].id] };
    let refused = app.call(&ada, "remove_passkey", last().await).await;
    assert!(refused.is(409).text().contains("the only way in"), "{}", refused.text());
    // Where letters are sent, the address that is confirmed is another way; so is a password, and an identity elsewhere.
    let mailing = App::with(pool.clone(), &[&["--public-url", ORIGIN], MAIL.as_slice()].concat());
    mailing.call(&ada, "remove_passkey", last().await).await.ok();
    for other in [
        "insert into credentials (user_id, email, password_hash) select id, email, 'x' from users",
        "insert into identities (external_id, user_id, provider) select 'user_1', id, 'clerk' from users",
    ] {
        add(&app, &ada).await;
        app.call(&ada, "remove_passkey", last().await).await.is(409);
        sqlx::query(other).execute(&pool).await.unwrap();
        app.call(&ada, "remove_passkey", last().await).await.ok();
        for table in ["credentials", "identities"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("delete from {table}"))).execute(&pool).await.unwrap();
        }
    }
    // An identity that its provider deleted is none.
    add(&app, &ada).await;
    let gone = "insert into identities (external_id, user_id, provider, gone_at) select 'user_1', id, 'clerk', now() from users";
    sqlx::query(gone).execute(&pool).await.unwrap();
    app.call(&ada, "remove_passkey", last().await).await.is(409);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_account_has_twenty_passkeys_at_most_and_each_of_them_once(pool: PgPool) {
    let app = site(pool);
    let [ada, bea] = [person("Ada").create(&app).await, person("Bea").create(&app).await];
    let first = add(&app, &ada).await;
    // The browser is told which it has, and a device that has one all the same is refused, for somebody else as well.
    let asked = ask(&app, &ada, "add").await;
    let known = asked.options["publicKey"]["excludeCredentials"].as_array().unwrap();
    assert_eq!(known.len(), 1);
    answer(&app, &asked, "add", &first.clone().make(&asked.options)).await.is(400);
    let asked = ask(&app, &bea, "add").await;
    answer(&app, &asked, "add", &first.clone().make(&asked.options)).await.is(409);
    for _ in 2..20 {
        add(&app, &ada).await;
    }
    let asked = join_all((0..4).map(|_| ask(&app, &ada, "add"))).await;
    let made: Vec<_> = asked.iter().map(|asked| Authenticator::at(ORIGIN).make(&asked.options)).collect();
    let replies = join_all(asked.iter().zip(&made).map(|(asked, made)| answer(&app, asked, "add", made))).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409]);
    assert!(replies.iter().any(|reply| reply.text().contains("at most 20 passkeys")));
    assert_eq!(passkeys(&app, &ada).await.len(), 20);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_passkey_is_called_what_its_person_says(pool: PgPool) {
    let app = site(pool);
    let ada = person("Ada").create(&app).await;
    for (name, status, kept) in [
        (" My key ", 200, "My key"),
        ("<script>", 200, "<script>"),
        ("", 200, "Firefox on Linux"),
        ("a\0b", 400, ""),
        ("a\nb", 400, ""),
        (&"é".repeat(201), 400, ""),
    ] {
        let asked = ask(&app, &ada, "add").await;
        let made = Authenticator::at(ORIGIN).make(&asked.options);
        let sent = json!({ "name": name, "credential": made }).to_string();
        let reply = post(&app, &asked.browser, "add", sent).await;
        reply.is(status);
        if status == 200 {
            assert_eq!(passkeys(&app, &ada).await.last().unwrap().name, kept);
        }
    }
    let page = app.get_as(&ada, "/account").await.ok().text();
    assert!(page.contains("&lt;script&gt;") && page.contains("src=\"/passkeys.js\""));
    // They are taken along without what only a device and this site need.
    let file = app.get_as(&ada, "/account/export.json").await.ok().text();
    let file: Value = serde_json::from_str(&file).unwrap();
    let told = file["passkeys"][0].as_object().unwrap();
    assert_eq!(told.keys().collect::<Vec<_>>(), ["created_at", "last_used_at", "name"]);
    assert_eq!(told["name"], "My key");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn whatever_is_sent_instead_of_an_answer_is_refused_and_no_failure_of_ours(pool: PgPool) {
    let app = site(pool);
    let ada = person("Ada").create(&app).await;
    let mut device = add(&app, &ada).await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for way in ["add", "enter"] {
        for body in
            ["", "{", "null", "[]", "{}", "\"x\"", "{\"credential\":null}", "{\"credential\":{}}", "\u{0}", &deep]
        {
            let asked = ask(&app, &ada, way).await;
            post(&app, &asked.browser, way, body.to_owned()).await.is(400);
        }
        let asked = ask(&app, &ada, way).await;
        post(&app, &asked.browser, way, vec![0xff, 0xfe]).await.is(400);
    }
    // Each part of an answer, as something else. Who comes in where they are in already has another session then.
    let nobody = Person::anonymous();
    let parts = ["/id", "/rawId", "/type", "/response", "/response/clientDataJSON"];
    let made = ["/response/attestationObject", "/response/transports"];
    let signed = ["/response/authenticatorData", "/response/signature", "/response/userHandle"];
    let values = [
        json!(null),
        json!(1),
        json!(""),
        json!("AA"),
        json!("no base64!"),
        json!({}),
        json!([]),
        json!([[0]]),
        json!("\u{0}"),
        json!(encoded(&[0xff; 300])),
        json!(encoded(b"{}")),
        json!(encoded(&[0xa1; 5_000])),
    ];
    for (way, parts) in [("add", [parts.as_slice(), &made].concat()), ("enter", [parts.as_slice(), &signed].concat())] {
        for part in parts {
            for value in &values {
                let asked = ask(&app, if way == "add" { &ada } else { &nobody }, way).await;
                let mut answered = if way == "add" {
                    Authenticator::at(ORIGIN).make(&asked.options)
                } else {
                    device.sign(&asked.options)
                };
                *answered.pointer_mut(part).unwrap() = value.clone();
                let reply = answer(&app, &asked, way, &answered).await;
                assert!(matches!(reply.status, 200 | 400), "{way} {part} {value}: {} {}", reply.status, reply.text());
                let unread =
                    ["/id", "/type", "/response/transports"].contains(&part) || (way, part) == ("add", "/rawId");
                assert!(reply.status == 400 || unread, "{way} {part} {value} was taken");
                // There is room for twenty.
                let others = "delete from passkeys where credential_id <> $1";
                sqlx::query(others).bind(&device.id).execute(&app.pool).await.unwrap();
            }
        }
    }
    // An answer cut short at any byte of what the device says.
    for length in (0..200).step_by(7) {
        let asked = ask(&app, &ada, "add").await;
        let mut made = Authenticator::at(ORIGIN).make(&asked.options);
        let object = made["response"]["attestationObject"].as_str().unwrap();
        made["response"]["attestationObject"] = json!(object[..length]);
        answer(&app, &asked, "add", &made).await.is(400);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn questions_are_counted_by_where_they_come_from_and_other_sites_ask_none(pool: PgPool) {
    let app = App::with(pool, &["--public-url", ORIGIN, "--proxy", "127.0.0.1"]);
    let ask = async |from: &str| {
        let mut request = request(Method::POST, &Person::anonymous(), "/auth/passkeys/enter/begin", Body::from("{}"));
        request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
        request.headers_mut().insert("x-forwarded-for", from.parse().unwrap());
        let peer: std::net::SocketAddr = "127.0.0.1:4711".parse().unwrap();
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        app.send(request).await
    };
    for _ in 0..60 {
        ask("198.51.100.1").await.ok();
    }
    assert!(ask("198.51.100.1").await.is(429).text().contains("Too many attempts"));
    ask("198.51.100.2").await.ok();
    for path in ["add/begin", "add", "enter/begin", "enter"] {
        let mut request =
            request(Method::POST, &Person::anonymous(), &format!("/auth/passkeys/{path}"), Body::from("{}"));
        request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        app.send(request).await.is(403);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn on_an_address_of_numbers_there_are_no_passkeys_and_no_page_speaks_of_them(pool: PgPool) {
    for url in ["http://127.0.0.1:3000", "http://[::1]:3000", "https://203.0.113.9"] {
        let app = App::with(pool.clone(), &["--public-url", url]);
        let ada = person("Ada").create(&app).await;
        for path in ["add/begin", "enter/begin"] {
            post(&app, &ada, path, "{}").await.is(404);
        }
        assert_eq!(app.call(&ada, "get_account", vec![]).await.json::<Account>().passkeys, None::<Passkeys>);
        for (person, path) in [(&ada, "/account"), (&Person::anonymous(), "/sign-in")] {
            let page = app.get_as(person, path).await.ok().text();
            assert!(!page.to_lowercase().contains("passkey"), "{url}{path}");
        }
    }
    let app = site(pool);
    assert!(app.get("/sign-in").await.ok().text().contains("Sign in with a passkey"));
    assert!(!app.get("/").await.ok().text().contains("passkeys.js"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az15_whoever_comes_in_by_the_letter_alone_ends_the_passkeys_of_whoever_made_the_account(pool: PgPool) {
    use lectern::domain::account::Purpose;
    let app = site(pool);
    let mallory = person("Ada").create(&app).await;
    let mut device = add(&app, &mallory).await;
    let made = lectern::server::auth::passes::make(&app.state.db, mallory.id, mallory.email.clone(), Purpose::SignIn);
    let token = made.await.unwrap().unwrap();
    app.call(&Person::anonymous(), "sign_in_by_link", fields!["token" => token]).await.ok();
    assert_eq!(count(&app.pool, "passkeys").await, 0);
    enter(&app, &mut device).await.is(400);
}
