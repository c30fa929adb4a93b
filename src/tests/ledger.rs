//! What an admin sees of payments, and does about those that got stuck.

use crate::fields;
use crate::support::fake_stripe::Act;
use crate::support::store::count;
use crate::support::{Person, Shop, person};
use lectern::domain::ledger::{EventState, Ledger, MatterKind};
use lectern::domain::payment::FlagKind;
use lectern::domain::sale::{Happening, SalePage};
use sqlx::PgPool;

struct Office {
    shop: Shop,
    admin: Person,
    buyer: Person,
    product: lectern::domain::id::ProductId,
}

impl Office {
    async fn new(pool: PgPool) -> Self {
        let shop = Shop::new(pool).await;
        let (_, bundle) = shop.stock().await;
        let (admin, buyer) = (person("Ada").admin().create(&shop.app).await, person("Bea").create(&shop.app).await);
        Self { shop, admin, buyer, product: bundle.id }
    }

    async fn ledger(&self) -> Ledger {
        self.shop.app.call(&self.admin, "admin/get_ledger", fields![]).await.json()
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_parked_event_is_seen_with_its_reason_and_replayed(pool: PgPool) {
    let office = Office::new(pool).await;
    let (shop, app) = (&office.shop, &office.shop.app);
    let (_, session) = shop.check_out(&office.buyer, office.product).await;
    shop.act(Act::Pay { session });
    let event = shop.event("checkout.session.completed");
    shop.fake.switch(|switches| switches.fail = 3);
    shop.deliver(&event).await.is(503);
    sqlx::query("update payment_events set retry_at = null").execute(&app.pool).await.unwrap();

    let ledger = office.ledger().await;
    assert_eq!((ledger.counts.received, ledger.counts.applied, ledger.counts.parked), (1, 0, 1));
    let EventState::Parked { error } = &ledger.events[0].state else { panic!("{:?}", ledger.events) };
    assert!(error.contains("500"), "{error}");
    let page = app.get_as(&office.admin, "/admin/sales/ledger").await;
    assert!(page.ok().text().contains("Parked") && page.text().contains("Replay"));

    let id = event["id"].as_str().unwrap();
    shop.fake.switch(|switches| switches.fail = 3);
    let again = app.call(&office.admin, "admin/replay_event", fields!["id" => id]).await;
    assert!(again.is(409).text().contains("could not be applied this time, either"));
    app.call(&office.admin, "admin/replay_event", fields!["id" => id]).await.ok();
    assert_eq!(app.access_of(office.buyer.id.0).await.len(), 1);
    let ledger = office.ledger().await;
    assert_eq!((ledger.counts.applied, ledger.counts.parked), (1, 0));
    assert_eq!(ledger.events[0].state, EventState::Applied);
    assert!(ledger.events[0].purchase.is_some());
    app.call(&office.admin, "admin/replay_event", fields!["id" => id]).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_does_not_fit_is_told_in_words_until_somebody_has_looked_at_it(pool: PgPool) {
    let office = Office::new(pool).await;
    let (shop, app) = (&office.shop, &office.shop.app);
    let (_, session) = shop.check_out(&office.buyer, office.product).await;
    shop.fake.tamper(&session, |session| session.amount = 100);
    shop.act(Act::Pay { session });
    shop.deliver_all().await;
    let payment_intent = shop.buy(&office.buyer, office.product).await;
    shop.act(Act::Refund { payment_intent, amount: Some(300) });
    shop.fake.switch(|switches| switches.swallow = 3);
    let purchase: uuid::Uuid = sqlx::query_scalar("select id from purchases").fetch_one(&app.pool).await.unwrap();
    let refund = fields!["id" => purchase, "form[amount]" => 7];
    app.call(&office.admin, "admin/refund_purchase", refund).await.ok();

    let matters = office.ledger().await.matters;
    assert_eq!(matters.len(), 2, "{matters:?}");
    let MatterKind::Flag { id, flag: FlagKind::AmountDiffers, detail } = &matters[0].what else {
        panic!("{matters:?}")
    };
    assert_eq!(detail, "$49 were agreed, $1 USD were paid.");
    assert!(matters[1].what.words().starts_with("A refund of $7 waits for Stripe's answer."));
    let page = app.get_as(&office.admin, "/admin/sales/ledger").await.text();
    assert!(page.contains("The amount paid is not the price agreed.") && page.contains("A refund of $7 waits"));

    app.call(&office.admin, "admin/resolve_flag", fields!["id" => id]).await.ok();
    app.call(&office.admin, "admin/resolve_flag", fields!["id" => id]).await.ok();
    // A round by hand does not wait for anything's pause.
    app.call(&office.admin, "admin/reconcile_payments", fields![]).await.ok();
    assert_eq!(office.ledger().await.matters, []);
    assert_eq!(count(&app.pool, "refunds where status = 'succeeded'").await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_sale_tells_its_story_in_order(pool: PgPool) {
    let office = Office::new(pool).await;
    let (shop, app) = (&office.shop, &office.shop.app);
    let payment_intent = shop.buy(&office.buyer, office.product).await;
    shop.deliver_all().await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from purchases").fetch_one(&app.pool).await.unwrap();
    let form = fields![
        "id" => id, "form[amount]" => "9.50", "form[reason]" => "fraudulent", "form[note]" => "On the phone",
    ];
    app.call(&office.admin, "admin/refund_purchase", form).await.ok();
    let dispute = shop.act(Act::Dispute { payment_intent });
    shop.act(Act::CloseDispute { dispute, won: false });
    shop.deliver(&shop.event("charge.dispute.closed")).await.is(200);

    let sale: SalePage = app.call(&office.admin, "admin/get_sale", fields!["id" => id]).await.json();
    let story: Vec<String> = sale
        .story
        .iter()
        .filter(|told| !matches!(told.what, Happening::Event { .. } | Happening::Mail { .. }))
        .map(|told| told.what.words())
        .collect();
    let title = &story[2];
    assert!(title.starts_with("Access to “Course"), "{title}");
    assert_eq!(story[..2], ["Checkout opened for $49", "$49 paid"]);
    assert_eq!(story[3], "Refund of $9.50 asked for by Ada");
    let later: Vec<&str> = story[4..].iter().map(|words| &words[..16]).collect();
    assert!(later.contains(&"The buyer's bank") && later.contains(&"More went back t"), "{later:?}");
    assert!(story.iter().any(|words| words.starts_with("Access") && words.ends_with("ended")));
    let events = sale.story.iter().filter(|told| matches!(&told.what, Happening::Event { applied: true, .. }));
    assert_eq!(events.count(), 2);
    let letters = sale.story.iter().filter(|told| matches!(told.what, Happening::Mail { .. }));
    assert_eq!(letters.count(), 2, "a receipt and a refund were written of");
    assert_eq!(sale.left().0, 0);
    let refund = sale.story.iter().find(|told| matches!(told.what, Happening::Refund { .. })).unwrap();
    assert_eq!(refund.what.details(), ["Paid back", "The payment was fraud", "On the phone"]);
}
