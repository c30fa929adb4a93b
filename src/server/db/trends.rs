use super::Db;
use crate::domain::money::TotalCents;
use crate::domain::trend::{Trend, TrendPoint, TrendRange};
use crate::server::auth::Admin;
use chrono::{DateTime, Utc};

/// The author's figures of a range that ends now, from the rows themselves: one statement.
pub async fn read(db: &Db, _: &Admin, range: TrendRange, now: DateTime<Utc>) -> sqlx::Result<Trend> {
    let rows = sqlx::query!(
        r#"with steps as (
          select first at time zone 'utc' as start, (first + step) at time zone 'utc' as stop
          from (
            select ('1 ' || $1::text)::interval as step, date_trunc($1, $3::timestamptz at time zone 'utc') as last
          ) l
          cross join generate_series(last - ($2 - 1) * step, last, step) first
        ), customers as (
          select min(created_at) as at from purchases where refunded_at is null group by user_id
        )
        select s.start as "start!",
          (
            select coalesce(sum(p.price_paid_in_cents), 0)
            from purchases p
            where p.created_at >= s.start and p.created_at < s.stop and p.created_at <= $3
          ) as "paid!",
          (
            select coalesce(sum(r.amount_in_cents), 0)
            from returns r
            where r.created_at >= s.start and r.created_at < s.stop and r.created_at <= $3
          ) as "refunds!",
          (select count(*) from customers c where c.at >= s.start and c.at < s.stop and c.at <= $3) as "customers!",
          (
            select count(*)
            from user_lesson_complete u
            where u.created_at >= s.start and u.created_at < s.stop and u.created_at <= $3
          ) as "completions!"
        from steps s
        order by s.start"#,
        range.unit(),
        range.steps(),
        now
    )
    .fetch_all(db.pool())
    .await?;
    let points = rows.into_iter().map(|row| TrendPoint {
        start: row.start.into(),
        net_sales: TotalCents(row.paid - row.refunds),
        refunds: TotalCents(row.refunds),
        customers: row.customers,
        completions: row.completions,
    });
    Ok(Trend { range, points: points.collect() })
}
