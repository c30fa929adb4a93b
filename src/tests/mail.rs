//! Letters: written by what causes them, once, and sent to a real mail server.

use crate::fields;
use crate::support::fake_stripe::Act;
use crate::support::smtp::Smtp;
use crate::support::store::count;
use crate::support::{App, Person, Shop, course, person, product, section};
use lectern::domain::mail::{Letter, MailPage, MailState};
use lectern::domain::sale::{Happening, SalePage};
use lectern::server::{db, mail};
use sqlx::PgPool;
use sqlx::types::Json;

async fn letters(pool: &PgPool) -> Vec<(String, Letter)> {
    let rows: Vec<(String, Json<Letter>)> =
        sqlx::query_as("select email, letter from mails order by created_at, cause").fetch_all(pool).await.unwrap();
    rows.into_iter().map(|(email, letter)| (email, letter.0)).collect()
}

async fn page(app: &App, admin: &Person) -> MailPage {
    app.call(admin, "admin/list_mails", fields![]).await.json()
}

fn with_mail<'a>(url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["--smtp-url", url, "--mail-from", "Ada’s courses <ada@learn.example.org>"], more].concat()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_purchase_writes_one_receipt_however_often_it_is_told_of(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (sold, bundle) = shop.stock().await;
    let buyer = person("Bea").create(&shop.app).await;
    let (checkout, session) = shop.check_out(&buyer, bundle.id).await;
    // What is not paid has no receipt.
    shop.come_back(&buyer, checkout).await;
    assert_eq!(count(&shop.app.pool, "mails").await, 0);
    shop.act(Act::Pay { session });
    shop.deliver_all().await;
    shop.come_back(&buyer, checkout).await;
    shop.deliver_all().await;
    let written = letters(&shop.app.pool).await;
    let [(email, Letter::Receipt { product, paid, courses, .. })] = written.as_slice() else { panic!("{written:?}") };
    assert_eq!((email, product.contains(&bundle.token), paid.0), (&buyer.email, true, 4_900));
    assert!(matches!(courses.as_slice(), [title] if title.contains(&sold.token)), "{courses:?}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn each_refund_is_told_once_and_says_when_access_ended(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (_, bundle) = shop.stock().await;
    let (admin, buyer) = (person("Ada").admin().create(&shop.app).await, person("Bea").create(&shop.app).await);
    shop.buy(&buyer, bundle.id).await;
    let purchase: uuid::Uuid = sqlx::query_scalar("select id from purchases").fetch_one(&shop.app.pool).await.unwrap();
    let part = fields!["id" => purchase, "form[amount]" => "10"];
    shop.app.call(&admin, "admin/refund_purchase", part).await.ok();
    shop.app.call(&admin, "admin/refund_purchase", fields!["id" => purchase]).await.ok();
    shop.deliver_all().await;
    let told: Vec<(i32, bool)> = letters(&shop.app.pool)
        .await
        .into_iter()
        .filter_map(|(_, letter)| match letter {
            Letter::Refunded { amount, ended, .. } => Some((amount.0, ended)),
            _ => None,
        })
        .collect();
    assert_eq!(told, [(1_000, false), (3_900, true)]);
    // The purchase's page tells of them, unsent as they are.
    let sale: SalePage = shop.app.call(&admin, "admin/get_sale", fields!["id" => purchase]).await.json();
    let mails = sale.story.iter().filter(|told| matches!(told.what, Happening::Mail { sent: false, .. })).count();
    assert_eq!(mails, 3);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn who_is_given_a_course_is_told_and_who_is_not_there_yet_is_asked_to_sign_up(pool: PgPool) {
    let app = App::new(pool);
    let (admin, lee) = (person("Ada").admin().create(&app).await, person("Lee").create(&app).await);
    let given = course("Course").with(section("Only").with_lessons(1)).create(&app).await;
    app.call(&admin, "admin/grant_course", fields!["person" => lee.id, "form[course]" => given.id]).await.ok();
    let by_email = fields!["form[email]" => "new@example.org", "form[course]" => given.id];
    app.call(&admin, "admin/grant_by_email", by_email).await.ok();
    let written = letters(&app.pool).await;
    assert!(
        matches!(&written[0], (email, Letter::Given { courses }) if *email == lee.email && courses[0].title.contains(&given.token))
    );
    assert!(matches!(&written[1], (email, Letter::Waiting { .. }) if email == "new@example.org"));

    // Taken back before it was sent, it is not sent at all.
    let waiting: uuid::Uuid = sqlx::query_scalar("select id from waiting_grants").fetch_one(&app.pool).await.unwrap();
    app.call(&admin, "admin/revoke_waiting_grant", fields!["id" => waiting]).await.ok();
    assert_eq!(count(&app.pool, "mails").await, 1);
    let grant: uuid::Uuid = sqlx::query_scalar("select id from course_grants").fetch_one(&app.pool).await.unwrap();
    app.call(&admin, "admin/revoke_grant", fields!["id" => grant]).await.ok();
    assert_eq!(count(&app.pool, "mails").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn of_courses_told_together_the_one_that_was_taken_back_is_left_out(pool: PgPool) {
    let app = App::new(pool);
    let (admin, lee) = (person("Ada").admin().create(&app).await, person("Lee").create(&app).await);
    let (first, second) = (course("First").create(&app).await, course("Second").create(&app).await);
    for given in [&first, &second] {
        let by_email = fields!["form[email]" => lee.email, "form[course]" => given.id];
        app.call(&admin, "admin/grant_by_email", by_email).await.ok();
    }
    app.call(&admin, "admin/confirm_address", fields!["person" => lee.id]).await.ok();
    for (taken, left) in [(&second, 1), (&first, 0)] {
        let grant: uuid::Uuid = sqlx::query_scalar("select id from course_grants where course_id = $1")
            .bind(taken.id.0)
            .fetch_one(&app.pool)
            .await
            .unwrap();
        app.call(&admin, "admin/revoke_grant", fields!["id" => grant]).await.ok();
        let told: usize = letters(&app.pool)
            .await
            .into_iter()
            .map(|(_, letter)| if let Letter::Given { courses } = letter { courses.len() } else { 0 })
            .sum();
        assert_eq!(told, left);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_refund_that_comes_to_nothing_is_not_told_or_told_again(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (_, bundle) = shop.stock().await;
    let admin = person("Ada").admin().create(&shop.app).await;
    for sent in [false, true] {
        let buyer = person("Bea").create(&shop.app).await;
        shop.buy(&buyer, bundle.id).await;
        let purchase: uuid::Uuid = sqlx::query_scalar("select id from purchases where user_id = $1")
            .bind(buyer.id.0)
            .fetch_one(&shop.app.pool)
            .await
            .unwrap();
        shop.app.call(&admin, "admin/refund_purchase", fields!["id" => purchase]).await.ok();
        if sent {
            sqlx::query("update mails set sent_at = now(), send_at = null").execute(&shop.app.pool).await.unwrap();
        }
        let refund: String = sqlx::query_scalar("select provider_refund_id from refunds where purchase_id = $1")
            .bind(purchase)
            .fetch_one(&shop.app.pool)
            .await
            .unwrap();
        shop.act(Act::FailRefund { refund });
        shop.deliver_all().await;
        let told: Vec<String> = sqlx::query_scalar(
            "select letter ->> 'kind' from mails where user_id = $1 and letter ->> 'kind' <> 'receipt' order by created_at",
        )
        .bind(buyer.id.0)
        .fetch_all(&shop.app.pool)
        .await
        .unwrap();
        let expected: &[&str] = if sent { &["refunded", "refund_failed"] } else { &[] };
        assert_eq!(told, expected);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn buyers_are_told_once_of_all_courses_that_a_product_gives_them_later(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let (lee, gone) = (person("Lee").create(&app).await, person("Gone").create(&app).await);
    let sold = course("First").with(section("Only").with_lessons(1)).create(&app).await;
    let (second, third) = (course("Second").create(&app).await, course("Third").create(&app).await);
    let bundle = product("Bundle").of(&sold).create(&app).await;
    app.buy(&lee, bundle.id).await;
    app.buy(&gone, bundle.id).await;
    let user = gone.id;
    app.state.db.write(move |tx| Box::pin(async move { db::users::delete_softly(tx, user).await })).await.unwrap();
    let form = fields![
        "id" => bundle.id, "form[name]" => "Bundle", "form[price_dollars]" => 1, "form[status]" => "public",
        "courses[0]" => sold.id, "courses[1]" => second.id, "courses[2]" => third.id, "give" => true,
    ];
    app.call(&admin, "admin/update_product", form.clone()).await.ok();
    app.call(&admin, "admin/update_product", form).await.ok();
    let given: Vec<_> = letters(&app.pool)
        .await
        .into_iter()
        .filter_map(|(email, letter)| match letter {
            Letter::Given { courses } => Some((email, courses.len())),
            _ => None,
        })
        .collect();
    assert_eq!(given, [(lee.email, 2)]);
    // Of whoever is gone no address is left, and no letter on its way.
    let left: i64 =
        sqlx::query_scalar("select count(*) from mails where email = $1 or user_id = $2 and send_at is not null")
            .bind(&gone.email)
            .bind(gone.id.0)
            .fetch_one(&app.pool)
            .await
            .unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn without_a_mail_server_letters_are_kept_and_the_author_is_told(pool: PgPool) {
    let app = App::new(pool);
    let (admin, lee) = (person("Ada").admin().create(&app).await, person("Lee").create(&app).await);
    let sold = course("Course").with(section("Only").with_lessons(1)).create(&app).await;
    let bundle = product("Bundle").of(&sold).create(&app).await;
    app.buy(&lee, bundle.id).await;
    assert_eq!(mail::send_due(&app.state).await.unwrap(), 0);
    let found = page(&app, &admin).await;
    assert!(!found.sends && found.unsent == 1);
    assert!(matches!(found.mails[0].state, MailState::Waiting { error: None, .. }));
    assert!(found.mails[0].text.contains("Thank you for buying"));
    let shown = app.get_as(&admin, "/admin/mail").await;
    assert!(shown.ok().text().contains("No mail server is set up"), "{}", shown.text());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn letters_reach_a_real_mail_server_put_off_and_refused_as_it_says(pool: PgPool) {
    let Some(smtp) = Smtp::start() else { return };
    let url = smtp.url("ada:secret");
    let app = App::with(pool, &with_mail(&url, &["--public-url", "https://learn.example.org"]));
    let admin = person("Ada").admin().create(&app).await;
    let title = "Rust <b>&</b> “you” – für Ünal\r\nBcc: eve@example.org";
    for to in ["lee@example.org", "never@example.org", "later@example.org", "no one@", "bea@example.org"] {
        sqlx::query("insert into mails (cause, email, letter) values ($1, $1, $2)")
            .bind(to)
            .bind(Json(Letter::Waiting { course: title.into() }))
            .execute(&app.pool)
            .await
            .unwrap();
    }
    assert_eq!(mail::send_due(&app.state).await.unwrap(), 2);
    let states = async |email: &str| {
        page(&app, &admin).await.mails.into_iter().find(|mail| mail.email == email).expect("is listed").state
    };
    assert!(matches!(states("lee@example.org").await, MailState::Sent { .. }));
    let never = states("never@example.org").await;
    assert!(matches!(&never, MailState::GivenUp { error } if error.contains("nobody of this name")), "{never:?}");
    let later = states("later@example.org").await;
    assert!(matches!(&later, MailState::Waiting { error: Some(error), .. } if error.contains("later")), "{later:?}");
    assert!(matches!(states("no one@").await, MailState::GivenUp { .. }));

    // Not before its pause is over; then, once.
    assert_eq!(mail::send_due(&app.state).await.unwrap(), 0);
    sqlx::query("update mails set send_at = now() where send_at is not null").execute(&app.pool).await.unwrap();
    assert_eq!(mail::send_due(&app.state).await.unwrap(), 1);
    assert!(matches!(states("later@example.org").await, MailState::Sent { .. }));
    assert_eq!(mail::send_due(&app.state).await.unwrap(), 0);

    let taken = smtp.letters();
    assert_eq!(taken.len(), 3);
    let first = &taken[0];
    for said in [
        "X-To: lee@example.org",
        "multipart/alternative",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
        "@learn.example.org>",
        "ada@learn.example.org",
        "https://learn.example.org/sign-up",
    ] {
        assert!(first.contains(said), "{said}: {first}");
    }
    // A name adds neither a header nor markup.
    let first = first.replace("\r\n", "\n");
    let (headers, html) = (first.split("\n\n").next().unwrap(), first.split("text/html").nth(1).unwrap());
    assert!(!headers.contains("\nBcc:"), "{headers}");
    assert!(!html.contains("<b>") && html.contains("&lt;b"), "{html}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_letter_that_cannot_be_read_holds_up_no_other(pool: PgPool) {
    let Some(smtp) = Smtp::start() else { return };
    let url = smtp.url("ada:secret");
    let app = App::with(pool, &with_mail(&url, &[]));
    let admin = person("Ada").admin().create(&app).await;
    for (cause, letter) in
        [("later", r#"{"kind": "of_tomorrow"}"#), ("known", r#"{"kind": "waiting", "course": "Course"}"#)]
    {
        sqlx::query("insert into mails (cause, email, letter) values ($1, 'lee@example.org', $2::jsonb)")
            .bind(cause)
            .bind(letter)
            .execute(&app.pool)
            .await
            .unwrap();
    }
    assert_eq!(mail::send_due(&app.state).await.unwrap(), 1);
    let found = page(&app, &admin).await;
    assert!(matches!(&found.mails[0].state, MailState::GivenUp { error } if error.contains("cannot read")));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_mail_server_that_is_away_or_lets_nobody_in_costs_no_letter(pool: PgPool) {
    let Some(smtp) = Smtp::start() else { return };
    let wrong = smtp.url("ada:wrong");
    let app = App::with(pool.clone(), &with_mail(&wrong, &[]));
    let admin = person("Ada").admin().create(&app).await;
    let bundle = product("Gift").dollars(0).of(&course("Course").create(&app).await).create(&app).await;
    app.call(&admin, "start_checkout", fields!["product" => bundle.id]).await.ok();
    for _ in 0..3 {
        sqlx::query("update mails set send_at = now()").execute(&app.pool).await.unwrap();
        assert_eq!(mail::send_due(&app.state).await.unwrap(), 0);
    }
    let nowhere = App::with(pool.clone(), &with_mail("smtp://127.0.0.1:9", &[]));
    sqlx::query("update mails set send_at = now()").execute(&app.pool).await.unwrap();
    assert_eq!(mail::send_due(&nowhere.state).await.unwrap(), 0);
    let found = page(&app, &admin).await;
    assert!(matches!(found.mails[0].state, MailState::Waiting { error: Some(_), .. }), "{:?}", found.mails);

    // What waited for too long is given up, and sent all the same when the author says so.
    sqlx::query("update mails set send_at = now(), give_up_at = now()").execute(&app.pool).await.unwrap();
    let right = smtp.url("ada:secret");
    let app = App::with(pool, &with_mail(&right, &[]));
    assert_eq!(mail::send_due(&app.state).await.unwrap(), 0);
    let found = page(&app, &admin).await;
    assert!(matches!(found.mails[0].state, MailState::GivenUp { .. }));
    app.call(&admin, "admin/send_mail_again", fields!["id" => found.mails[0].id]).await.ok();
    assert_eq!(mail::send_due(&app.state).await.unwrap(), 1);
    assert_eq!(smtp.letters().len(), 1);
    app.call(&admin, "admin/send_mail_again", fields!["id" => found.mails[0].id]).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn several_servers_send_each_letter_once(pool: PgPool) {
    let Some(smtp) = Smtp::start() else { return };
    let url = smtp.url("ada:secret");
    let apps: Vec<App> = (0..4).map(|_| App::with(pool.clone(), &with_mail(&url, &[]))).collect();
    for n in 0..20 {
        sqlx::query("insert into mails (cause, email, letter) values ($1, $2, $3)")
            .bind(format!("cause {n}"))
            .bind(format!("lee{n}@example.org"))
            .bind(Json(Letter::Waiting { course: "Course".into() }))
            .execute(&pool)
            .await
            .unwrap();
    }
    let sent = futures::future::join_all(apps.iter().map(|app| mail::send_due(&app.state))).await;
    assert_eq!(sent.into_iter().map(Result::unwrap).sum::<usize>(), 20);
    assert_eq!(smtp.letters().len(), 20);
}
