//! Money that goes back: refunds asked for here or made at Stripe, and disputes.

use crate::fields;
use crate::support::fake_stripe::Act;
use crate::support::store::count;
use crate::support::{Course, Person, Shop, person};
use futures::future::join_all;
use lectern::domain::id::PurchaseId;
use lectern::error::AppError;
use lectern::server::payments::reconciler::reconcile;
use sqlx::PgPool;

/// A shop where somebody bought a course for $49.
struct Sold {
    shop: Shop,
    admin: Person,
    buyer: Person,
    course: Course,
    payment_intent: String,
    purchase: PurchaseId,
}

impl Sold {
    async fn new(pool: PgPool) -> Self {
        let shop = Shop::new(pool).await;
        let (sold, bundle) = shop.stock().await;
        let (admin, buyer) = (person("Ada").admin().create(&shop.app).await, person("Bea").create(&shop.app).await);
        let payment_intent = shop.buy(&buyer, bundle.id).await;
        let purchase = sqlx::query_scalar("select id from purchases").fetch_one(&shop.app.pool).await.unwrap();
        Self { shop, admin, buyer, course: sold, payment_intent, purchase: PurchaseId(purchase) }
    }

    async fn refund(&self, form: &[(&str, &str)]) -> crate::support::Reply {
        let mut fields = fields!["id" => self.purchase];
        fields.extend(form.iter().map(|(name, value)| (format!("form[{name}]"), (*value).to_owned())));
        self.shop.app.call(&self.admin, "admin/refund_purchase", fields).await
    }

    async fn at_the_dashboard(&self, amount: Option<i64>) -> String {
        self.shop.act(Act::Refund { payment_intent: self.payment_intent.clone(), amount })
    }

    async fn has_access(&self) -> bool {
        !self.shop.app.access_of(self.buyer.id.0).await.is_empty()
    }

    /// Status, cents and whether the provider answered, of every refund, oldest first.
    async fn refunds(&self) -> Vec<(String, i32, bool)> {
        sqlx::query_as(
            "select status::text, amount_in_cents, provider_refund_id is not null from refunds order by created_at",
        )
        .fetch_all(&self.shop.app.pool)
        .await
        .unwrap()
    }

    async fn refunded(&self) -> bool {
        count(&self.shop.app.pool, "purchases where refunded_at is not null").await == 1
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az6_a_full_refund_of_a_card_payment_ends_access_on_the_next_request(pool: PgPool) {
    let sold = Sold::new(pool).await;
    let lesson = sold.course.lesson_path(&sold.course.sections[0].lessons[0]);
    let body = format!("body-{}", sold.course.sections[0].lessons[0].token);
    assert!(sold.shop.app.get_as(&sold.buyer, &lesson).await.text().contains(&body));
    sold.refund(&[("reason", "duplicate"), ("note", "Paid twice")]).await.ok();
    assert!(!sold.shop.app.get_as(&sold.buyer, &lesson).await.text().contains(&body));
    assert_eq!(sold.refunds().await, [("succeeded".into(), 4900, true)]);
    assert_eq!(sold.shop.event("charge.refunded")["data"]["object"]["amount_refunded"], 4900);
    assert_eq!(sold.shop.event("refund.created")["data"]["object"]["reason"], "duplicate");
    // What Stripe tells of it afterwards changes nothing.
    sold.shop.deliver_all().await;
    assert_eq!(sold.refunds().await.len(), 1);
    assert_eq!(count(&sold.shop.app.pool, "payment_flags").await, 0, "all of it is not too much");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py12_a_refund_that_is_told_before_its_purchase_is_applied_when_the_purchase_comes(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (_, bundle) = shop.stock().await;
    let buyer = person("Bea").create(&shop.app).await;
    let (_, session) = shop.check_out(&buyer, bundle.id).await;
    shop.act(Act::Pay { session: session.clone() });
    let payment_intent = shop.fake.payment_of(&session).unwrap();
    shop.act(Act::Refund { payment_intent, amount: None });
    shop.deliver(&shop.event("charge.refunded")).await.is(200);
    shop.deliver(&shop.event("refund.created")).await.is(200);
    shop.deliver(&shop.event("checkout.session.completed")).await.is(200);
    assert_eq!(count(&shop.app.pool, "purchases where refunded_at is not null").await, 1);
    assert_eq!(count(&shop.app.pool, "refunds").await, 1);
    assert!(shop.app.access_of(buyer.id.0).await.is_empty());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py12_a_refund_is_told_of_a_purchase_that_nobody_told_of_and_brings_it(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (_, bundle) = shop.stock().await;
    let buyer = person("Bea").create(&shop.app).await;
    let (_, session) = shop.check_out(&buyer, bundle.id).await;
    shop.act(Act::Pay { session: session.clone() });
    let payment_intent = shop.fake.payment_of(&session).unwrap();
    shop.act(Act::Refund { payment_intent, amount: Some(1000) });
    shop.deliver(&shop.event("refund.created")).await.is(200);
    assert_eq!(count(&shop.app.pool, "purchases").await, 1);
    assert_eq!(count(&shop.app.pool, "refunds where amount_in_cents = 1000").await, 1);
    assert_eq!(shop.app.access_of(buyer.id.0).await.len(), 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py13_a_part_keeps_access_a_second_part_is_no_replay_and_the_whole_takes_it(pool: PgPool) {
    let sold = Sold::new(pool).await;
    // One asked for here, one made at Stripe's dashboard, of the same amount.
    sold.refund(&[("amount", "12.50"), ("seen", "0")]).await.ok();
    assert!(sold.has_access().await && !sold.refunded().await);
    sold.at_the_dashboard(Some(1250)).await;
    sold.shop.deliver_all().await;
    assert_eq!(sold.refunds().await, [("succeeded".into(), 1250, true), ("succeeded".into(), 1250, true)]);
    assert!(sold.has_access().await && !sold.refunded().await);
    let too_much = sold.refund(&[("amount", "24.01")]).await;
    assert!(too_much.is(400).text().contains("At most $24 is left"));
    let receipt = sold.shop.app.get_as(&sold.buyer, format!("/purchases/{}", sold.purchase)).await.text();
    assert!(receipt.contains("−$25"), "the buyer sees what came back");
    sold.refund(&[("amount", "24"), ("seen", "2500")]).await.ok();
    assert!(!sold.has_access().await && sold.refunded().await);
    sold.refund(&[]).await.ok();
    assert_eq!(sold.refunds().await.len(), 3, "nothing is left to give back");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py14_a_refund_of_a_card_payment_keeps_what_something_else_gives(pool: PgPool) {
    let sold = Sold::new(pool).await;
    sold.shop.app.give(&sold.buyer, &sold.course).await;
    sold.refund(&[]).await.ok();
    assert!(sold.refunded().await && sold.has_access().await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py15_refund_pressed_eight_times_at_once_by_two_admins_is_one_refund_at_stripe(pool: PgPool) {
    let sold = Sold::new(pool).await;
    let other = person("Abe").admin().create(&sold.shop.app).await;
    let id = uuid::Uuid::new_v4();
    // The one presses one form four times, the other has a form of their own.
    let press = |n: usize| {
        let (admin, id) = if n.is_multiple_of(2) { (&sold.admin, id) } else { (&other, uuid::Uuid::from_u128(7)) };
        let form = fields![
            "id" => sold.purchase, "form[refund]" => id, "form[amount]" => "10", "form[seen]" => "0",
        ];
        sold.shop.app.call(admin, "admin/refund_purchase", form)
    };
    let replies = join_all((0..8).map(press)).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 4, "those of the form that came first");
    let told = replies.iter().filter(|reply| reply.status == 409);
    assert!(told.clone().all(|reply| reply.text().contains("Meanwhile $10 of this was given back")));
    assert_eq!(told.count(), 4);
    assert_eq!(sold.shop.fake.refunds(), 1);
    assert_eq!(sold.refunds().await, [("succeeded".into(), 1000, true)]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py16_a_refund_that_stripe_does_not_answer_waits_and_is_asked_for_under_the_same_key(pool: PgPool) {
    let sold = Sold::new(pool).await;
    let app = &sold.shop.app;
    // It is made all the same, three times unheard.
    sold.shop.fake.switch(|switches| switches.swallow = 3);
    sold.refund(&[]).await.ok();
    sold.shop.lose_all();
    assert_eq!(sold.refunds().await, [("requested".into(), 4900, false)]);
    assert_eq!(count(&app.pool, "refunds where error is not null").await, 1, "why it waits is noted");
    assert!(sold.has_access().await, "nothing is taken before the money is on its way");
    sold.refund(&[]).await.ok();
    assert_eq!(reconcile(&app.state).await.unwrap().refunds, 0, "not before its pause is over");
    sqlx::query("update refunds set ask_at = now()").execute(&app.pool).await.unwrap();
    assert_eq!(reconcile(&app.state).await.unwrap().refunds, 1);
    assert_eq!(sold.refunds().await, [("succeeded".into(), 4900, true)]);
    assert_eq!(sold.shop.fake.refunds(), 1);
    assert!(!sold.has_access().await && sold.refunded().await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py16_a_refund_unanswered_here_and_told_by_the_webhook_is_one(pool: PgPool) {
    let sold = Sold::new(pool).await;
    sold.shop.fake.switch(|switches| switches.swallow = 3);
    sold.refund(&[("amount", "5")]).await.ok();
    assert_eq!(sold.refunds().await, [("requested".into(), 500, false)]);
    sold.shop.deliver_all().await;
    assert_eq!(sold.refunds().await, [("succeeded".into(), 500, true)]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py16_a_refund_whose_answer_is_not_understood_has_not_failed(pool: PgPool) {
    let sold = Sold::new(pool).await;
    sold.shop.fake.switch(|switches| switches.garble = 3);
    sold.refund(&[("amount", "5")]).await.ok();
    sold.shop.lose_all();
    assert_eq!(sold.refunds().await, [("requested".into(), 500, false)]);
    sqlx::query("update refunds set ask_at = now()").execute(&sold.shop.app.pool).await.unwrap();
    reconcile(&sold.shop.app.state).await.unwrap();
    assert_eq!(sold.refunds().await, [("succeeded".into(), 500, true)]);
    assert_eq!(sold.shop.fake.refunds(), 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_refund_of_one_purchase_is_none_of_another(pool: PgPool) {
    let sold = Sold::new(pool).await;
    let (app, id) = (&sold.shop.app, uuid::Uuid::new_v4().to_string());
    let (_, other) = sold.shop.stock().await;
    sold.shop.buy(&sold.buyer, other.id).await;
    let another: uuid::Uuid = sqlx::query_scalar("select id from purchases where id <> $1")
        .bind(sold.purchase.0)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    for _ in 0..2 {
        sold.refund(&[("refund", &id), ("amount", "5")]).await.ok();
        assert_eq!(sold.refunds().await, [("succeeded".into(), 500, true)]);
    }
    let same = fields!["id" => another, "form[refund]" => id, "form[amount]" => "5"];
    app.call(&sold.admin, "admin/refund_purchase", same).await.is(404);
    assert_eq!(sold.refunds().await.len(), 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_refund_that_stripe_refuses_fails_and_can_be_asked_for_again(pool: PgPool) {
    let sold = Sold::new(pool).await;
    // Given back at the dashboard, and nobody has told of it.
    sold.at_the_dashboard(Some(4000)).await;
    sold.refund(&[("amount", "20")]).await.ok();
    assert_eq!(sold.refunds().await, [("failed".into(), 2000, false)]);
    assert!(sold.has_access().await);
    sold.shop.deliver_all().await;
    sold.refund(&[]).await.ok();
    let left = [("failed", 2000, false), ("succeeded", 4000, true), ("succeeded", 900, true)];
    assert_eq!(sold.refunds().await, left.map(|(status, cents, answered)| (status.to_owned(), cents, answered)));
    assert!(!sold.has_access().await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_refund_that_the_bank_sends_back_gives_access_again(pool: PgPool) {
    let sold = Sold::new(pool).await;
    let refund = sold.at_the_dashboard(None).await;
    sold.shop.deliver_all().await;
    assert!(!sold.has_access().await && sold.refunded().await);
    sold.shop.act(Act::FailRefund { refund });
    sold.shop.deliver(&sold.shop.event("refund.failed")).await.is(200);
    assert!(sold.has_access().await && !sold.refunded().await);
    assert_eq!(sold.refunds().await, [("failed".into(), 4900, true)]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn py17_a_dispute_takes_access_when_it_is_lost_in_whatever_order_it_is_told(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let (app, (_, bundle)) = (&shop.app, shop.stock().await);
    for (won, backwards) in [(true, false), (true, true), (false, false), (false, true)] {
        let buyer = person("Bea").create(app).await;
        let payment_intent = shop.buy(&buyer, bundle.id).await;
        let dispute = shop.act(Act::Dispute { payment_intent });
        let opened = shop.event("charge.dispute.created");
        if !backwards {
            shop.deliver(&opened).await.is(200);
            assert_eq!(app.access_of(buyer.id.0).await.len(), 1, "it is not decided yet");
        }
        shop.act(Act::CloseDispute { dispute, won });
        shop.deliver(&shop.event("charge.dispute.closed")).await.is(200);
        shop.deliver(&opened).await.is(200);
        assert_eq!(app.access_of(buyer.id.0).await.len(), usize::from(won), "won: {won}, backwards: {backwards}");
    }
    assert_eq!(count(&app.pool, "disputes where status = 'won'").await, 2);
    assert_eq!(count(&app.pool, "disputes where status = 'lost'").await, 2);
    let ada = person("Ada").admin().create(app).await;
    let figures: serde_json::Value = app.call(&ada, "admin/get_figures", fields![]).await.json();
    assert_eq!((&figures["net_sales"], &figures["refunds"]), (&9800.into(), &9800.into()), "what was lost is gone");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn more_given_back_than_was_paid_is_flagged(pool: PgPool) {
    let sold = Sold::new(pool).await;
    let dispute = sold.shop.act(Act::Dispute { payment_intent: sold.payment_intent.clone() });
    sold.at_the_dashboard(Some(4000)).await;
    sold.shop.deliver_all().await;
    assert_eq!(count(&sold.shop.app.pool, "payment_flags").await, 0, "a part is not too much");
    sold.shop.act(Act::CloseDispute { dispute, won: false });
    sold.shop.deliver_all().await;
    assert_eq!(count(&sold.shop.app.pool, "payment_flags where kind = 'returned_too_much'").await, 1);
    assert!(!sold.has_access().await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn only_an_admin_gives_money_back(pool: PgPool) {
    let sold = Sold::new(pool).await;
    let form = fields!["id" => sold.purchase];
    let refused = sold.shop.app.call(&sold.buyer, "admin/refund_purchase", form).await;
    assert_eq!(refused.is(403).error(), AppError::Forbidden);
    assert!(sold.refunds().await.is_empty() && sold.shop.fake.refunds() == 0);
}
