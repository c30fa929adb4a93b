//! The sales to take along, for their author.

use crate::domain::sales::SalesForm;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::context::AppState;
use crate::server::sales;
use axum::Router;
use axum::extract::{Extension, Query, State};
use axum::response::Response;
use axum::routing::get;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/admin/sales/export.csv"];

pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/sales/export.csv", get(export))
}

/// All pages of the sales that the address says.
async fn export(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Query(form): Query<SalesForm>,
) -> Response {
    let lines = async {
        let admin = viewer.admin()?;
        let (filter, _) = form.parse().ok_or(AppError::NotFound)?;
        sales::stream(state.db, admin, filter).await
    };
    super::csv::answer(lines.await, "sales.csv", "There are no such sales.\n")
}
