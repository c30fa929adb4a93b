use super::Db;
use crate::domain::money::TotalCents;
use crate::domain::trend::{Trend, TrendPoint, TrendRange};
use crate::server::auth::Admin;
use chrono::{DateTime, Utc};

/// The author's figures of a range that ends now, from the rows themselves: one statement.
pub async fn read(db: &Db, _: &Admin, range: TrendRange, now: DateTime<Utc>) -> sqlx::Result<Trend> {
    let rows = sqlx::query!(
        r#"with span as (
          select last, last - ($2 - 1) * ('1 ' || $1)::interval as first
          from (select date_trunc($1::text, $3::timestamptz at time zone 'utc') as last) l
        ), steps as (
          select generate_series(first, last, ('1 ' || $1)::interval) as start from span
        ), paid as (
          select date_trunc($1, p.created_at at time zone 'utc') as start, sum(p.price_paid_in_cents) as cents
          from purchases p, span
          where p.created_at >= first at time zone 'utc' and p.created_at <= $3
          group by 1
        ), back as (
          select date_trunc($1, r.created_at at time zone 'utc') as start, sum(r.amount_in_cents) as cents
          from refunds r, span
          where r.created_at >= first at time zone 'utc' and r.created_at <= $3
          group by 1
        ), customers as (
          select date_trunc($1, f.at at time zone 'utc') as start, count(*) as people
          from (select min(created_at) as at from purchases where refunded_at is null group by user_id) f
          group by 1
        ), completed as (
          select date_trunc($1, u.created_at at time zone 'utc') as start, count(*) as lessons
          from user_lesson_complete u, span
          where u.created_at >= first at time zone 'utc' and u.created_at <= $3
          group by 1
        )
        select s.start at time zone 'utc' as "start!", coalesce(paid.cents, 0) as "paid!",
          coalesce(back.cents, 0) as "refunds!", coalesce(customers.people, 0) as "customers!",
          coalesce(completed.lessons, 0) as "completions!"
        from steps s
        left join paid on paid.start = s.start
        left join back on back.start = s.start
        left join customers on customers.start = s.start
        left join completed on completed.start = s.start
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
