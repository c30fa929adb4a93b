use crate::domain::id::PurchaseId;
use crate::domain::purchase::Figures;
use crate::domain::refund::RefundForm;
use crate::domain::sale::SalePage;
use crate::domain::sales::SalesList;
use crate::domain::trend::Trend;
use crate::error::AppError;
use leptos::prelude::*;

#[server(endpoint = "admin/get_figures")]
pub async fn get_figures() -> Result<Figures, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    Ok(db::figures::read(&context::state()?.db, &admin).await?)
}

/// The figures over time, up to now; the range as addresses say it.
#[server(endpoint = "admin/get_trend")]
pub async fn get_trend(#[server(default)] range: String) -> Result<Trend, AppError> {
    use crate::domain::trend::TrendRange;
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let range = TrendRange::parse(&range).ok_or(AppError::NotFound)?;
    Ok(db::trends::read(&context::state()?.db, &admin, range, chrono::Utc::now()).await?)
}

/// A page of the sales, newest first: found by a part of the buyer's or the product's name or by an id, of a product, in
/// one of [`crate::domain::sales::SaleState`]'s states, between two days, from after a place on. What the address says
/// and cannot be is not found.
#[server(endpoint = "admin/list_sales")]
pub async fn list_sales(
    #[server(default)] q: String,
    #[server(default)] product: String,
    #[server(default)] state: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
    #[server(default)] after: String,
) -> Result<SalesList, AppError> {
    use crate::domain::sales::SalesForm;
    use crate::server::{context, sales};
    let admin = context::viewer().admin()?;
    let (filter, after) = SalesForm { q, product, state, from, to, after }.parse().ok_or(AppError::NotFound)?;
    sales::list(&context::state()?.db, &admin, filter, after).await
}

/// A purchase with all that happened to it.
#[server(endpoint = "admin/get_sale")]
pub async fn get_sale(id: PurchaseId) -> Result<SalePage, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    db::sales::get(&context::state()?.db, &admin, id).await?.ok_or(AppError::NotFound)
}

/// Gives money of a purchase back, all that is left of it where the form names no amount: the access that it alone
/// supports ends with the last cent.
#[server(endpoint = "admin/refund_purchase")]
pub async fn refund_purchase(id: PurchaseId, #[server(default)] form: RefundForm) -> Result<(), AppError> {
    use crate::server::{context, payments};
    let admin = context::viewer().admin()?;
    payments::refunds::request(&context::state()?, admin, id, form.validate()?).await
}
