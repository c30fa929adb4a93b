//! The list of sales: what is found, what it comes to, page by page and as a file.

use crate::fields;
use crate::people::said;
use crate::support::app::{Fields, encode};
use crate::support::fake_stripe::Act;
use crate::support::{App, Person, Shop, World, course, person, product};
use chrono::{DateTime, Duration, TimeZone, Utc};
use lectern::domain::id::{ProductId, PurchaseId};
use lectern::domain::sale::Sale;
use lectern::domain::sales::{SaleTotals, SalesList};
use lectern::server::db;
use sqlx::PgPool;
use std::collections::BTreeSet;
use uuid::Uuid;

mod totals;

impl App {
    async fn list_sales(&self, admin: &Person, asked: Fields) -> SalesList {
        self.call(admin, "admin/list_sales", asked).await.json()
    }

    /// The rows of all pages, whose totals are the same on each.
    async fn all_sales(&self, admin: &Person, mut asked: Fields) -> (SaleTotals, Vec<Sale>) {
        let (mut rows, mut totals) = (Vec::new(), None);
        loop {
            let list = self.list_sales(admin, asked).await;
            assert_eq!(*totals.get_or_insert(list.totals), list.totals, "another page, other totals");
            rows.extend(list.rows);
            match list.next {
                Some(next) => asked = said(&next),
                None => return (totals.unwrap_or_default(), rows),
            }
        }
    }

    /// The file's lines as cells, its head left out.
    async fn sales_file(&self, admin: &Person, asked: &Fields) -> Vec<Vec<String>> {
        let file = self.get_as(admin, format!("/admin/sales/export.csv?{}", encode(asked))).await;
        let text = file.ok().text();
        let text = text.strip_prefix('\u{feff}').expect("begins with its mark");
        text.split_terminator("\r\n").skip(1).map(cells).collect()
    }

    async fn sell(&self, buyer: &Person, product: ProductId, name: &str, cents: i32, at: DateTime<Utc>) -> PurchaseId {
        sqlx::query_scalar(
            "insert into purchases (price_paid_in_cents, product_details, user_id, product_id, stripe_session_id, created_at)
            values ($1, jsonb_build_object('name', $2::text, 'description', '', 'imageUrl', ''), $3, $4, 'cs_test_' || gen_random_uuid(), $5)
            returning id",
        )
        .bind(cents)
        .bind(name)
        .bind(buyer.id.0)
        .bind(product.0)
        .bind(at)
        .fetch_one(&self.pool)
        .await
        .unwrap()
    }

    async fn refund(&self, purchase: PurchaseId, cents: i32, status: &str) {
        sqlx::query(
            "insert into refunds (purchase_id, amount_in_cents, provider_refund_id, status)
            values ($1, $2, gen_random_uuid(), $3::refund_status)",
        )
        .bind(purchase.0)
        .bind(cents)
        .bind(status)
        .execute(&self.pool)
        .await
        .unwrap();
    }

    async fn dispute(&self, purchase: PurchaseId, cents: i32, status: &str) {
        sqlx::query(
            "insert into disputes (purchase_id, amount_in_cents, provider_dispute_id, status, reason)
            values ($1, $2, gen_random_uuid(), $3::dispute_status, 'general')",
        )
        .bind(purchase.0)
        .bind(cents)
        .bind(status)
        .execute(&self.pool)
        .await
        .unwrap();
    }

    async fn close(&self, purchase: PurchaseId) {
        sqlx::query("update purchases set refunded_at = now() where id = $1")
            .bind(purchase.0)
            .execute(&self.pool)
            .await
            .unwrap();
    }
}

/// A line's cells, without what quotes them.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cells.last_mut().unwrap().extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

fn moment(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, month, day, 0, 0, 0).unwrap()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_sale_is_found_by_its_buyer_its_product_as_it_was_called_and_its_ids(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let app = &shop.app;
    let (_, bundle) = shop.stock().await;
    let other = product("Other").of(&course("Other").create(app).await).create(app).await;
    let admin = person("Ada").admin().create(app).await;
    let (wren, kim) = (person("Wren").create(app).await, person("Kim").create(app).await);
    sqlx::query("update users set name = '100%er' where id = $1").bind(kim.id.0).execute(&app.pool).await.unwrap();
    let (checkout, session) = shop.check_out(&wren, bundle.id).await;
    shop.act(Act::Pay { session: session.clone() });
    shop.come_back(&wren, checkout).await.is(302);
    let payment = shop.fake.payment_of(&session).expect("is paid");
    shop.buy(&kim, other.id).await;
    sqlx::query("update products set name = 'Renamed'").execute(&app.pool).await.unwrap();
    let id: Uuid = sqlx::query_scalar("select id from purchases where stripe_session_id = $1")
        .bind(&session)
        .fetch_one(&app.pool)
        .await
        .unwrap();

    let found = async |q: &str| {
        let list = app.list_sales(&admin, fields!["q" => q]).await;
        list.rows.into_iter().map(|sale| sale.buyer_name).collect::<Vec<_>>()
    };
    let upper = id.to_string().to_uppercase();
    for q in ["wREN", " wren-", "BUNDLE", &bundle.token, &id.to_string(), &upper, &session, &payment] {
        assert_eq!(found(q).await, ["Wren"], "{q}");
    }
    // A percent sign is one; ids are found whole alone; and a name of today was not what was bought.
    assert_eq!(found("0%").await, ["100%er"]);
    let (part, short) = (id.to_string()[..8].to_owned(), payment[..payment.len() - 1].to_owned());
    for q in ["_", "Renamed", &part, &short, &Uuid::new_v4().to_string(), "'; drop table purchases; --"] {
        assert!(found(q).await.is_empty(), "{q}");
    }
    let by_product = app.list_sales(&admin, fields!["product" => other.id]).await;
    assert_eq!(by_product.rows.len(), 1);
    assert_eq!(by_product.rows[0].purchase.product_id, other.id);
    let file = app.sales_file(&admin, &fields!["q" => payment]).await;
    assert_eq!(file[0][5..], ["Paid", "49.00", "0.00", "49.00", "Card", &payment]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn pages_hold_every_sale_once_while_another_comes_in(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let (lee, bundle) = (person("Lee").create(&app).await, product("Bundle").create(&app).await.id);
    let mut made = BTreeSet::new();
    for n in 0..230 {
        // Many of one moment, so that an edge falls among them.
        let at = moment(2026, 1, 1) + Duration::microseconds(n / 60);
        made.insert(app.sell(&lee, bundle, "Bundle", 100, at).await);
    }
    let (mut asked, mut rows, mut pages) = (fields![], Vec::new(), Vec::new());
    loop {
        let list = app.list_sales(&admin, asked).await;
        pages.push((list.rows.len(), list.totals.sales));
        rows.extend(list.rows.into_iter().map(|sale| (sale.purchase.created_at, sale.purchase.id)));
        app.sell(&lee, bundle, "Bundle", 100, moment(2026, 1, 2)).await;
        let Some(next) = list.next else { break };
        asked = said(&next);
    }
    assert_eq!(pages, [(100, 230), (100, 231), (30, 232)]);
    assert!(rows.is_sorted_by(|a, b| a.0 >= b.0), "newest first");
    assert_eq!(rows.len(), 230);
    assert_eq!(rows.into_iter().map(|(_, id)| id).collect::<BTreeSet<_>>(), made);
    let last = app.get_as(&admin, format!("/admin/sales?{}", encode(&asked_after_all(&app).await))).await.ok().text();
    assert!(last.contains("Nothing after this") && last.contains("Show all sales"));
}

/// The place of the oldest sale, after which there is none.
async fn asked_after_all(app: &App) -> Fields {
    let (id, micros): (Uuid, i64) = sqlx::query_as(
        "select id, (extract(epoch from created_at) * 1000000)::bigint from purchases order by created_at, id limit 1",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    fields!["after" => format!("{id}.{micros}")]
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_file_holds_every_sale_and_runs_nothing(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let (eve, bundle) = (person("Eve").create(&app).await, product("Bundle").create(&app).await.id);
    sqlx::query("update users set name = '=HYPERLINK(\"x\")' where id = $1")
        .bind(eve.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    let hostile = app.sell(&eve, bundle, "+1, \"all\"", 4900, moment(2026, 1, 2)).await;
    // More went back than was paid: a number below nothing, and no text.
    app.refund(hostile, 1250, "succeeded").await;
    app.dispute(hostile, 4900, "lost").await;
    app.close(hostile).await;
    sqlx::query(
        "insert into purchases (price_paid_in_cents, product_details, user_id, product_id, stripe_session_id, created_at)
        select 0, '{\"name\": \"Free\", \"description\": \"\", \"imageUrl\": \"\"}', $1, $2, 'free_' || n, '2026-01-01'
        from generate_series(1, 1203) n",
    )
    .bind(eve.id.0)
    .bind(bundle.0)
    .execute(&app.pool)
    .await
    .unwrap();

    let file = app.get_as(&admin, "/admin/sales/export.csv").await;
    assert_eq!(file.ok().header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").contains("sales.csv"));
    assert_eq!(file.header("cache-control"), "no-store");
    let text = file.text();
    let lines: Vec<&str> =
        text.strip_prefix('\u{feff}').expect("begins with its mark").split_terminator("\r\n").collect();
    assert_eq!(
        lines[0],
        "Purchase,Date (UTC),Product,Buyer,E-mail,State,Paid (USD),Refunded (USD),Net (USD),Method,Payment"
    );
    let start =
        format!("{hostile},2026-01-02T00:00:00.000000Z,\"'+1, \"\"all\"\"\",\"'=HYPERLINK(\"\"x\"\")\",{},", eve.email);
    let rest = lines[1].strip_prefix(&start).unwrap_or_else(|| panic!("{}", lines[1]));
    assert!(rest.starts_with("Refunded; Dispute lost,49.00,61.50,-12.50,Card,cs_test_"), "{rest}");
    assert!(lines[2].ends_with(",Free,0.00,0.00,0.00,Free,"), "{}", lines[2]);
    let ids: BTreeSet<&str> = lines[1..].iter().filter_map(|line| line.split(',').next()).collect();
    assert_eq!((lines.len(), ids.len()), (1 + 1 + 1203, 1 + 1203), "no sale is there twice");
    let page = app.get_as(&admin, "/admin/sales").await.ok().text();
    assert!(page.contains("Dispute lost") && page.contains("-$12.50"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_was_sold_to_somebody_who_is_gone_still_shows(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let id = world.learner.id;
    let deleted = app.state.db.write(move |tx| Box::pin(async move { db::users::delete_softly(tx, id).await })).await;
    deleted.expect("is deleted");
    let list = app.list_sales(&world.admin, fields!["q" => format!("deleted-{id}")]).await;
    assert_eq!((list.totals.sales, list.rows[0].purchase.id), (1, world.purchase));
    assert_eq!(list.rows[0].buyer_name, "Deleted");
    let page = app.get_as(&world.admin, "/admin/sales").await.ok().text();
    assert!(page.contains(&format!("/admin/sales/{}", world.purchase)));
    assert_eq!(app.sales_file(&world.admin, &fields![]).await[0][3], "Deleted");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_an_address_of_the_sales_cannot_say_is_not_found(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let nothing = format!("product={}", Uuid::new_v4());
    for query in ["product=x", &nothing, "state=sold", "from=yesterday", "to=2026-02-30", "to=0000-01-01", "after=1"] {
        app.get_as(&world.admin, format!("/admin/sales?{query}")).await.is(404);
    }
    app.get_as(&world.admin, "/admin/sales/export.csv?from=2026-02-30").await.is(404);
    for path in ["/admin/sales", "/admin/sales/export.csv"] {
        // An empty field of the form says nothing.
        app.get_as(&world.admin, format!("{path}?q=&product=&state=&from=&to=")).await.is(200);
        app.get_as(&world.admin, format!("{path}?state=all&from=0001-01-01&to=9999-12-31")).await.is(200);
        app.get_as(&world.learner, path).await.is(403);
    }
    let page = app.get_as(&world.admin, "/admin/sales?from=2026-02-02&to=2026-02-01").await.ok().text();
    assert!(page.contains("The first day comes after the last one.") && page.contains("Show all sales"));
    let page = app.get_as(&world.admin, "/admin/sales?q=%3Cb%3Enobody").await.ok().text();
    assert!(page.contains("Nothing found") && page.contains("&lt;b&gt;nobody") && !page.contains("<b>nobody"));
    assert!(page.contains("Show all sales"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn before_anything_is_sold_the_page_says_what_will_stand_there(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let page = app.get_as(&admin, "/admin/sales").await.ok().text();
    assert!(page.contains("No sales yet") && !page.contains("Show all sales"));
    assert!(app.sales_file(&admin, &fields![]).await.is_empty());
}
