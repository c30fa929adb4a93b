use crate::domain::id::PurchaseId;
use crate::domain::purchase::{Figures, Sale};
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

/// The latest 200 sales, newest first.
#[server(endpoint = "admin/list_sales")]
pub async fn list_sales() -> Result<Vec<Sale>, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    Ok(db::purchases::sales(&context::state()?.db, &admin, 200).await?)
}

/// Gives a whole purchase back: the access that it alone supports ends with it.
#[server(endpoint = "admin/refund_purchase")]
pub async fn refund_purchase(id: PurchaseId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::purchases::refund_whole(tx, &admin, id).await })).await
}
