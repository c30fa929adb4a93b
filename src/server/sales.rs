//! The sales, page by page and as a file.

mod csv;

pub use csv::stream;

use super::auth::Admin;
use super::db::{self, Db};
use crate::domain::sales::{Place, SaleTotals, SalesFilter, SalesList};
use crate::error::AppError;
use uuid::Uuid;

/// Sales of a page.
pub const PAGE: usize = 100;

/// A page of the sales. A product that is not there has none.
pub async fn list(db: &Db, admin: &Admin, filter: SalesFilter, after: Option<Place>) -> Result<SalesList, AppError> {
    let products = db::products::names(db, admin).await?;
    if filter.product.is_some_and(|product| products.iter().all(|(id, _)| *id != product)) {
        return Err(AppError::NotFound);
    }
    // One more than is shown says whether there is another page.
    let mut found = db::sales::find(db, admin, &filter, after.as_ref(), Some(PAGE as i64 + 1)).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more).map(db::sales::Standing::place);
    let ids: Vec<Uuid> = found.iter().map(|standing| standing.id.0).collect();
    Ok(SalesList {
        totals: found.first().map_or_else(SaleTotals::default, db::sales::Standing::totals),
        rows: db::sales::rows(db, admin, &ids).await?,
        next: last.map(|place| filter.query(Some(&place))),
        query: filter.query(None),
        products,
    })
}
