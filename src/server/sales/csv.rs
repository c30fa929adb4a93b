//! The sales as a file.

use crate::domain::money::TotalCents;
use crate::domain::sale::Sale;
use crate::domain::sales::SalesFilter;
use crate::error::AppError;
use crate::server::auth::Admin;
use crate::server::csv::{self, cell, joined, line};
use crate::server::db::{self, Db};
use axum::body::Bytes;
use futures::Stream;
use std::io;
use uuid::Uuid;

const HEAD: [&str; 11] = [
    "Purchase",
    "Date (UTC)",
    "Product",
    "Buyer",
    "E-mail",
    "State",
    "Paid (USD)",
    "Refunded (USD)",
    "Net (USD)",
    "Method",
    "Payment",
];

/// The sales' lines, newest first. What is found is found once, 16 bytes a sale.
pub async fn stream(
    db: Db,
    admin: Admin,
    filter: SalesFilter,
) -> Result<impl Stream<Item = io::Result<Bytes>> + Send, AppError> {
    let found = db::sales::find(&db, &admin, &filter, None, None).await?;
    let ids: Vec<Uuid> = found.into_iter().map(|standing| standing.id.0).collect();
    Ok(csv::stream(line(HEAD), ids, move |some| {
        let (db, admin) = (db.clone(), admin.clone());
        async move { Ok(db::sales::rows(&db, &admin, &some).await?.iter().map(row).collect()) }
    }))
}

fn row(sale: &Sale) -> String {
    let purchase = &sale.purchase;
    joined([
        cell(&purchase.id.to_string()),
        cell(&purchase.created_at.0),
        cell(&purchase.product.name),
        cell(&sale.buyer_name),
        cell(&sale.buyer_email),
        cell(&sale.states().join("; ")),
        TotalCents::from(purchase.paid).plain(),
        purchase.refunded.plain(),
        purchase.net().plain(),
        cell(purchase.method.label()),
        cell(sale.payment.as_deref().unwrap_or_default()),
    ])
}
