//! The author's figures over time against the rows that they are of.

use crate::concurrency::{below, random};
use crate::fields;
use crate::support::{App, course, person, product, section};
use chrono::{DateTime, Datelike, Duration, TimeZone, Utc};
use lectern::domain::money::TotalCents;
use lectern::domain::trend::{Trend, TrendRange};
use lectern::server::db::trends;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

/// The proof that the reading functions ask for, which no test can make by itself.
async fn trend(app: &App, range: TrendRange, now: DateTime<Utc>) -> Trend {
    let id: Uuid =
        sqlx::query_scalar("select id from users where role = 'admin' limit 1").fetch_one(&app.pool).await.unwrap();
    let admin = app.session(lectern::domain::id::UserId(id), "").await;
    trends::read(&app.state.db, &app.proof(&admin).await, range, now).await.expect("is read")
}

/// The first moment of a step, as a calendar says it.
fn start_of(range: TrendRange, at: DateTime<Utc>) -> DateTime<Utc> {
    let day = at.date_naive();
    let day = match range {
        TrendRange::Days => day,
        TrendRange::Weeks => day - Duration::days(i64::from(day.weekday().num_days_from_monday())),
        TrendRange::Months => day.with_day(1).unwrap(),
    };
    Utc.from_utc_datetime(&day.and_hms_opt(0, 0, 0).unwrap())
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn figures_of_a_range_equal_the_sums_of_its_purchases_and_refunds_to_the_cent(pool: PgPool) {
    let app = App::new(pool);
    person("Ada").admin().create(&app).await;
    let sold = course("Course").with(section("Only").with_lessons(30)).create(&app).await;
    let bundle = product("Bundle").of(&sold).create(&app).await;
    let now = Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 7).unwrap();
    let mut rng = random();
    let (mut paid, mut back, mut completed) = (Vec::new(), Vec::new(), Vec::new());
    let mut firsts: Vec<Option<DateTime<Utc>>> = Vec::new();
    for _ in 0..30 {
        let buyer = person("Lee").create(&app).await;
        let mut first: Option<DateTime<Utc>> = None;
        for _ in 0..below(&mut rng, 5) {
            // The last second of a day and the first of the next are where a wrong time zone shows.
            let edge = [0, 86_399, below(&mut rng, 86_400)][below(&mut rng, 3)] as i64;
            let midnight = now - Duration::seconds(7) - Duration::days(below(&mut rng, 420) as i64);
            let at = (midnight + Duration::seconds(edge)).min(now);
            let cents = below(&mut rng, 100_000) as i32;
            let refunded = below(&mut rng, 4) == 0;
            let id: Uuid = sqlx::query_scalar(
                "insert into purchases (price_paid_in_cents, product_details, user_id, product_id, stripe_session_id, refunded_at, created_at)
                values ($1, '{}', $2, $3, gen_random_uuid(), case when $4 then $5 end, $5) returning id",
            )
            .bind(cents).bind(buyer.id.0).bind(bundle.id.0).bind(refunded).bind(at)
            .fetch_one(&app.pool).await.unwrap();
            paid.push((at, i64::from(cents)));
            if refunded && cents > 0 {
                let later = (at + Duration::hours(below(&mut rng, 900) as i64)).min(now);
                let part = 1 + below(&mut rng, cents as usize) as i32;
                sqlx::query("insert into refunds (purchase_id, amount_in_cents, provider_refund_id, status, created_at) values ($1, $2, gen_random_uuid(), 'succeeded', $3)")
                    .bind(id).bind(part).bind(later).execute(&app.pool).await.unwrap();
                back.push((later, i64::from(part)));
            }
            if !refunded {
                first = Some(first.map_or(at, |first| first.min(at)));
            }
        }
        firsts.push(first);
        for lesson in sold.lessons().take(below(&mut rng, 10)) {
            let at = now - Duration::hours(below(&mut rng, 10_000) as i64);
            sqlx::query("insert into user_lesson_complete (user_id, lesson_id, created_at) values ($1, $2, $3)")
                .bind(buyer.id.0)
                .bind(lesson.id.0)
                .bind(at)
                .execute(&app.pool)
                .await
                .unwrap();
            completed.push((at, 1));
        }
    }
    let firsts: Vec<_> = firsts.into_iter().flatten().map(|at| (at, 1)).collect();
    for range in TrendRange::ALL {
        let found = trend(&app, range, now).await;
        assert_eq!(found.points.len(), range.steps() as usize);
        for point in &found.points {
            let start: DateTime<Utc> = point.start.0.parse().expect("a time");
            assert_eq!(start, start_of(range, start), "{range:?} begins where the calendar does");
            let sum = |rows: &[(DateTime<Utc>, i64)]| -> i64 {
                rows.iter().filter(|(at, _)| start_of(range, *at) == start).map(|(_, value)| value).sum()
            };
            assert_eq!(point.net_sales, TotalCents(sum(&paid) - sum(&back)), "{range:?} {start}");
            assert_eq!(point.refunds, TotalCents(sum(&back)), "{range:?} {start}");
            assert_eq!(point.customers, sum(&firsts), "{range:?} {start}");
            assert_eq!(point.completions, sum(&completed), "{range:?} {start}");
        }
        let last: DateTime<Utc> = found.points.last().unwrap().start.0.parse().unwrap();
        assert_eq!(last, start_of(range, now));
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_overview_shows_each_figure_as_a_picture_with_a_sentence_and_as_a_table(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let sold = course("Course").with(section("Only").with_lessons(3)).create(&app).await;
    let bundle = product("Bundle").of(&sold).create(&app).await;
    let buyer = person("Bea").create(&app).await;
    let purchase = app.buy(&buyer, bundle.id).await;
    for (path, rows) in [("/admin", 30), ("/admin?range=12w", 12), ("/admin?range=12m", 12)] {
        let page = app.get_as(&admin, path).await;
        let text = page.ok().text();
        assert_eq!(text.matches(r#"role="img""#).count(), 4, "{path}");
        assert_eq!(text.matches("<rect").count(), 4 * rows, "{path}");
        assert_eq!(text.matches(r#"<th scope="row">"#).count(), 4 * rows, "{path}");
        assert!(text.contains(": $49 in all, most in "), "{path}");
    }
    app.get_as(&admin, "/admin?range=1y").await.is(404);
    app.call(&admin, "admin/refund_purchase", fields!["id" => purchase]).await.ok();
    let trend: Value = app.call(&admin, "admin/get_trend", fields![]).await.json();
    let today = trend["points"].as_array().unwrap().last().unwrap();
    assert_eq!((today["net_sales"].as_i64(), today["refunds"].as_i64()), (Some(0), Some(4900)));
    assert_eq!(today["customers"], 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn learners_count_at_every_lesson_up_to_the_furthest_that_they_completed(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let two = || section("Section").with_lessons(2);
    let sold = course("Course").with(two()).with(two().private()).with(two()).create(&app).await;
    let lessons: Vec<_> =
        [0, 2].iter().flat_map(|section| sold.sections[*section].lessons.iter()).map(|lesson| lesson.id).collect();
    // Who begins at the end got as far as the end; who has no access any more is not counted.
    for (completed, access) in
        [(vec![], true), (vec![0], true), (vec![1], true), (vec![3], true), (vec![0, 2], true), (vec![3], false)]
    {
        let learner = person("Lee").create(&app).await;
        app.give(&learner, &sold).await;
        for at in completed {
            let fields = fields!["course" => sold.id, "lesson" => lessons[at], "done" => true];
            app.call(&learner, "complete_lesson", fields).await.ok();
        }
        if !access {
            let found: Value = app.call(&admin, "admin/get_person", fields!["id" => learner.id]).await.json();
            let grant = found["courses"][0]["grants"][0]["id"].as_str().unwrap().to_owned();
            app.call(&admin, "admin/revoke_grant", fields!["id" => grant]).await.ok();
        }
    }
    let found: Value = app.call(&admin, "admin/get_drop_off", fields!["id" => sold.id]).await.json();
    assert_eq!(found["learners"], 5);
    let reached: Vec<_> =
        found["lessons"].as_array().unwrap().iter().map(|lesson| lesson["reached"].as_i64().unwrap()).collect();
    assert_eq!(reached, [4, 3, 2, 1]);
    let page = app.get_as(&admin, format!("/admin/courses/{}/progress", sold.id)).await.ok().text();
    assert!(page.contains("Of 5 learners with access") && page.contains("80 %"));
    let empty = course("Empty").create(&app).await;
    let page = app.get_as(&admin, format!("/admin/courses/{}/progress", empty.id)).await.ok().text();
    assert!(page.contains("No lessons yet"));
    app.get_as(&admin, format!("/admin/courses/{}/progress", Uuid::new_v4())).await.is(404);
}
