use super::app::App;
use super::builders::{Product, token};
use lectern::domain::id::CouponId;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Coupon {
    pub id: CouponId,
    pub code: String,
}

#[derive(Default)]
pub struct CouponBuilder {
    percent: Option<i32>,
    cents: Option<i32>,
    product: Option<Uuid>,
    limit: Option<i32>,
    off: bool,
}

/// A coupon for everything, without bounds, that takes off a part in percent.
pub fn coupon(percent: i32) -> CouponBuilder {
    CouponBuilder { percent: Some(percent), ..CouponBuilder::default() }
}

/// One that takes off so many cents.
pub fn amount_coupon(cents: i32) -> CouponBuilder {
    CouponBuilder { cents: Some(cents), ..CouponBuilder::default() }
}

impl CouponBuilder {
    pub fn of(self, product: &Product) -> Self {
        Self { product: Some(product.id.0), ..self }
    }

    pub fn limit(self, limit: i32) -> Self {
        Self { limit: Some(limit), ..self }
    }

    pub fn off(self) -> Self {
        Self { off: true, ..self }
    }

    pub async fn create(self, app: &App) -> Coupon {
        let (id, code) = (Uuid::new_v4(), format!("CODE-{}", token()));
        sqlx::query(
            "insert into coupons (id, code, percent, amount_in_cents, product_id, usage_limit, active)
            values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id)
        .bind(&code)
        .bind(self.percent)
        .bind(self.cents)
        .bind(self.product)
        .bind(self.limit)
        .bind(!self.off)
        .execute(&app.pool)
        .await
        .expect("the coupon is stored");
        Coupon { id: CouponId(id), code }
    }
}
