//! The roster to take along, for its author.

use crate::domain::people::PeopleForm;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::context::AppState;
use crate::server::people;
use axum::Router;
use axum::extract::{Extension, Query, State};
use axum::response::Response;
use axum::routing::get;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/admin/people/export.csv"];

pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/people/export.csv", get(export))
}

/// All pages of the roster that the address says, in its order.
async fn export(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Query(form): Query<PeopleForm>,
) -> Response {
    let lines = async {
        let admin = viewer.admin()?;
        let (filter, _) = form.parse().ok_or(AppError::NotFound)?;
        people::stream(state.db, admin, filter).await
    };
    super::csv::answer(lines.await, "people.csv", "There are no such people.\n")
}
