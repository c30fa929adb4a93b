//! One's own picture, as a form of one file sends it.

use super::covers::{picture, sent};
use super::forms::{Pages, Refusal};
use crate::domain::import::Refused;
use crate::server::auth::Viewer;
use crate::server::context::AppState;
use crate::server::db;
use axum::Router;
use axum::extract::{Extension, Multipart, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/account/picture"];

/// The page that the form stands on.
const PAGE: &str = "/account";

pub fn routes() -> Router<AppState> {
    Router::new().route("/account/picture", post(take).get(async || Redirect::temporary(PAGE)))
}

async fn take(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(pages): Extension<Pages>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let kept = async {
        let person = viewer.signed_in()?;
        let bytes = sent(form).await?;
        let content_type = picture(&bytes)?;
        let put = state.db.write(move |tx| {
            Box::pin(async move { db::covers::put_portrait(tx, &person, content_type, &bytes).await })
        });
        put.await.map_err(Refusal::from)
    };
    match kept.await {
        Ok(()) => Redirect::to(PAGE).into_response(),
        Err(Refusal(status, sentence)) => pages.answer(PAGE, headers, status, Refused(sentence)).await,
    }
}
