//! From a checkout to a purchase and back.

use crate::fields;
use crate::support::app::Fields;
use crate::support::store::{count, dump};
use crate::support::{App, Course, Person, Reply, World, course, person, product, section};
use futures::future::join_all;
use lectern::domain::id::{CheckoutId, PurchaseId};
use lectern::domain::product::{ProductEdit, ProductRow};
use lectern::error::AppError;
use lectern::server::db;
use lectern::server::payments::fulfil;
use serde_json::Value;
use sqlx::PgPool;
use std::collections::BTreeSet;

async fn a_course(app: &App) -> Course {
    course("Course").with(section("Only").with_lessons(2)).create(app).await
}

/// What the demo's provider does when somebody pays there.
async fn pay_at_the_provider(app: &App, checkout: CheckoutId) -> String {
    let session = format!("demo_{checkout}");
    let id = session.clone();
    let paid = app.state.db.write(move |tx| Box::pin(async move { db::demo_payments::pay(tx, &id).await })).await;
    paid.expect("it is paid");
    session
}

async fn purchase(app: &App, id: PurchaseId) -> (i32, Value, bool) {
    sqlx::query_as("select price_paid_in_cents, product_details, refunded_at is not null from purchases where id = $1")
        .bind(id.0)
        .fetch_one(&app.pool)
        .await
        .expect("the purchase is there")
}

fn product_form(name: &str, dollars: i32, courses: &[&Course]) -> Fields {
    let mut form = fields![
        "form[name]" => name, "form[description]" => "Other words", "form[image_url]" => "",
        "form[price_dollars]" => dollars, "form[status]" => "public",
    ];
    form.extend(courses.iter().enumerate().map(|(n, course)| (format!("courses[{n}]"), course.id.to_string())));
    form
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py1_a_session_fulfilled_64_times_at_once_is_one_purchase_and_one_grant_a_course(pool: PgPool) {
    let app = App::new(pool);
    let (one, two) = (a_course(&app).await, a_course(&app).await);
    let bundle = product("Bundle").of(&one).of(&two).create(&app).await;
    let buyer = person("Bea").create(&app).await;
    let session = pay_at_the_provider(&app, app.check_out(&buyer, bundle.id).await).await;
    let purchases = join_all((0..64).map(|_| fulfil(&app.state, &session))).await;
    let first = purchases[0].clone().expect("is fulfilled");
    assert!(purchases.iter().all(|purchase| *purchase == Ok(first)), "{purchases:?}");
    assert_eq!(count(&app.pool, "purchases").await, 1);
    assert_eq!(count(&app.pool, "course_grants").await, 2);
    assert_eq!(count(&app.pool, "checkouts where status = 'completed'").await, 1);
    assert_eq!(app.access_of(buyer.id.0).await.len(), 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py1_pay_pressed_64_times_at_once_leads_every_time_to_the_one_receipt(pool: PgPool) {
    let app = App::new(pool);
    let one = a_course(&app).await;
    let bundle = product("Bundle").of(&one).create(&app).await;
    let buyer = person("Bea").create(&app).await;
    let checkout = app.check_out(&buyer, bundle.id).await;
    let replies = join_all((0..64).map(|_| app.call(&buyer, "pay_demo_checkout", fields!["id" => checkout]))).await;
    assert_eq!(count(&app.pool, "purchases").await, 1);
    assert_eq!(count(&app.pool, "course_grants").await, 1);
    assert_eq!(app.access_of(buyer.id.0).await, [one.id.0]);
    let receipts: Vec<_> = replies.iter().map(|reply| (reply.status, reply.location())).collect();
    assert!(receipts.iter().all(|receipt| receipt.0 == 200 && *receipt == receipts[0]), "{receipts:?}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py1_a_free_product_got_many_times_at_once_is_owned(pool: PgPool) {
    let app = App::new(pool);
    let one = a_course(&app).await;
    let gift = product("Gift").dollars(0).of(&one).create(&app).await;
    let buyer = person("Bea").create(&app).await;
    let replies = join_all((0..16).map(|_| app.call(&buyer, "start_checkout", fields!["product" => gift.id]))).await;
    assert!(replies.iter().all(|reply| matches!(reply.status, 200 | 409)));
    assert_eq!(app.access_of(buyer.id.0).await, [one.id.0]);
    assert_eq!(count(&app.pool, "checkouts where status = 'completed'").await, count(&app.pool, "purchases").await);
    let (paid, _, _) = {
        let id = sqlx::query_scalar("select id from purchases limit 1").fetch_one(&app.pool).await.unwrap();
        purchase(&app, PurchaseId(id)).await
    };
    assert_eq!(paid, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py4_an_unpaid_an_invented_or_anothers_session_grants_nothing(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let before = dump(&app.pool).await;
    let unpaid = fulfil(&app.state, &format!("demo_{}", world.checkout)).await;
    assert!(matches!(unpaid, Err(AppError::Conflict(_))), "{unpaid:?}");
    let nobody = uuid::Uuid::new_v4();
    for session in [
        format!("demo_{nobody}"),
        format!("free_{nobody}"),
        format!("free_{}", world.checkout),
        format!("cs_test_{}", world.checkout),
        world.checkout.to_string(),
        "demo_".to_owned(),
        String::new(),
    ] {
        assert_eq!(fulfil(&app.state, &session).await, Err(AppError::NotFound), "{session}");
    }
    // Going to the receipt or back to the checkout's page pays for nothing.
    app.get_as(&world.learner, format!("/checkouts/{}", world.checkout)).await.is(200);
    app.get_as(&world.learner, format!("/purchases/{}", world.checkout)).await.is(404);
    assert_eq!(dump(&app.pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az12_anothers_checkout_and_purchase_are_not_there(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let before = dump(&app.pool).await;
    for person in [&world.outsider, &world.admin] {
        app.get_as(person, format!("/checkouts/{}", world.checkout)).await.is(404);
        app.get_as(person, format!("/purchases/{}", world.purchase)).await.is(404);
        app.call(person, "get_checkout", fields!["id" => world.checkout]).await.is(404);
        app.call(person, "pay_demo_checkout", fields!["id" => world.checkout]).await.is(404);
        app.call(person, "get_purchase", fields!["id" => world.purchase]).await.is(404);
        app.call(person, "cancel_checkout", fields!["id" => world.checkout]).await;
        assert_eq!(app.call(person, "list_purchases", fields![]).await.text(), "[]");
    }
    assert_eq!(dump(&app.pool).await, before);
    app.call(&world.learner, "pay_demo_checkout", fields!["id" => world.checkout]).await.ok();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_cancelled_checkout_cannot_be_paid_on_its_page(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let cancelled = app.call(&world.learner, "cancel_checkout", fields!["id" => world.checkout]).await;
    assert_eq!(cancelled.ok().location(), format!("/products/{}", world.other_product.id));
    app.call(&world.learner, "pay_demo_checkout", fields!["id" => world.checkout]).await.is(404);
    assert_eq!(count(&app.pool, "purchases").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_checkout_that_nobody_was_led_to_pay_yet_is_given_up_and_one_that_was_is_not_by_that(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let close = async |checkout: CheckoutId| {
        let closing = app.state.db.write(move |tx| Box::pin(db::checkouts::close_unopened(tx, checkout)));
        closing.await.unwrap()
    };
    assert!(!close(world.checkout).await, "it is at its gateway, which has to be told");
    assert_eq!(count(&app.pool, "checkouts where status = 'open'").await, 1);
    let unanswered = "update checkouts set gateway_session_id = null where id = $1";
    sqlx::query(unanswered).bind(world.checkout.0).execute(&app.pool).await.unwrap();
    let back = format!("/checkouts/{}/return", world.checkout);
    assert!(app.get_as(&world.learner, &back).await.ok().text().contains("Nothing was paid yet"));
    let cancelled = app.call(&world.learner, "cancel_checkout", fields!["id" => world.checkout]).await;
    assert_eq!(cancelled.ok().location(), format!("/products/{}", world.other_product.id));
    assert_eq!(count(&app.pool, "checkouts where status = 'open'").await, 0);
    let late = app.state.db.write(move |tx| Box::pin(db::checkouts::set_session(tx, world.checkout, "demo_late")));
    assert!(!late.await.unwrap(), "a session that opens now is to be closed again");
    app.call(&world.learner, "cancel_checkout", fields!["id" => world.checkout]).await.is(404);
    assert!(!app.get_as(&world.learner, &back).await.ok().text().contains("Nothing was paid yet"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py8_an_amount_that_differs_from_the_checkout_grants_nothing(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let session = pay_at_the_provider(&app, world.checkout).await;
    for amount in [0, 4899, 4901] {
        sqlx::query("update demo_payment_sessions set amount_in_cents = $2 where id = $1")
            .bind(&session)
            .bind(amount)
            .execute(&app.pool)
            .await
            .unwrap();
        assert!(matches!(fulfil(&app.state, &session).await, Err(AppError::Conflict(_))), "{amount}");
    }
    assert_eq!(count(&app.pool, "purchases").await, 1);
    assert_eq!(app.access_of(world.learner.id.0).await, [world.course.id.0]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py9_a_price_changed_after_the_checkout_opened_leaves_price_snapshot_and_courses_as_agreed(pool: PgPool) {
    let app = App::new(pool);
    let (one, two) = (a_course(&app).await, a_course(&app).await);
    let bundle = product("Bundle").of(&one).create(&app).await;
    let (admin, buyer) = (person("Ada").admin().create(&app).await, person("Bea").create(&app).await);
    let checkout = app.check_out(&buyer, bundle.id).await;
    let change = [fields!["id" => bundle.id], product_form("New name", 99, &[&two])].concat();
    app.call(&admin, "admin/update_product", change).await.ok();

    let page = app.get_as(&buyer, format!("/checkouts/{checkout}")).await.text();
    assert!(page.contains("$49") && !page.contains("$99"), "the page shows another price than was agreed");
    let paid = app.call(&buyer, "pay_demo_checkout", fields!["id" => checkout]).await;
    let id: PurchaseId = paid.ok().led_to("/purchases/").parse().unwrap();
    let (price, details, _) = purchase(&app, id).await;
    assert_eq!(price, 4900);
    let name = format!("Bundle product-{}", bundle.token);
    let description = format!("Buy it: pitch-{}", bundle.token);
    assert_eq!(details, serde_json::json!({"name": name, "description": description, "imageUrl": ""}));
    assert_eq!(app.access_of(buyer.id.0).await, [one.id.0]);
    let receipt = app.get_as(&buyer, format!("/purchases/{id}")).await.text();
    assert!(receipt.contains(&name) && receipt.contains("$49"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py10_a_product_with_a_checkout_or_a_purchase_is_not_deleted_and_the_purchase_lands(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    for product in [world.other_product.id, world.product.id] {
        let refused = app.call(&world.admin, "admin/delete_product", fields!["id" => product]).await;
        assert!(matches!(refused.is(409).error(), AppError::Conflict(_)));
    }
    app.call(&world.learner, "pay_demo_checkout", fields!["id" => world.checkout]).await.ok();
    assert_eq!(app.access_of(world.learner.id.0).await.len(), 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py19_one_cent_and_the_highest_price_are_charged_and_given_back_to_the_cent(pool: PgPool) {
    let app = App::new(pool);
    let (admin, one) = (person("Ada").admin().create(&app).await, a_course(&app).await);
    for cents in [1, 99_999_900] {
        let most = product("Most").dollars(999_999).of(&one).create(&app).await;
        let buyer = person("Bea").create(&app).await;
        let checkout = app.check_out(&buyer, most.id).await;
        // No product costs a cent, and a discount may leave one.
        sqlx::query("update checkouts set price_in_cents = $2 where id = $1")
            .bind(checkout.0)
            .bind(cents)
            .execute(&app.pool)
            .await
            .unwrap();
        sqlx::query("update demo_payment_sessions set amount_in_cents = $1")
            .bind(cents)
            .execute(&app.pool)
            .await
            .unwrap();
        let paid = app.call(&buyer, "pay_demo_checkout", fields!["id" => checkout]).await;
        let id: PurchaseId = paid.ok().led_to("/purchases/").parse().unwrap();
        assert_eq!(purchase(&app, id).await.0, cents);
        app.call(&admin, "admin/refund_purchase", fields!["id" => id]).await.ok();
        let back: i64 = sqlx::query_scalar("select sum(amount_in_cents) from returns where purchase_id = $1")
            .bind(id.0)
            .fetch_one(&app.pool)
            .await
            .unwrap();
        assert_eq!(back, i64::from(cents));
        assert!(purchase(&app, id).await.2);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc6_after_a_refund_that_races_reads_and_a_grant_nothing_of_it_is_left(pool: PgPool) {
    let app = App::new(pool);
    let (admin, one) = (person("Ada").admin().create(&app).await, a_course(&app).await);
    let bundle = product("Bundle").of(&one).create(&app).await;
    for round in 0..12 {
        let buyer = person("Bea").create(&app).await;
        let bought = app.buy(&buyer, bundle.id).await;
        let lesson = one.lesson_path(&one.sections[0].lessons[0]);
        let body = format!("body-{}", one.sections[0].lessons[0].token);
        let refund = app.call(&admin, "admin/refund_purchase", fields!["id" => bought]);
        let grant = async {
            if round % 2 == 0 {
                app.give(&buyer, &one).await;
            }
        };
        let reads = join_all((0..6).map(|_| app.get_as(&buyer, &lesson)));
        let (refunded, (), reads) = futures::join!(refund, grant, reads);
        refunded.ok();
        assert!(reads.iter().all(|page| page.status == 200 || page.status == 404));
        let given = round % 2 == 0;
        assert_eq!(app.access_of(buyer.id.0).await.len(), usize::from(given), "round {round}");
        assert_eq!(app.get_as(&buyer, &lesson).await.text().contains(&body), given, "round {round}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc8_a_product_emptied_while_checkouts_open_sells_what_it_had_or_nothing(pool: PgPool) {
    let app = App::new(pool);
    let (admin, one) = (person("Ada").admin().create(&app).await, a_course(&app).await);
    for _ in 0..8 {
        let bundle = product("Bundle").of(&one).create(&app).await;
        let mut buyers = Vec::new();
        for _ in 0..6 {
            buyers.push(person("Bea").create(&app).await);
        }
        let emptied = [fields!["id" => bundle.id], product_form("Bundle", 49, &[])].concat();
        let opened =
            join_all(buyers.iter().map(|buyer| app.call(buyer, "start_checkout", fields!["product" => bundle.id])));
        let (opened, emptied) = futures::join!(opened, app.call(&admin, "admin/update_product", emptied));
        emptied.ok();
        for (buyer, reply) in buyers.iter().zip(opened) {
            match reply.location().strip_prefix("/checkouts/") {
                Some(checkout) => {
                    app.call(buyer, "pay_demo_checkout", fields!["id" => checkout]).await.ok();
                    assert_eq!(app.access_of(buyer.id.0).await, [one.id.0], "what was agreed is given");
                }
                None => assert!(matches!(reply.is(409).error(), AppError::Conflict(_))),
            }
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py14_a_refund_keeps_access_bought_twice(pool: PgPool) {
    let app = App::new(pool);
    let (shared, alone) = (a_course(&app).await, a_course(&app).await);
    let (first, second) =
        (product("First").of(&shared).of(&alone).create(&app).await, product("Second").of(&shared).create(&app).await);
    let (admin, buyer) = (person("Ada").admin().create(&app).await, person("Bea").create(&app).await);
    let (one, two) = (app.buy(&buyer, first.id).await, app.buy(&buyer, second.id).await);
    let refund = |id: PurchaseId| app.call(&admin, "admin/refund_purchase", fields!["id" => id]);
    refund(one).await.ok();
    assert_eq!(app.access_of(buyer.id.0).await, [shared.id.0]);
    app.get_as(&buyer, shared.lesson_path(&shared.sections[0].lessons[0])).await.is(200);
    app.get_as(&buyer, alone.lesson_path(&alone.sections[0].lessons[0])).await.is(404);
    app.give(&buyer, &shared).await;
    refund(two).await.ok();
    assert_eq!(app.access_of(buyer.id.0).await, [shared.id.0], "what was given by hand stays");
    // A buyer does not lose sight of what was refunded.
    let purchases: Vec<Value> = app.call(&buyer, "list_purchases", fields![]).await.json();
    assert_eq!(purchases.iter().filter(|purchase| !purchase["refunded_at"].is_null()).count(), 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py15_refund_pressed_eight_times_at_once_by_two_admins_is_one_refund(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let admins: [Person; 2] = [world.admin.clone(), person("Ada").admin().create(&app).await];
    let press = |n: usize| app.call(&admins[n % 2], "admin/refund_purchase", fields!["id" => world.purchase]);
    let replies: Vec<Reply> = join_all((0..8).map(press)).await;
    assert!(replies.iter().all(|reply| reply.status == 200));
    let refunds: Vec<i32> =
        sqlx::query_scalar("select amount_in_cents from refunds").fetch_all(&app.pool).await.unwrap();
    assert_eq!(refunds, [4900]);
    assert!(purchase(&app, world.purchase).await.2);
    assert!(app.access_of(world.learner.id.0).await.is_empty());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_new_products_form_offers_every_course_and_a_stored_ones_says_which_are_in_it(pool: PgPool) {
    let app = App::new(pool);
    let (one, two) = (a_course(&app).await, a_course(&app).await);
    let bundle = product("Bundle").of(&one).create(&app).await;
    let admin = person("Ada").admin().create(&app).await;
    for (fields, chosen) in [(fields![], vec![]), (fields!["id" => bundle.id], vec![one.id])] {
        let edit: ProductEdit = app.call(&admin, "admin/get_product_edit", fields).await.json();
        let offered: BTreeSet<_> = edit.courses.iter().map(|course| course.id.0).collect();
        assert_eq!(offered, BTreeSet::from([one.id.0, two.id.0]));
        let within: Vec<_> = edit.courses.iter().filter(|course| course.chosen).map(|course| course.id).collect();
        assert_eq!(within, chosen);
    }
    let listed: Vec<ProductRow> = app.call(&admin, "admin/list_products", vec![]).await.json();
    assert_eq!(listed.iter().map(|row| row.id).collect::<Vec<_>>(), [bundle.id]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_course_put_into_a_product_is_given_to_past_buyers_only_when_the_form_says_so(pool: PgPool) {
    let app = App::new(pool);
    let (one, two, three) = (a_course(&app).await, a_course(&app).await, a_course(&app).await);
    let bundle = product("Bundle").of(&one).create(&app).await;
    let (admin, buyer) = (person("Ada").admin().create(&app).await, person("Bea").create(&app).await);
    app.buy(&buyer, bundle.id).await;
    let save = async |courses: &[&Course], give: bool| {
        let form = [fields!["id" => bundle.id, "give" => give], product_form("Bundle", 49, courses)].concat();
        app.call(&admin, "admin/update_product", form).await.ok();
        app.access_of(buyer.id.0).await.len()
    };
    assert_eq!(save(&[&one, &two], false).await, 1);
    assert_eq!(save(&[&one, &two, &three], true).await, 2, "only what is put in now is given");
    assert_eq!(save(&[], false).await, 2, "what is taken out is taken from nobody");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn outside_a_demo_nobody_pays_by_pressing_pay(pool: PgPool) {
    let demo = App::new(pool.clone());
    let world = World::create(&demo).await;
    let live = App::with(pool, &["--mode", "production", "--database-url", "postgres://localhost/unused"]);
    live.call(&world.learner, "pay_demo_checkout", fields!["id" => world.checkout]).await.is(404);
    for persona in ["author", "learner"] {
        live.call(&world.learner, "sign_in_demo", fields!["as" => persona]).await.is(404);
    }
}
