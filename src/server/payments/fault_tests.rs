//! The server dies at each commit and at each call of the provider that a purchase and its refunds are made of, before
//! it and after it, one life after the other.

use crate::domain::id::{ProductId, PurchaseId};
use crate::fields;
use crate::server::fault;
use crate::support::fake_stripe::Act;
use crate::support::{Person, Shop, person};
use sqlx::PgPool;
use uuid::Uuid;

/// What somebody was told before the server died.
#[derive(Debug, Default)]
struct Told {
    bought: Option<PurchaseId>,
    part_returned: bool,
    all_returned: bool,
}

/// A checkout, its payment, the webhooks, the way back, a part of the money back and then the rest: as far as it goes.
async fn live(shop: &Shop, admin: &Person, buyer: &Person, product: ProductId) -> Told {
    let mut told = Told::default();
    let mut seen = shop.fake.events().len();
    let reply = shop.app.call(buyer, "start_checkout", fields!["product" => product]).await;
    let Some((_, session)) =
        Some(reply.status).filter(|status| *status == 200).and(reply.location().rsplit_once("/pay/"))
    else {
        return told;
    };
    shop.act(Act::Pay { session: session.to_owned() });
    tell(shop, &mut seen).await;
    let checkout: Uuid = sqlx::query_scalar("select id from checkouts where gateway_session_id = $1")
        .bind(session)
        .fetch_one(&shop.app.pool)
        .await
        .expect("who is led to pay has a checkout");
    let back = shop.app.get_as(buyer, format!("/checkouts/{checkout}/return")).await;
    if back.status == 302 {
        told.bought = back.led_to("/purchases/").parse().ok();
    }
    let purchase: Option<Uuid> = sqlx::query_scalar("select id from purchases where stripe_session_id = $1")
        .bind(session)
        .fetch_optional(&shop.app.pool)
        .await
        .expect("purchases are read");
    let Some(purchase) = purchase else { return told };
    let part = fields!["id" => purchase, "form[amount]" => "10"];
    told.part_returned = shop.app.call(admin, "admin/refund_purchase", part).await.status == 200;
    tell(shop, &mut seen).await;
    told.all_returned = shop.app.call(admin, "admin/refund_purchase", fields!["id" => purchase]).await.status == 200;
    tell(shop, &mut seen).await;
    told
}

/// Stripe tells of what happened since, once.
async fn tell(shop: &Shop, seen: &mut usize) {
    for event in shop.fake.events().split_off(*seen) {
        shop.deliver(&event).await;
        *seen += 1;
    }
}

/// I1 to I3 of one buyer.
async fn check(shop: &Shop, buyer: &Person, course: Uuid, told: &Told, at: usize) {
    let pool = &shop.app.pool;
    let sessions: Vec<String> = sqlx::query_scalar(
        "select gateway_session_id from checkouts where user_id = $1 and gateway_session_id is not null",
    )
    .bind(buyer.id.0)
    .fetch_all(pool)
    .await
    .expect("checkouts are read");
    let paid: Vec<_> = shop.fake.paid().into_iter().filter(|paid| sessions.contains(&paid.session)).collect();
    let count = async |statement: &'static str| -> i64 {
        sqlx::query_scalar(statement).bind(buyer.id.0).fetch_one(pool).await.expect("rows are counted")
    };
    let bought = count("select count(*) from purchases where user_id = $1").await;
    assert_eq!(bought, paid.len() as i64, "I1 after death {at}: {told:?}");
    assert!(bought == 1 || told.bought.is_none(), "I3 after death {at}: {told:?}");
    let receipts = "select count(*) from mails where user_id = $1 and letter ->> 'kind' = 'receipt'";
    assert_eq!(count(receipts).await, bought, "receipts after death {at}");
    let returned = count(
        "select coalesce(sum(r.amount_in_cents), 0)::bigint
        from returns r join purchases p on p.id = r.purchase_id
        where p.user_id = $1",
    )
    .await;
    let there: i64 = paid.iter().map(|paid| paid.returned).sum();
    assert_eq!(returned, there, "refunds after death {at}: {told:?}");
    assert!([0, 1_000, 4_900].contains(&returned), "refunds after death {at}: {returned}");
    assert!(returned >= 1_000 || !told.part_returned, "I3 after death {at}: {told:?}, {returned}");
    assert!(returned == 4_900 || !told.all_returned, "I3 after death {at}: {told:?}, {returned}");
    let open = bought == 1 && returned < 4_900;
    let expected = if open { vec![course] } else { Vec::new() };
    assert_eq!(shop.app.access_of(buyer.id.0).await, expected, "I2 after death {at}: {told:?}");
    let waiting =
        count("select count(*) from payment_events where processed_at is null and $1::uuid is not null").await;
    assert_eq!(waiting, 0, "events after death {at}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn fa2_fa6_a_server_that_dies_at_any_point_of_a_purchase_loses_nothing_and_doubles_nothing(pool: PgPool) {
    let mut shop = Shop::new(pool).await;
    let (sold, bundle) = shop.stock().await;
    let admin = person("Ada").admin().create(&shop.app).await;
    let mut deaths = 0;
    loop {
        let buyer = person("Bea").create(&shop.app).await;
        let life = if deaths == 0 { "return".to_owned() } else { format!("{deaths}*off->return") };
        fail::cfg("death", &life).expect("the point is there");
        let told = live(&shop, &admin, &buyer, bundle.id).await;
        let survived = fault::point().is_ok();
        fail::remove("death");
        shop.restart();
        shop.app.call(&admin, "admin/reconcile_payments", fields![]).await.ok();
        check(&shop, &buyer, sold.id.0, &told, deaths).await;
        if survived {
            assert!(told.bought.is_some() && told.part_returned && told.all_returned, "{told:?}");
            break;
        }
        deaths += 1;
    }
    println!("died at {deaths} points of a purchase");
    assert!(deaths >= 30, "died at {deaths} points alone");
}
