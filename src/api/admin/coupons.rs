use crate::domain::coupon::{Coupon, CouponEdit, CouponForm};
use crate::domain::id::CouponId;
use crate::error::AppError;
use leptos::prelude::*;

/// Every coupon with how often it was used, newest first.
#[server(endpoint = "admin/list_coupons")]
pub async fn list_coupons() -> Result<Vec<Coupon>, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    Ok(db::coupons::list(&context::state()?.db, &admin).await?)
}

/// What a coupon's form starts from; without an id, that of one to be made.
#[server(endpoint = "admin/get_coupon_edit")]
pub async fn get_coupon_edit(#[server(default)] id: Option<CouponId>) -> Result<CouponEdit, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    db::coupons::edit(&context::state()?.db, &admin, id).await?.ok_or(AppError::NotFound)
}

/// Makes a coupon and leads to the list.
#[server(endpoint = "admin/create_coupon")]
pub async fn create_coupon(form: CouponForm) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::coupons::create(tx, &admin, fields).await })).await?;
    leptos_axum::redirect("/admin/coupons");
    Ok(())
}

/// Changes a coupon for whoever comes next, and leads to the list.
#[server(endpoint = "admin/update_coupon")]
pub async fn update_coupon(id: CouponId, form: CouponForm) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::coupons::update(tx, &admin, id, fields).await })).await?;
    leptos_axum::redirect("/admin/coupons");
    Ok(())
}

/// Deletes a coupon that nobody came with, and leads to the list.
#[server(endpoint = "admin/delete_coupon")]
pub async fn delete_coupon(id: CouponId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::coupons::delete(tx, &admin, id).await })).await?;
    leptos_axum::redirect("/admin/coupons");
    Ok(())
}
