//! What is found against what was made, to the cent.

use super::moment;
use crate::concurrency::{below, random};
use crate::fields;
use crate::support::app::Fields;
use crate::support::{App, person, product};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use lectern::domain::id::{ProductId, PurchaseId};
use sqlx::PgPool;

/// A plain amount in cents.
fn cents(text: &str) -> i64 {
    let (dollars, cents) = text.split_once('.').expect("has cents");
    assert!(cents.len() == 2 && !dollars.is_empty(), "{text}");
    format!("{dollars}{cents}").parse().expect("is a number")
}

/// A sale as the test made it.
struct Sold {
    id: PurchaseId,
    at: DateTime<Utc>,
    product: ProductId,
    buyer: &'static str,
    paid: i64,
    back: i64,
    state: &'static str,
    disputed: bool,
}

/// Some sales of everything that can become of one, at the edges of days most of all.
async fn sold(app: &App, many: usize) -> (Vec<Sold>, [ProductId; 2]) {
    let products = [product("Bundle").create(app).await.id, product("Other").create(app).await.id];
    let buyers = [("Lee", person("Lee").create(app).await), ("Kim", person("Kim").create(app).await)];
    let mut rng = random();
    let mut made = Vec::new();
    for _ in 0..many {
        let (buyer, who) = &buyers[below(&mut rng, 2)];
        let product = products[below(&mut rng, 2)];
        let edge = [0, 86_399, below(&mut rng, 86_400)][below(&mut rng, 3)] as i64;
        let at = moment(2026, 1, 1) + Duration::days(below(&mut rng, 40) as i64) + Duration::seconds(edge);
        let paid = [0, 1 + below(&mut rng, 100_000) as i32][usize::from(below(&mut rng, 5) > 0)];
        let id = app.sell(who, product, "Snapshot", paid, at).await;
        let (mut back, mut disputed, mut closed) = (0, false, false);
        if paid == 0 {
            closed = below(&mut rng, 4) == 0;
        } else {
            for _ in 0..below(&mut rng, 3) {
                let part = 1 + below(&mut rng, paid as usize) as i32;
                let statuses = ["succeeded", "pending", "requires_action", "requested", "failed", "canceled"];
                let status = statuses[below(&mut rng, 6)];
                app.refund(id, part, status).await;
                back += if statuses[..3].contains(&status) { i64::from(part) } else { 0 };
            }
            if below(&mut rng, 4) == 0 {
                let status = ["open", "won", "lost"][below(&mut rng, 3)];
                app.dispute(id, paid, status).await;
                back += if status == "lost" { i64::from(paid) } else { 0 };
                disputed = true;
            }
            closed |= back >= i64::from(paid);
        }
        if closed {
            app.close(id).await;
        }
        let state = match (closed, back, paid) {
            (true, ..) => "refunded",
            (false, 1.., _) => "partly-refunded",
            (false, _, 0) => "free",
            _ => "paid",
        };
        made.push(Sold { id, at, product, buyer, paid: i64::from(paid), back, state, disputed });
    }
    made.sort_by_key(|sold| std::cmp::Reverse((sold.at, sold.id)));
    (made, products)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn totals_equal_the_rows_and_the_file_to_the_cent_whatever_is_asked(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let (made, [bundle, _]) = sold(&app, 240).await;
    type Holds = Box<dyn Fn(&Sold) -> bool>;
    let day = |at: DateTime<Utc>| at.date_naive();
    let date = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    let mut filters: Vec<(Fields, Holds)> = vec![
        (fields![], Box::new(|_| true)),
        (fields!["q" => "LEE"], Box::new(|sold| sold.buyer == "Lee")),
        (fields!["product" => bundle], Box::new(move |sold| sold.product == bundle)),
        (fields!["state" => "disputed"], Box::new(|sold| sold.disputed)),
        (fields!["from" => "2026-01-10", "to" => "2026-01-10"], Box::new(move |sold| day(sold.at) == date(1, 10))),
        (fields!["from" => "2026-01-31"], Box::new(move |sold| day(sold.at) >= date(1, 31))),
        (fields!["to" => "2026-01-31"], Box::new(move |sold| day(sold.at) <= date(1, 31))),
        (
            fields!["q" => "kim-", "product" => bundle, "state" => "refunded", "from" => "2026-01-05", "to" => "2026-02-05"],
            Box::new(move |sold| {
                (sold.buyer, sold.product, sold.state) == ("Kim", bundle, "refunded")
                    && (date(1, 5)..=date(2, 5)).contains(&day(sold.at))
            }),
        ),
        (fields!["from" => "2026-02-01", "to" => "2026-01-31"], Box::new(|_| false)),
    ];
    for state in ["paid", "free", "partly-refunded", "refunded"] {
        filters.push((fields!["state" => state], Box::new(move |sold| sold.state == state)));
    }
    for (asked, holds) in filters {
        let expected: Vec<&Sold> = made.iter().filter(|sold| holds(sold)).collect();
        let (totals, rows) = app.all_sales(&admin, asked.clone()).await;
        let ids: Vec<PurchaseId> = rows.iter().map(|sale| sale.purchase.id).collect();
        assert_eq!(ids, expected.iter().map(|sold| sold.id).collect::<Vec<_>>(), "{asked:?}");
        let sum = |part: fn(&Sold) -> i64| expected.iter().map(|sold| part(sold)).sum::<i64>();
        let (paid, back) = (sum(|sold| sold.paid), sum(|sold| sold.back));
        assert_eq!((totals.sales, totals.paid.0, totals.refunded.0), (ids.len() as i64, paid, back), "{asked:?}");
        assert_eq!(totals.net().0, paid - back);
        assert_eq!(rows.iter().map(|sale| i64::from(sale.purchase.paid.0)).sum::<i64>(), paid, "{asked:?}");
        assert_eq!(rows.iter().map(|sale| sale.purchase.refunded.0).sum::<i64>(), back, "{asked:?}");
        assert_eq!(rows.iter().map(|sale| sale.purchase.net().0).sum::<i64>(), paid - back, "{asked:?}");

        let file = app.sales_file(&admin, &asked).await;
        assert_eq!(
            file.iter().map(|cells| cells[0].clone()).collect::<Vec<_>>(),
            ids.iter().map(ToString::to_string).collect::<Vec<_>>()
        );
        for (column, total) in [(6, paid), (7, back), (8, paid - back)] {
            assert_eq!(file.iter().map(|cells| cents(&cells[column])).sum::<i64>(), total, "{asked:?}, {column}");
        }
    }
    let page = app.get_as(&admin, "/admin/sales?from=2026-01-05").await.ok().text();
    let (totals, _) = app.all_sales(&admin, fields!["from" => "2026-01-05"]).await;
    for words in [totals.paid, totals.refunded, totals.net()] {
        assert!(page.contains(&words.to_string()), "{words}");
    }
    assert!(page.contains(&format!("{} sales", totals.sales)) && page.contains("whenever it went back"));
}
