//! From a checkout at Stripe to a purchase.

use crate::fields;
use crate::support::fake_stripe::Act;
use crate::support::store::{count, dump_without};
use crate::support::{App, Shop, person};
use futures::future::{join, join_all};
use lectern::domain::id::CheckoutId;
use lectern::error::AppError;
use lectern::server::payments::reconciler::reconcile;
use lectern::server::payments::{Settled, fulfil, settle};
use sqlx::PgPool;
use std::time::Duration;

/// Makes everything due that waits for the reconciler.
async fn make_due(app: &App) {
    sqlx::query("update checkouts set ask_at = now()").execute(&app.pool).await.unwrap();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_course_bought_by_card_is_open_on_the_return_page_within_the_same_request(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (one, bundle)) = (&shop.app, shop.stock().await);
    let buyer = person("Bea").create(app).await;
    let (checkout, session) = shop.check_out(&buyer, bundle.id).await;
    let lesson = one.lesson_path(&one.sections[0].lessons[0]);
    let body = format!("body-{}", one.sections[0].lessons[0].token);
    assert!(!app.get_as(&buyer, &lesson).await.text().contains(&body), "nothing is open before it is paid");
    shop.act(Act::Pay { session });
    let back = shop.come_back(&buyer, checkout).await;
    assert_eq!(back.status, 302, "{}", back.text());
    let receipt = app.get_as(&buyer, back.location()).await;
    assert!(receipt.ok().text().contains("Card"), "the receipt says how it was paid");
    assert!(app.get_as(&buyer, &lesson).await.ok().text().contains(&body));
    let row: (String, Option<String>, Option<String>) =
        sqlx::query_as("select status::text, payment_intent_id, receipt_url from checkouts where id = $1")
            .bind(checkout.0)
            .fetch_one(&app.pool)
            .await
            .unwrap();
    assert_eq!(row.0, "completed");
    assert!(row.1.is_some_and(|intent| intent.starts_with("pi_")) && row.2.is_some());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py2_webhook_and_return_in_either_order_or_at_once_end_the_same(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (one, bundle)) = (&shop.app, shop.stock().await);
    for way in 0..3 {
        let buyer = person("Bea").create(app).await;
        let (checkout, session) = shop.check_out(&buyer, bundle.id).await;
        shop.act(Act::Pay { session });
        let event = shop.event("checkout.session.completed");
        let back = match way {
            0 => {
                shop.deliver(&event).await.is(200);
                shop.come_back(&buyer, checkout).await
            }
            1 => {
                let back = shop.come_back(&buyer, checkout).await;
                shop.deliver(&event).await.is(200);
                back
            }
            _ => {
                let (told, back) = join(shop.deliver(&event), shop.come_back(&buyer, checkout)).await;
                told.is(200);
                back
            }
        };
        assert_eq!(back.status, 302, "way {way}: {}", back.text());
        assert!(back.location().starts_with("/purchases/"));
        assert_eq!(app.access_of(buyer.id.0).await, [one.id.0], "way {way}");
    }
    assert_eq!(count(&app.pool, "purchases").await, 3);
    assert_eq!(count(&app.pool, "course_grants").await, 3);
    assert_eq!(count(&app.pool, "payment_flags").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py3_a_payment_that_nobody_tells_of_is_found_by_the_reconciler(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (one, bundle)) = (&shop.app, shop.stock().await);
    let (paid, open, gone) =
        (person("Bea").create(app).await, person("Ola").create(app).await, person("Gus").create(app).await);
    let (_, paid_session) = shop.check_out(&paid, bundle.id).await;
    let (still_open, _) = shop.check_out(&open, bundle.id).await;
    let (_, gone_session) = shop.check_out(&gone, bundle.id).await;
    shop.act(Act::Pay { session: paid_session });
    shop.act(Act::Expire { session: gone_session });
    shop.lose_all();
    assert_eq!(reconcile(&app.state).await.unwrap().checkouts, 0, "what was just opened is left alone for a while");
    make_due(app).await;
    // Two servers share the work, and none of it is done twice.
    let (one_round, other_round) = join(reconcile(&app.state), reconcile(&app.state)).await;
    let (one_round, other_round) = (one_round.unwrap(), other_round.unwrap());
    assert_eq!(one_round.checkouts + other_round.checkouts, 3);
    assert_eq!(one_round.failed + other_round.failed, 0);
    assert_eq!(app.access_of(paid.id.0).await, [one.id.0]);
    assert!(app.access_of(open.id.0).await.is_empty() && app.access_of(gone.id.0).await.is_empty());
    assert_eq!(count(&app.pool, "checkouts where status = 'completed'").await, 1);
    assert_eq!(count(&app.pool, "checkouts where status = 'expired'").await, 1);
    assert_eq!(reconcile(&app.state).await.unwrap().checkouts, 0, "and is asked about again after a pause");
    shop.come_back(&open, still_open).await.is(200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_session_that_expired_at_stripe_closes_its_checkout_when_that_is_told(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (_, bundle)) = (&shop.app, shop.stock().await);
    let buyer = person("Bea").create(app).await;
    let (_, session) = shop.check_out(&buyer, bundle.id).await;
    shop.act(Act::Expire { session });
    assert_eq!(count(&app.pool, "checkouts where status = 'open'").await, 1);
    shop.deliver(&shop.event("checkout.session.expired")).await.is(200);
    assert_eq!(count(&app.pool, "checkouts where status = 'expired'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py4_an_unpaid_an_invented_or_anothers_session_at_stripe_grants_nothing(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (_, bundle)) = (&shop.app, shop.stock().await);
    let (buyer, other) = (person("Bea").create(app).await, person("Ola").create(app).await);
    let (checkout, session) = shop.check_out(&buyer, bundle.id).await;
    let before = dump_without(&app.pool, &["sessions"]).await;
    assert!(matches!(fulfil(&app.state, &session).await, Err(AppError::Conflict(_))));
    let page = shop.come_back(&buyer, checkout).await;
    assert!(page.is(200).text().contains("Nothing was paid yet"));
    let invented = session.replace(&session[8..12], "ffff");
    for invented in [invented.as_str(), "cs_live_1", "cs_test_", "cs_test_../refunds", "cs_test_1?expand[]=x", "cs_"] {
        assert_eq!(fulfil(&app.state, invented).await, Err(AppError::NotFound), "{invented}");
    }
    shop.act(Act::Pay { session });
    shop.come_back(&other, checkout).await.is(404);
    shop.come_back(&crate::support::Person::anonymous(), checkout).await.is(303);
    shop.come_back(&buyer, CheckoutId(uuid::Uuid::new_v4())).await.is(404);
    assert_eq!(dump_without(&app.pool, &["sessions"]).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py7_a_payment_that_takes_days_grants_when_it_arrives_and_never_when_it_fails(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (one, bundle)) = (&shop.app, shop.stock().await);
    let (lucky, unlucky) = (person("Bea").create(app).await, person("Ola").create(app).await);
    let mut checkouts = Vec::new();
    for (buyer, fails) in [(&lucky, false), (&unlucky, true)] {
        let (checkout, session) = shop.check_out(buyer, bundle.id).await;
        shop.act(Act::PayLater { session: session.clone() });
        shop.deliver(&shop.event("checkout.session.completed")).await.is(200);
        let page = shop.come_back(buyer, checkout).await;
        assert!(page.is(200).text().contains("Your payment is on its way"));
        assert!(app.access_of(buyer.id.0).await.is_empty());
        shop.act(Act::Arrive { session, fails });
        checkouts.push(checkout);
    }
    shop.deliver(&shop.event("checkout.session.async_payment_failed")).await.is(200);
    shop.deliver(&shop.event("checkout.session.async_payment_succeeded")).await.is(200);
    assert_eq!(app.access_of(lucky.id.0).await, [one.id.0]);
    assert!(app.access_of(unlucky.id.0).await.is_empty());
    assert!(shop.come_back(&unlucky, checkouts[1]).await.is(200).text().contains("did not go through"));
    assert_eq!(count(&app.pool, "purchases").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py8_another_amount_or_currency_than_agreed_is_kept_and_flagged_and_grants_nothing(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (_, bundle)) = (&shop.app, shop.stock().await);
    for (amount, currency) in [(4800, "usd"), (5000, "usd"), (4900, "eur")] {
        let buyer = person("Bea").create(app).await;
        let (checkout, session) = shop.check_out(&buyer, bundle.id).await;
        shop.fake.tamper(&session, |session| {
            (session.amount, session.currency) = (amount, currency.to_owned());
        });
        shop.act(Act::Pay { session: session.clone() });
        shop.deliver(&shop.event("checkout.session.completed")).await.is(200);
        assert_eq!(settle(&app.state, &session).await, Ok(Settled::Differs), "{amount} {currency}");
        assert!(shop.come_back(&buyer, checkout).await.is(200).text().contains("Something does not fit"));
        assert!(app.access_of(buyer.id.0).await.is_empty(), "{amount} {currency}");
    }
    assert_eq!(count(&app.pool, "purchases").await, 0);
    assert_eq!(count(&app.pool, "payment_flags where kind = 'amount_differs'").await, 3);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py9_what_is_bought_at_stripe_is_what_was_agreed_when_the_session_opened(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (one, bundle), (two, _)) = (&shop.app, shop.stock().await, shop.stock().await);
    let buyer = person("Bea").create(app).await;
    let (checkout, session) = shop.check_out(&buyer, bundle.id).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "update products set name = 'Other', price_dollars = 99 where id = '{0}';
        update course_products set course_id = '{1}' where product_id = '{0}'",
        bundle.id, two.id
    )))
    .execute(&app.pool)
    .await
    .unwrap();
    shop.act(Act::Pay { session });
    shop.come_back(&buyer, checkout).await.is(302);
    let bought: (i32, String) = sqlx::query_as("select price_paid_in_cents, product_details ->> 'name' from purchases")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(bought, (4900, format!("Bundle product-{}", bundle.token)));
    assert_eq!(app.access_of(buyer.id.0).await, [one.id.0]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py10_a_product_that_is_being_paid_is_not_deleted_and_the_purchase_lands(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (one, bundle)) = (&shop.app, shop.stock().await);
    let (admin, buyer) = (person("Ada").admin().create(app).await, person("Bea").create(app).await);
    let (_, session) = shop.check_out(&buyer, bundle.id).await;
    shop.act(Act::Pay { session });
    app.call(&admin, "admin/delete_product", fields!["id" => bundle.id]).await.is(409);
    shop.deliver(&shop.event("checkout.session.completed")).await.is(200);
    assert_eq!(app.access_of(buyer.id.0).await, [one.id.0]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py11_a_payment_of_somebody_who_was_deleted_is_recorded_and_flagged_for_refund(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (_, bundle)) = (&shop.app, shop.stock().await);
    let buyer = person("Bea").create(app).await;
    let (_, session) = shop.check_out(&buyer, bundle.id).await;
    sqlx::query("update users set deleted_at = now() where id = $1").bind(buyer.id.0).execute(&app.pool).await.unwrap();
    shop.act(Act::Pay { session });
    shop.deliver(&shop.event("checkout.session.completed")).await.is(200);
    assert_eq!(count(&app.pool, "purchases").await, 1);
    assert_eq!(count(&app.pool, "payment_flags where kind = 'buyer_deleted'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py18_paid_twice_in_two_tabs_both_are_recorded_and_the_second_is_flagged(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (one, bundle)) = (&shop.app, shop.stock().await);
    let buyer = person("Bea").create(app).await;
    let (first, one_session) = shop.check_out(&buyer, bundle.id).await;
    let (second, other_session) = shop.check_out(&buyer, bundle.id).await;
    assert_ne!(one_session, other_session);
    shop.act(Act::Pay { session: one_session });
    shop.act(Act::Pay { session: other_session });
    let (one_back, other_back) = join(shop.come_back(&buyer, first), shop.come_back(&buyer, second)).await;
    assert!(one_back.status == 302 && other_back.status == 302);
    assert_eq!(count(&app.pool, "purchases").await, 2);
    assert_eq!(app.access_of(buyer.id.0).await, [one.id.0]);
    assert_eq!(count(&app.pool, "payment_flags where kind = 'bought_twice'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py21_while_stripe_is_away_buying_is_answered_503_and_nothing_is_stuck(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (_, bundle)) = (&shop.app, shop.stock().await);
    let buyer = person("Bea").create(app).await;
    shop.fake.switch(|switches| switches.fail = 3);
    let refused = app.call(&buyer, "start_checkout", fields!["product" => bundle.id]).await;
    assert_eq!(refused.is(503).error(), AppError::Unavailable);
    // The next press works, and what was left behind is closed in time.
    shop.buy(&buyer, bundle.id).await;
    assert_eq!(count(&app.pool, "checkouts where status = 'open'").await, 1);
    sqlx::query("update checkouts set created_at = now() - interval '2 hours'").execute(&app.pool).await.unwrap();
    reconcile(&app.state).await.unwrap();
    assert_eq!(count(&app.pool, "checkouts where status = 'open'").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py21_an_answer_that_got_lost_opens_no_second_session(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (one, bundle)) = (&shop.app, shop.stock().await);
    let buyer = person("Bea").create(app).await;
    shop.fake.switch(|switches| switches.swallow = 2);
    shop.buy(&buyer, bundle.id).await;
    assert_eq!(shop.fake.sessions(), 1);
    assert_eq!(app.access_of(buyer.id.0).await, [one.id.0]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py21_a_slow_stripe_holds_no_connection_to_the_database(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (_, bundle)) = (&shop.app, shop.stock().await);
    let mut buyers = Vec::new();
    for _ in 0..2 * lectern::server::db::MAX_CONNECTIONS {
        buyers.push(person("Bea").create(app).await);
    }
    shop.fake.switch(|switches| switches.slow = 3_000);
    let presses =
        join_all(buyers.iter().map(|buyer| app.call(buyer, "start_checkout", fields!["product" => bundle.id])));
    let others = async {
        while count(&app.pool, "checkouts").await < buyers.len() as i64 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        app.get(format!("/products/{}", bundle.id)).await.is(200);
    };
    tokio::pin!(presses);
    tokio::select! {
        _ = &mut presses => panic!("the page came after every checkout"),
        () = others => {}
    }
    assert!(presses.await.iter().all(|reply| reply.status == 200));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn who_comes_back_to_what_is_bought_asks_nobody(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (_, bundle)) = (&shop.app, shop.stock().await);
    let buyer = person("Bea").create(app).await;
    let (checkout, session) = shop.check_out(&buyer, bundle.id).await;
    shop.act(Act::Pay { session });
    shop.come_back(&buyer, checkout).await.is(302);
    shop.fake.switch(|switches| switches.fail = 100);
    shop.come_back(&buyer, checkout).await.is(302);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_checkout_that_is_given_up_cannot_be_paid_at_stripe_and_one_that_was_paid_is_bought(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (one, bundle)) = (&shop.app, shop.stock().await);
    let (early, late) = (person("Bea").create(app).await, person("Ola").create(app).await);
    let (checkout, session) = shop.check_out(&early, bundle.id).await;
    app.call(&early, "cancel_checkout", fields!["id" => checkout]).await.ok();
    assert!(shop.fake.act(Act::Pay { session }).is_err(), "it is closed there, too");
    assert!(shop.come_back(&early, checkout).await.is(200).text().contains("did not go through"));

    let (checkout, session) = shop.check_out(&late, bundle.id).await;
    shop.act(Act::Pay { session });
    app.call(&late, "cancel_checkout", fields!["id" => checkout]).await.ok();
    assert_eq!(app.access_of(late.id.0).await, [one.id.0]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_session_that_was_opened_and_not_noted_is_found_when_it_is_paid(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (one, bundle)) = (&shop.app, shop.stock().await);
    let buyer = person("Bea").create(app).await;
    let (_, session) = shop.check_out(&buyer, bundle.id).await;
    // As if the server had been killed between Stripe's answer and its own note of it.
    sqlx::query("update checkouts set gateway_session_id = null").execute(&app.pool).await.unwrap();
    shop.act(Act::Pay { session });
    shop.deliver(&shop.event("checkout.session.completed")).await.is(200);
    assert_eq!(app.access_of(buyer.id.0).await, [one.id.0]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn stripe_is_told_of_promotion_codes_and_tax_where_the_settings_say_so(pool: PgPool) {
    for (settings, on) in [(&[][..], false), (&["--stripe-promotion-codes", "--stripe-automatic-tax"][..], true)] {
        let shop = Shop::with(pool.clone(), settings).await;
        let (app, (_, bundle)) = (&shop.app, shop.stock().await);
        let buyer = person("Bea").create(app).await;
        let (_, session) = shop.check_out(&buyer, bundle.id).await;
        shop.fake.tamper(&session, |session| {
            assert_eq!((session.promotion_codes, session.automatic_tax), (on, on));
            assert_eq!(session.email.as_ref(), Some(&buyer.email));
        });
    }
}
