//! One's own account, and the letters that let one into it.

use crate::fields;
use crate::support::app::{Fields, form};
use crate::support::smtp::Smtp;
use crate::support::store::{at_once, count, dump_without};
use crate::support::{App, Person, Reply, World, person};
use axum::http::header;
use futures::future::join_all;
use lectern::domain::account::{Account, Purpose};
use lectern::domain::id::UserId;
use lectern::server::auth::{first_admin, passes};
use lectern::server::mail;
use sqlx::PgPool;

const PASSWORD: &str = "correct horse battery";
const OTHER: &str = "another one it is";
const MAIL: [&str; 2] = ["--smtp-url=smtp://127.0.0.1:9", "--mail-from=ada@example.org"];

/// Somebody who signed up by the form.
async fn sign_up(app: &App, email: &str) -> Person {
    let fields = fields!["form[name]" => "Ada", "form[email]" => email, "form[password]" => PASSWORD];
    let reply = app.call(&Person::anonymous(), "sign_up", fields).await;
    let cookies: Vec<&str> = cookies(reply.ok()).collect();
    let id = sqlx::query_scalar("select user_id from credentials where lower(email) = lower($1)")
        .bind(email)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    Person { id: UserId(id), email: email.to_owned(), cookie: Some(cookies.join("; ")) }
}

/// What a browser keeps of an answer.
fn cookies(reply: &Reply) -> impl Iterator<Item = &str> {
    let values = reply.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    values.map(|value| value.split(';').next().unwrap())
}

async fn sign_in(app: &App, person: &Person, email: &str, password: &str) -> Reply {
    app.call(person, "sign_in", fields!["form[email]" => email, "form[password]" => password]).await
}

async fn is_in(app: &App, person: &Person) -> bool {
    app.call(person, "get_account", vec![]).await.status == 200
}

async fn account(app: &App, person: &Person) -> Account {
    app.call(person, "get_account", vec![]).await.json()
}

/// What stands in a letter to somebody.
async fn secret(app: &App, person: &Person, purpose: Purpose) -> String {
    passes::make(&app.state.db, person.id, person.email.clone(), purpose).await.unwrap().expect("has this address")
}

fn another_password(current: &str) -> Fields {
    fields!["form[current]" => current, "form[password]" => OTHER]
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se1_another_password_ends_every_other_session_and_changes_the_secret_of_this_one(pool: PgPool) {
    let app = App::new(pool);
    let here = sign_up(&app, "ada@example.org").await;
    let there = app.again(&here).await;
    app.call(&here, "change_password", another_password("not the password")).await.is(400);
    assert!(is_in(&app, &there).await);
    let reply = app.call(&here, "change_password", another_password(PASSWORD)).await;
    let fresh = Person { cookie: cookies(reply.ok()).next().map(ToOwned::to_owned), ..here.clone() };
    assert!(is_in(&app, &fresh).await);
    assert!(!is_in(&app, &here).await, "the old secret still opens");
    assert!(!is_in(&app, &there).await, "the other browser is still in");
    sign_in(&app, &Person::anonymous(), "ada@example.org", PASSWORD).await.is(400);
    sign_in(&app, &Person::anonymous(), "ada@example.org", OTHER).await.ok();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_password_that_others_would_guess_first_is_refused_wherever_one_is_chosen(pool: PgPool) {
    let app = App::new(pool);
    let ada = sign_up(&app, "ada@example.org").await;
    let token = secret(&app, &ada, Purpose::Reset).await;
    let before = dump_without(&app.pool, &[]).await;
    let common = "password123";
    for (person, function, fields) in [
        (
            &Person::anonymous(),
            "sign_up",
            fields!["form[name]" => "Bea", "form[email]" => "bea@example.org", "form[password]" => common],
        ),
        (&ada, "change_password", fields!["form[current]" => PASSWORD, "form[password]" => common]),
        (&Person::anonymous(), "reset_password", fields!["token" => token, "password" => common]),
    ] {
        let reply = app.call(person, function, fields).await;
        assert!(reply.is(400).text().contains("the first that somebody would guess"), "{function}");
    }
    assert_eq!(dump_without(&app.pool, &[]).await, before);
    // The letter has not been used up by it.
    app.call(&Person::anonymous(), "reset_password", fields!["token" => token, "password" => OTHER]).await.ok();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_letter_opens_once_however_many_press_at_once(pool: PgPool) {
    let app = App::new(pool);
    let ada = sign_up(&app, "ada@example.org").await;
    for (function, purpose) in [("sign_in_by_link", Purpose::SignIn), ("reset_password", Purpose::Reset)] {
        let secret = secret(&app, &ada, purpose).await;
        let press = || async {
            let fields = fields!["token" => secret, "password" => OTHER];
            app.call(&Person::anonymous(), function, fields).await.status
        };
        let statuses = at_once(&app.pool, "letter_tokens", join_all((0..32).map(|_| press()))).await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{function}: {statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 200 | 409)), "{function}: {statuses:?}");
        assert_eq!(count(&app.pool, "letter_tokens").await, 0);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_letter_opens_for_its_purpose_alone_and_not_when_it_is_old(pool: PgPool) {
    let app = App::new(pool);
    let ada = sign_up(&app, "ada@example.org").await;
    let anonymous = Person::anonymous();
    let reset = secret(&app, &ada, Purpose::Reset).await;
    app.call(&anonymous, "sign_in_by_link", fields!["token" => reset]).await.is(409);
    app.call(&ada, "confirm_my_address", fields!["token" => reset]).await.is(409);
    // What is stored lets nobody in.
    let stored = dump_without(&app.pool, &[]).await;
    assert!(!stored.iter().any(|(_, rows)| rows.contains(&reset)));
    sqlx::query("update letter_tokens set expires_at = now() - interval '1 second'").execute(&app.pool).await.unwrap();
    let before = dump_without(&app.pool, &[]).await;
    for token in [reset.as_str(), "", "0", &"0".repeat(64)] {
        let fields = fields!["token" => token, "password" => OTHER];
        app.call(&anonymous, "reset_password", fields).await.is(409);
    }
    assert_eq!(dump_without(&app.pool, &[]).await, before);
    // One that went to another address than the account has by now is not even made.
    let moved = passes::make(&app.state.db, ada.id, "old@example.org".into(), Purpose::SignIn).await;
    assert_eq!(moved, Ok(None));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_address_is_confirmed_by_its_letter_and_its_account_together(pool: PgPool) {
    let app = App::new(pool);
    let (ada, mallory) = (sign_up(&app, "ada@example.org").await, sign_up(&app, "mallory@example.org").await);
    let token = secret(&app, &ada, Purpose::Confirm).await;
    app.call(&Person::anonymous(), "confirm_my_address", fields!["token" => token]).await.is(401);
    app.call(&mallory, "confirm_my_address", fields!["token" => token]).await.is(409);
    assert!(!account(&app, &ada).await.verified);
    app.call(&ada, "confirm_my_address", fields!["token" => token]).await.ok();
    assert!(account(&app, &ada).await.verified && !account(&app, &mallory).await.verified);
    // The page that its link leads to changes nothing by being looked at.
    secret(&app, &mallory, Purpose::Confirm).await;
    app.get_as(&mallory, "/account/confirm").await.ok();
    assert!(!account(&app, &mallory).await.verified);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn who_signed_up_with_somebody_elses_address_is_out_when_its_owner_comes_in_by_a_letter(pool: PgPool) {
    let app = App::new(pool);
    let stranger = sign_up(&app, "ada@example.org").await;
    let token = secret(&app, &stranger, Purpose::SignIn).await;
    let reply = app.call(&Person::anonymous(), "sign_in_by_link", fields!["token" => token]).await;
    let owner = Person { cookie: cookies(reply.ok()).next().map(ToOwned::to_owned), ..stranger.clone() };
    assert!(!is_in(&app, &stranger).await, "the stranger's session still opens");
    sign_in(&app, &Person::anonymous(), "ada@example.org", PASSWORD).await.is(400);
    let seen = account(&app, &owner).await;
    assert!(seen.verified && !seen.password);
    // By now the address is known: a password is theirs to set, and the next letter takes nothing away.
    app.call(&owner, "change_password", another_password("")).await.ok();
    let token = secret(&app, &owner, Purpose::SignIn).await;
    app.call(&Person::anonymous(), "sign_in_by_link", fields!["token" => token]).await.ok();
    sign_in(&app, &Person::anonymous(), "ada@example.org", OTHER).await.ok();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se6_asking_for_a_letter_is_answered_alike_whoever_has_an_account(pool: PgPool) {
    let app = App::with(pool, &MAIL);
    let ada = sign_up(&app, "ada@example.org").await;
    let before = count(&app.pool, "mails").await;
    let ask = async |email: &str, purpose: &str| {
        let fields = fields!["email" => email, "purpose" => purpose];
        app.call(&Person::anonymous(), "ask_for_letter", fields).await.ok().normal(&[])
    };
    let known = ask("ADA@example.org", "reset").await;
    assert_eq!(known, ask("nobody@example.org", "reset").await);
    let wait = async |many: i64| {
        for _ in 0..200 {
            if count(&app.pool, "mails").await == many {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("{} letters, not {many}", count(&app.pool, "mails").await);
    };
    wait(before + 1).await;
    // However often it is asked for, and never to a deleted account.
    for _ in 0..5 {
        ask("ada@example.org", "reset").await;
    }
    ask("ada@example.org", "sign_in").await;
    wait(before + 2).await;
    app.call(&ada, "delete_account", fields!["password" => PASSWORD]).await.ok();
    ask("ada@example.org", "sign_in").await;
    let pending = "mails where send_at is not null";
    assert_eq!(count(&app.pool, pending).await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn without_a_mail_server_nobody_is_promised_a_letter(pool: PgPool) {
    let app = App::new(pool);
    let ada = sign_up(&app, "ada@example.org").await;
    assert_eq!(count(&app.pool, "mails").await, 0);
    assert!(!app.get("/sign-in").await.text().contains("/sign-in/letter"));
    assert!(app.get("/sign-in/letter").await.text().contains("cannot send letters"));
    app.call(&Person::anonymous(), "ask_for_letter", fields!["email" => "ada@example.org"]).await.is(409);
    app.call(&ada, "send_confirmation", vec![]).await.is(409);
    assert!(app.get_as(&ada, "/account").await.text().contains("cannot send letters"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_letter_that_a_mail_server_took_holds_the_way_in_and_the_author_sees_none(pool: PgPool) {
    let Some(smtp) = Smtp::start() else { return };
    let url = smtp.url("ada:secret");
    let app = App::with(pool, &["--smtp-url", &url, "--mail-from", "ada@example.org"]);
    let admin = person("Avery").admin().create(&app).await;
    let ada = sign_up(&app, "ada@example.org").await;
    assert_eq!(mail::send_due(&app.state).await, Ok(1));
    let sent = smtp.letters().pop().unwrap().replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
    let token = sent.split("/account/confirm#").nth(1).expect("holds a link").get(..64).unwrap();
    app.call(&ada, "confirm_my_address", fields!["token" => token]).await.ok();
    let page = app.get_as(&admin, "/admin/mail").await.text();
    assert!(page.contains("Is this your address?") && !page.contains(token) && !page.contains("/account/confirm#"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se6_who_guesses_elsewhere_does_not_lock_out_the_browser_that_the_account_knows(pool: PgPool) {
    let app = App::new(pool);
    let owner = sign_up(&app, "ada@example.org").await;
    let stranger = Person::anonymous();
    let mut statuses = Vec::new();
    for _ in 0..14 {
        statuses.push(sign_in(&app, &stranger, "ada@example.org", "a guess").await.status);
    }
    assert!(statuses.starts_with(&[400; 10]) && statuses.ends_with(&[429; 3]), "{statuses:?}");
    // Not with the right password either; one that nobody has is answered the same.
    sign_in(&app, &stranger, "ada@example.org", PASSWORD).await.is(429);
    let known: Vec<&str> = owner.cookie.as_ref().unwrap().split("; ").filter(|pair| pair.contains("known")).collect();
    let at_home = Person { cookie: Some(known.join("; ")), ..owner.clone() };
    sign_in(&app, &at_home, "ada@example.org", PASSWORD).await.ok();
    // A browser that is known to another account is a stranger here.
    let mallory = sign_up(&app, "mallory@example.org").await;
    sign_in(&app, &mallory, "ada@example.org", PASSWORD).await.is(429);
    // And so is every browser once the site has another secret to know them by.
    sqlx::query("delete from site_secrets where name = 'device'").execute(&app.pool).await.unwrap();
    sign_in(&app, &at_home, "ada@example.org", PASSWORD).await.is(429);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn sessions_are_listed_by_device_and_ended_one_by_one_or_all_others(pool: PgPool) {
    let app = App::new(pool);
    let (ada, mallory) = (sign_up(&app, "ada@example.org").await, sign_up(&app, "mallory@example.org").await);
    let mut request = form(
        &Person::anonymous(),
        "sign_in",
        &fields!["form[email]" => "ada@example.org", "form[password]" => PASSWORD],
        "application/json",
    );
    let agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";
    request.headers_mut().insert(header::USER_AGENT, agent.parse().unwrap());
    let reply = app.send(request).await;
    let phone = Person { cookie: cookies(reply.ok()).next().map(ToOwned::to_owned), ..ada.clone() };
    let seen = account(&app, &ada).await.sessions;
    assert_eq!(seen.len(), 2);
    assert!(seen[0].here && !seen[1].here);
    assert_eq!(seen[1].device, "Safari on iPhone");
    let id = seen[1].id;
    app.call(&mallory, "end_session", fields!["id" => id]).await.is(404);
    assert!(is_in(&app, &phone).await);
    app.call(&ada, "end_session", fields!["id" => id]).await.ok();
    assert!(!is_in(&app, &phone).await && is_in(&app, &ada).await);
    let (one, two) = (app.again(&ada).await, app.again(&ada).await);
    app.call(&ada, "end_other_sessions", vec![]).await.ok();
    assert!(!is_in(&app, &one).await && !is_in(&app, &two).await);
    assert!(is_in(&app, &ada).await && is_in(&app, &mallory).await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_person_is_called_what_they_wish_from_the_next_page_on(pool: PgPool) {
    let app = App::new(pool);
    let (ada, mallory) = (sign_up(&app, "ada@example.org").await, sign_up(&app, "mallory@example.org").await);
    app.call(&ada, "update_profile", fields!["form[name]" => " Ada King "]).await.ok();
    assert_eq!(account(&app, &ada).await.name, "Ada King");
    assert_eq!(account(&app, &mallory).await.name, "Ada");
    app.call(&ada, "update_profile", fields!["form[name]" => " "]).await.is(400);
    assert_eq!(account(&app, &ada).await.name, "Ada King");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn who_deletes_their_account_is_forgotten_and_what_they_bought_stays(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let note = fields!["course" => world.course.id, "lesson" => world.paid().id, "note" => "Only for me"];
    app.call(&world.learner, "save_note", note).await.ok();
    let data = app.get_as(&world.learner, "/account/export.json").await;
    let data: serde_json::Value = data.ok().json();
    assert_eq!(data["account"]["email"], world.learner.email.as_str());
    assert_eq!(data["notes"][0]["text"], "Only for me");
    assert_eq!(data["purchases"][0]["id"], world.purchase.to_string());
    assert!(app.get_as(&world.learner, "/account/notes.md").await.ok().text().contains("Only for me"));
    assert!(!app.get_as(&world.outsider, "/account/export.json").await.ok().text().contains("Only for me"));

    app.call(&world.learner, "delete_account", fields!["email" => "not@mine.example"]).await.is(400);
    app.call(&world.learner, "delete_account", fields!["email" => world.learner.email]).await.ok();
    assert!(!is_in(&app, &world.learner).await);
    assert_eq!(count(&app.pool, "purchases").await, 1);
    assert_eq!(count(&app.pool, "lesson_notes").await, 0);
    let stored = dump_without(&app.pool, &[]).await;
    let of = stored.iter().filter(|(_, rows)| rows.contains(&world.learner.email)).map(|(table, _)| table);
    assert_eq!(of.collect::<Vec<_>>(), Vec::<&String>::new(), "the address is still there");
    // The admin is the only one.
    app.call(&world.admin, "delete_account", fields!["email" => world.admin.email]).await.is(409);
    let second = person("Ann").admin().create(&app).await;
    let both = [&world.admin, &second].map(|admin| app.call(admin, "delete_account", fields!["email" => admin.email]));
    let replies = at_once(&app.pool, "users", join_all(both)).await;
    let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(count(&app.pool, "users where role = 'admin' and deleted_at is null").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az15_two_first_sign_ups_at_once_make_one_admin_at_most_and_only_with_the_secret(pool: PgPool) {
    let app = App::new(pool);
    let people = join_all((0..8).map(|n| {
        let app = &app;
        async move { sign_up(app, &format!("person-{n}@example.org")).await }
    }))
    .await;
    let admins = "users where role = 'admin'";
    assert_eq!(count(&app.pool, admins).await, 0);
    let printed = first_admin::offer(&app.state.db).await.unwrap().expect("the first start prints one");
    assert_eq!(first_admin::offer(&app.state.db).await, Ok(None), "a second start prints another");
    assert!(!dump_without(&app.pool, &[]).await.iter().any(|(_, rows)| rows.contains(&printed)));
    for typed in ["", "0", &"0".repeat(64)] {
        app.call(&people[0], "become_admin", fields!["secret" => typed]).await.is(400);
    }
    app.call(&Person::anonymous(), "become_admin", fields!["secret" => printed]).await.is(401);
    assert_eq!(count(&app.pool, admins).await, 0);
    let claims = people.iter().map(|person| app.call(person, "become_admin", fields!["secret" => printed]));
    let replies = at_once(&app.pool, "site_secrets", join_all(claims)).await;
    let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(count(&app.pool, admins).await, 1);
    // Where there is an admin, no start prints one.
    assert_eq!(first_admin::offer(&app.state.db).await, Ok(None));
}
