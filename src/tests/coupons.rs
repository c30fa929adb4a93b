//! Codes that take something off: what is shown is what is charged, and no more are used than there are.

use crate::fields;
use crate::support::coupons::{amount_coupon, coupon};
use crate::support::fake_stripe::Act;
use crate::support::store::count;
use crate::support::{App, Shop, course, person, product, section};
use futures::future::join_all;
use lectern::domain::coupon::{Coupon, CouponEdit, CouponForm, CouponRefusal, Redeemed};
use lectern::domain::id::{CouponId, ProductId};
use lectern::domain::product::ProductPage;
use lectern::domain::purchase::{PaymentMethod, Purchase};
use lectern::domain::sale::{Happening, SalePage};
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_price_shown_with_a_code_is_the_price_charged(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let app = &shop.app;
    let (_, bundle) = shop.stock().await;
    for (made, price) in [(coupon(20), 3_920), (coupon(33), 3_283), (amount_coupon(1_050), 3_850)] {
        let made = made.create(app).await;
        let buyer = person("Bea").create(app).await;
        // However it is typed.
        let typed = format!(" {} ", made.code.to_lowercase());
        let page: ProductPage =
            app.call(&buyer, "get_product", fields!["id" => bundle.id, "coupon" => typed]).await.json();
        let Some(Redeemed::Taken { code, price: shown, .. }) = &page.coupon else { panic!("{:?}", page.coupon) };
        assert_eq!((code, shown.0), (&made.code, price));
        let html = app.get_as(&buyer, format!("/products/{}/purchase?coupon={}", bundle.id, made.code)).await;
        let words = format!("${}.{:02}", price / 100, price % 100);
        assert!(html.ok().text().replace(".00", "").contains(words.trim_end_matches(".00")), "{words}");

        let order = fields!["product" => bundle.id, "coupon" => typed, "price" => price];
        let address = app.call(&buyer, "start_checkout", order).await.ok().location().to_owned();
        let session = address.rsplit_once("/pay/").unwrap().1.to_owned();
        shop.act(Act::Pay { session: session.clone() });
        shop.deliver_all().await;
        let bought: Vec<Purchase> = app.call(&buyer, "list_purchases", fields![]).await.json();
        assert_eq!((bought.len(), bought[0].paid.0), (1, price));
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_price_that_is_another_than_the_buyer_saw_is_not_charged(pool: PgPool) {
    let app = App::new(pool);
    let sold = course("Course").with(section("Only").with_lessons(1)).create(&app).await;
    let bundle = product("Bundle").of(&sold).create(&app).await;
    let (made, buyer) = (coupon(20).create(&app).await, person("Bea").create(&app).await);
    let order = |price: i32| fields!["product" => bundle.id, "coupon" => made.code, "price" => price];
    app.call(&buyer, "start_checkout", order(3_919)).await.is(409);
    sqlx::query("update coupons set percent = 10").execute(&app.pool).await.unwrap();
    let refused = app.call(&buyer, "start_checkout", order(3_920)).await;
    assert!(refused.is(409).text().contains("$44.10"), "{}", refused.text());
    app.call(&buyer, "start_checkout", order(4_410)).await.ok();
    // Without a code, too.
    let plain = fields!["product" => bundle.id, "price" => 1];
    app.call(&buyer, "start_checkout", plain).await.is(409);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_code_that_takes_nothing_off_says_why_and_buys_nothing(pool: PgPool) {
    let app = App::new(pool);
    let sold = course("Course").with(section("Only").with_lessons(1)).create(&app).await;
    let (bundle, other) = (product("Bundle").of(&sold).create(&app).await, product("Other").create(&app).await);
    let buyer = person("Bea").create(&app).await;
    let (off, elsewhere, late) = (coupon(20).off(), coupon(20).of(&other), coupon(20));
    let (off, elsewhere, late) = (off.create(&app).await, elsewhere.create(&app).await, late.create(&app).await);
    sqlx::query("update coupons set expires_at = now() where id = $1")
        .bind(late.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    for (code, expected) in [
        ("NOBODY-KNOWS", CouponRefusal::Unknown),
        (off.code.as_str(), CouponRefusal::Unknown),
        (elsewhere.code.as_str(), CouponRefusal::OtherProduct),
        (late.code.as_str(), CouponRefusal::Expired),
    ] {
        let page: ProductPage =
            app.call(&buyer, "get_product", fields!["id" => bundle.id, "coupon" => code]).await.json();
        assert!(matches!(&page.coupon, Some(Redeemed::Refused { why, .. }) if *why == expected), "{code}");
        let refused = app.call(&buyer, "start_checkout", fields!["product" => bundle.id, "coupon" => code]).await;
        assert!(refused.is(409).text().contains(expected.words()), "{code}: {}", refused.text());
    }
    assert_eq!(count(&app.pool, "checkouts").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_costs_nothing_after_a_coupon_asks_no_provider(pool: PgPool) {
    // Neither Stripe nor a demo: nobody could take money here.
    let app = App::with(pool, &["--mode", "production", "--database-url", "postgres://x/y"]);
    let sold = course("Course").with(section("Only").with_lessons(1)).create(&app).await;
    let bundle = product("Bundle").of(&sold).create(&app).await;
    let (made, buyer) = (coupon(100).create(&app).await, person("Bea").create(&app).await);
    app.call(&buyer, "start_checkout", fields!["product" => bundle.id]).await.is(409);
    let reply = app.call(&buyer, "start_checkout", fields!["product" => bundle.id, "coupon" => made.code]).await;
    let purchase = reply.ok().led_to("/purchases/").to_owned();
    assert_eq!(app.access_of(buyer.id.0).await, [sold.id.0]);
    let bought: Purchase = app.call(&buyer, "get_purchase", fields!["id" => purchase]).await.json();
    assert_eq!((bought.paid.0, bought.method), (0, PaymentMethod::Free));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn many_at_once_use_a_coupon_no_oftener_than_it_may_be(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let app = &shop.app;
    let (_, bundle) = shop.stock().await;
    let made = coupon(50).limit(5).create(app).await;
    let mut buyers = Vec::new();
    for _ in 0..32 {
        buyers.push(person("Bea").create(app).await);
    }
    let order = || fields!["product" => bundle.id, "coupon" => made.code];
    let replies = join_all(buyers.iter().map(|buyer| app.call(buyer, "start_checkout", order()))).await;
    let (taken, refused): (Vec<_>, Vec<_>) = buyers.iter().zip(&replies).partition(|(_, reply)| reply.status == 200);
    assert_eq!((taken.len(), refused.len()), (5, 27));
    assert!(refused.iter().all(|(_, reply)| reply.text().contains(CouponRefusal::UsedUp.words())));
    // Who begins again does not use it twice, even by several tabs at once.
    let again = taken[0].0;
    for _ in 0..3 {
        join_all((0..8).map(|_| app.call(again, "start_checkout", order()))).await;
    }
    app.call(again, "start_checkout", order()).await.ok();
    // What is given up can be used by somebody else.
    let waiting = refused[0].0;
    app.call(waiting, "start_checkout", order()).await.is(409);
    let open: uuid::Uuid = sqlx::query_scalar("select id from checkouts where status = 'open' and user_id = $1")
        .bind(taken[1].0.id.0)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    app.call(taken[1].0, "cancel_checkout", fields!["id" => open]).await.ok();
    app.call(waiting, "start_checkout", order()).await.ok();
    // Everybody pays all that can be paid, whatever became of it here.
    let payable = shop.fake.open_sessions();
    payable.iter().for_each(|session| _ = shop.act(Act::Pay { session: session.clone() }));
    shop.deliver_all().await;
    assert_eq!((payable.len(), count(&app.pool, "purchases").await), (5, 5));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_payment_that_is_on_its_way_keeps_its_coupon(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let app = &shop.app;
    let (sold, bundle) = shop.stock().await;
    let other = product("Other").of(&sold).create(app).await;
    let made = coupon(50).limit(1).create(app).await;
    let buyer = person("Bea").create(app).await;
    let order = |product: ProductId| fields!["product" => product, "coupon" => made.code];
    let address = app.call(&buyer, "start_checkout", order(bundle.id)).await.ok().location().to_owned();
    let session = address.rsplit_once("/pay/").unwrap().1.to_owned();
    shop.act(Act::PayLater { session: session.clone() });
    shop.deliver_all().await;
    let refused = app.call(&buyer, "start_checkout", order(other.id)).await;
    assert!(refused.is(409).text().contains("on its way"), "{}", refused.text());
    shop.act(Act::Arrive { session, fails: false });
    shop.deliver_all().await;
    let bought: Vec<Purchase> = app.call(&buyer, "list_purchases", fields![]).await.json();
    assert_eq!((bought.len(), bought[0].paid.0), (1, 2_450));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_was_agreed_with_a_coupon_stays_agreed(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let app = &shop.app;
    let (_, bundle) = shop.stock().await;
    let (admin, buyer) = (person("Ada").admin().create(app).await, person("Bea").create(app).await);
    let made = coupon(50).limit(1).create(app).await;
    let order = fields!["product" => bundle.id, "coupon" => made.code];
    let address = app.call(&buyer, "start_checkout", order).await.ok().location().to_owned();
    // Whatever its author does to it meanwhile; deleting it is refused.
    let changed =
        fields!["id" => made.id, "form[code]" => "OTHER", "form[discount]" => "1%", "form[last_day]" => "2020-01-01"];
    app.call(&admin, "admin/update_coupon", changed).await.ok();
    let refused = app.call(&admin, "admin/delete_coupon", fields!["id" => made.id]).await;
    assert!(refused.is(409).text().contains("Switch it off"), "{}", refused.text());
    let session = address.rsplit_once("/pay/").unwrap().1.to_owned();
    shop.act(Act::Pay { session });
    shop.deliver_all().await;
    let bought: Vec<Purchase> = app.call(&buyer, "list_purchases", fields![]).await.json();
    assert_eq!(bought[0].paid.0, 2_450);
    let sale: SalePage = app.call(&admin, "admin/get_sale", fields!["id" => bought[0].id]).await.json();
    let Happening::CheckedOut { price, coupon: Some(coupon) } = &sale.story[0].what else { panic!("{:?}", sale.story) };
    assert_eq!((price.0, coupon.list_price.0, coupon.code.as_str()), (2_450, 4_900, "OTHER"));
    let listed: Vec<lectern::domain::coupon::Coupon> = app.call(&admin, "admin/list_coupons", fields![]).await.json();
    assert_eq!((listed[0].used, listed[0].state()), (1, "Off"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_coupon_is_kept_as_its_form_says_it_and_its_form_shows_it_again(pool: PgPool) {
    let app = App::new(pool);
    let (admin, other) = (person("Ada").admin().create(&app).await, product("Other").create(&app).await);
    let form = |form: &CouponForm| {
        fields![
            "form[code]" => form.code, "form[discount]" => form.discount, "form[product]" => form.product,
            "form[limit]" => form.limit, "form[last_day]" => form.last_day, "form[active]" => form.active,
        ]
    };
    let edit =
        async |id: CouponId| app.call(&admin, "admin/get_coupon_edit", fields!["id" => id]).await.json::<CouponEdit>();
    let list = async || app.call(&admin, "admin/list_coupons", vec![]).await.json::<Vec<Coupon>>();
    let new: CouponEdit = app.call(&admin, "admin/get_coupon_edit", vec![]).await.json();
    assert_eq!(new.form, CouponForm { active: "on".into(), ..CouponForm::default() });
    assert_eq!(new.products.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [other.id]);

    let part = CouponForm { code: "PART".into(), discount: "20%".into(), active: "on".into(), ..CouponForm::default() };
    let amount = CouponForm {
        code: "AMOUNT".into(),
        discount: "5.50".into(),
        product: other.id.to_string(),
        limit: "3".into(),
        last_day: "2000-01-31".into(),
        active: "on".into(),
    };
    app.call(&admin, "admin/create_coupon", form(&part)).await.ok();
    assert!(app.call(&admin, "admin/create_coupon", form(&part)).await.status >= 400, "a code is one coupon's");
    let kept = list().await;
    assert_eq!((kept.len(), kept[0].code.as_str(), kept[0].state()), (1, "PART", "On"));
    assert_eq!((kept[0].discount.words().as_str(), kept[0].limit, &kept[0].product), ("20 %", None, &None));
    let id = kept[0].id;
    assert_eq!(edit(id).await.form, part);

    app.call(&admin, "admin/update_coupon", [fields!["id" => id], form(&amount)].concat()).await.ok();
    assert_eq!(edit(id).await.form, amount);
    let kept = list().await;
    assert_eq!((kept.len(), kept[0].id, kept[0].state(), kept[0].limit), (1, id, "Expired", Some(3)));
    assert_eq!((kept[0].discount.words().as_str(), kept[0].last_day.as_deref()), ("$5.50", Some("31 Jan 2000")));
    assert_eq!(kept[0].product.as_ref().map(|(id, _)| *id), Some(other.id));

    let off = CouponForm { active: String::new(), ..part.clone() };
    app.call(&admin, "admin/update_coupon", [fields!["id" => id], form(&off)].concat()).await.ok();
    assert_eq!((edit(id).await.form, list().await[0].state()), (off, "Off"));

    let gone = CouponId(uuid::Uuid::new_v4());
    app.call(&admin, "admin/update_coupon", [fields!["id" => gone], form(&part)].concat()).await.is(404);
    app.call(&admin, "admin/delete_coupon", fields!["id" => gone]).await.is(404);
    app.call(&admin, "admin/get_coupon_edit", fields!["id" => gone]).await.is(404);
    app.call(&admin, "admin/delete_coupon", fields!["id" => id]).await.ok();
    assert_eq!(list().await, []);
}
