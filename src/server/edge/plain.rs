//! Routes that are no pages: health, and what search engines ask for.

use crate::error::AppError;
use crate::server::context::AppState;
use crate::server::db;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/healthz", "/readyz", "/robots.txt", "/sitemap.xml"];

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemap))
}

/// The process lives.
async fn healthz() -> Response {
    super::text(StatusCode::OK, "ok\n")
}

/// The database answers.
async fn readyz(State(state): State<AppState>) -> Response {
    match db::answers(&state.db).await {
        Ok(()) => super::text(StatusCode::OK, "ready\n"),
        Err(_) => super::text(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}

async fn robots(State(state): State<AppState>) -> Response {
    let body = format!(
        "User-agent: *\nDisallow: /admin\nDisallow: /api/\nDisallow: /purchases\nDisallow: /checkouts\nSitemap: {}\n",
        state.config.absolute("/sitemap.xml")
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response()
}

/// The storefront and every public product.
async fn sitemap(State(state): State<AppState>) -> Response {
    let products = match db::products::public_ids(&state.db).await {
        Ok(products) => products,
        Err(error) => return super::answers::page(&state.leptos_options, &AppError::from(error)),
    };
    let paths = std::iter::once("/".to_owned()).chain(products.iter().map(|id| format!("/products/{id}")));
    let urls: String = paths.map(|path| format!("<url><loc>{}</loc></url>\n", state.config.absolute(&path))).collect();
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{urls}</urlset>\n"
    );
    ([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], body).into_response()
}
