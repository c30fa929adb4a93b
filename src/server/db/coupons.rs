//! Coupons, and how often each was used. Whoever counts with the intention to use one more holds its row.

use super::{Db, products};
use crate::domain::coupon::{Coupon, CouponEdit, CouponFields, CouponForm, CouponRefusal, Discount};
use crate::domain::id::{CheckoutId, CouponId, ProductId, UserId};
use crate::domain::money::Cents;
use crate::domain::time::Date;
use crate::error::AppError;
use crate::server::auth::{Admin, SignedIn};
use sqlx::PgConnection;

/// A coupon that a code names, as somebody about to use it needs it.
pub struct Found {
    pub id: CouponId,
    pub code: String,
    percent: Option<i32>,
    amount: Option<Cents>,
    product_id: Option<ProductId>,
    usage_limit: Option<i32>,
    expired: bool,
    active: bool,
    used: i64,
}

impl Found {
    pub fn discount(&self) -> Option<Discount> {
        discount(self.percent, self.amount)
    }

    /// What it takes off the price of a product at this moment, or why it takes nothing off.
    pub fn redeem(&self, product: ProductId) -> Result<Discount, CouponRefusal> {
        match self.discount() {
            // What is switched off is as if it were not there.
            _ if !self.active => Err(CouponRefusal::Unknown),
            _ if self.product_id.is_some_and(|of| of != product) => Err(CouponRefusal::OtherProduct),
            _ if self.expired => Err(CouponRefusal::Expired),
            _ if self.usage_limit.is_some_and(|limit| self.used >= i64::from(limit)) => Err(CouponRefusal::UsedUp),
            discount => discount.ok_or(CouponRefusal::Unknown),
        }
    }
}

fn discount(percent: Option<i32>, amount: Option<Cents>) -> Option<Discount> {
    percent.map(Discount::Percent).or(amount.map(Discount::Amount))
}

/// The coupon that a code names. What the viewer has open with it themselves takes nothing from them: it is given up when
/// they begin again.
pub async fn find(db: &Db, code: &str, viewer: Option<UserId>) -> sqlx::Result<Option<Found>> {
    select(&mut *db.pool().acquire().await?, code, viewer).await
}

/// The same, all uses counted, and nobody else uses it until the transaction ends.
pub async fn lock(tx: &mut PgConnection, code: &str) -> Result<Option<Found>, AppError> {
    sqlx::query!("select id from coupons where lower(code) = lower($1) for no key update", code)
        .fetch_optional(&mut *tx)
        .await?;
    Ok(select(tx, code, None).await?)
}

async fn select(connection: &mut PgConnection, code: &str, viewer: Option<UserId>) -> sqlx::Result<Option<Found>> {
    sqlx::query_as!(
        Found,
        r#"select c.id, c.code, c.percent, c.amount_in_cents as amount, c.product_id, c.usage_limit, c.active,
          coalesce(c.expires_at <= now(), false) as "expired!",
          (
            select count(*)
            from coupon_uses u
            where u.coupon_id = c.id and not (u.under_way and u.user_id is not distinct from $2)
          ) as "used!"
        from coupons c
        where lower(c.code) = lower($1)"#,
        code,
        viewer.map(|user| user.0)
    )
    .fetch_optional(connection)
    .await
}

/// The buyer's own checkouts that are still open with a coupon which may be used so many times, the earliest first.
pub async fn own_open(db: &Db, buyer: &SignedIn, code: &str) -> sqlx::Result<Vec<CheckoutId>> {
    sqlx::query_scalar!(
        "select k.id
        from checkouts k
        join coupons c on c.id = k.coupon_id
        where k.user_id = $1 and k.status = 'open' and lower(c.code) = lower($2) and c.usage_limit is not null
        order by k.created_at",
        buyer.id as UserId,
        code
    )
    .fetch_all(db.pool())
    .await
}

/// Every coupon, newest first.
pub async fn list(db: &Db, _: &Admin) -> sqlx::Result<Vec<Coupon>> {
    let rows = sqlx::query!(
        r#"select c.id, c.code, c.percent, c.amount_in_cents as amount, c.product_id, p.name as "product?",
          c.usage_limit, c.active,
          (c.expires_at at time zone 'utc' - interval '1 day')::date::text as last_day, coalesce(c.expires_at <= now(), false) as "expired!",
          (select count(*) from coupon_uses u where u.coupon_id = c.id and not u.under_way) as "used!",
          (select count(*) from coupon_uses u where u.coupon_id = c.id and u.under_way) as "under_way!"
        from coupons c
        left join products p on p.id = c.product_id
        order by c.created_at desc, c.id"#
    )
    .fetch_all(db.pool())
    .await?;
    let coupons = rows.into_iter().filter_map(|row| {
        Some(Coupon {
            id: row.id,
            code: row.code,
            discount: discount(row.percent, row.amount)?,
            product: row.product_id.zip(row.product),
            used: row.used,
            under_way: row.under_way,
            limit: row.usage_limit,
            last_day: row.last_day.and_then(|day| day.parse().ok()).map(Date::words),
            expired: row.expired,
            active: row.active,
        })
    });
    Ok(coupons.collect())
}

/// What a coupon's form starts from: the stored one, or an empty one that is on, and every product.
pub async fn edit(db: &Db, admin: &Admin, id: Option<CouponId>) -> sqlx::Result<Option<CouponEdit>> {
    let products = products::names(db, admin).await?;
    let Some(id) = id else {
        let form = CouponForm { active: "on".into(), ..CouponForm::default() };
        return Ok(Some(CouponEdit { form, products }));
    };
    let row = sqlx::query!(
        "select code, percent, amount_in_cents as amount, product_id, usage_limit, active,
          (expires_at at time zone 'utc' - interval '1 day')::date::text as last_day
        from coupons
        where id = $1",
        id as CouponId
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| CouponEdit {
        form: CouponForm {
            code: row.code,
            discount: match (row.percent, row.amount) {
                (Some(percent), _) => format!("{percent}%"),
                (None, Some(amount)) => amount.typed(),
                (None, None) => String::new(),
            },
            product: row.product_id.map_or_else(String::new, |id| id.to_string()),
            limit: row.usage_limit.map_or_else(String::new, |limit| limit.to_string()),
            last_day: row.last_day.unwrap_or_default(),
            active: if row.active { "on".into() } else { String::new() },
        },
        products,
    }))
}

pub async fn create(tx: &mut PgConnection, _: &Admin, fields: CouponFields) -> Result<CouponId, AppError> {
    let (percent, amount) = columns(fields.discount);
    let id = sqlx::query_scalar!(
        "insert into coupons (code, percent, amount_in_cents, product_id, usage_limit, expires_at, active)
        values ($1, $2, $3, $4, $5, ($6::text::date + 1) at time zone 'utc', $7)
        returning id",
        fields.code,
        percent,
        amount as Option<Cents>,
        fields.product as Option<ProductId>,
        fields.limit,
        fields.last_day.map(|day| day.to_string()),
        fields.active
    )
    .fetch_one(tx)
    .await?;
    Ok(id)
}

/// Changes a coupon for whoever comes next: what was agreed with it stays as it was agreed.
pub async fn update(tx: &mut PgConnection, _: &Admin, id: CouponId, fields: CouponFields) -> Result<(), AppError> {
    let (percent, amount) = columns(fields.discount);
    let done = sqlx::query!(
        "update coupons
        set code = $2, percent = $3, amount_in_cents = $4, product_id = $5, usage_limit = $6,
          expires_at = ($7::text::date + 1) at time zone 'utc', active = $8
        where id = $1",
        id as CouponId,
        fields.code,
        percent,
        amount as Option<Cents>,
        fields.product as Option<ProductId>,
        fields.limit,
        fields.last_day.map(|day| day.to_string()),
        fields.active
    )
    .execute(tx)
    .await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

fn columns(discount: Discount) -> (Option<i32>, Option<Cents>) {
    match discount {
        Discount::Percent(percent) => (Some(percent), None),
        Discount::Amount(amount) => (None, Some(amount)),
    }
}

/// Deletes a coupon that nobody came with; refused by its foreign key where somebody did.
pub async fn delete(tx: &mut PgConnection, _: &Admin, id: CouponId) -> Result<(), AppError> {
    let done = sqlx::query!("delete from coupons where id = $1", id as CouponId).execute(tx).await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}
