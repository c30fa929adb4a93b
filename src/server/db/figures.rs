use super::Db;
use crate::domain::money::TotalCents;
use crate::domain::purchase::Figures;
use crate::server::auth::Admin;

/// The author's figures, from the rows themselves.
pub async fn read(db: &Db, _: &Admin) -> sqlx::Result<Figures> {
    let row = sqlx::query!(
        r#"select
          (select coalesce(sum(price_paid_in_cents), 0)::bigint from purchases) as "paid!",
          (select coalesce(sum(amount_in_cents), 0)::bigint from returns) as "refunds!",
          (select count(distinct user_id) from purchases where refunded_at is null) as "customers!",
          (select count(*) from courses) as "courses!",
          (select count(*) from products) as "products!",
          (select count(*) from lessons) as "lessons!",
          (select count(*) from user_lesson_complete) as "completions!""#
    )
    .fetch_one(db.pool())
    .await?;
    Ok(Figures {
        net_sales: TotalCents(row.paid - row.refunds),
        refunds: TotalCents(row.refunds),
        customers: row.customers,
        courses: row.courses,
        products: row.products,
        lessons: row.lessons,
        completions: row.completions,
    })
}
