//! Routes that are no pages: health, and what search engines ask for.

use crate::domain::id::CourseId;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::context::AppState;
use crate::server::db;
use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/healthz", "/readyz", "/robots.txt", "/sitemap.xml", "/courses/{course}/notes.md"];

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemap))
        .route("/courses/{course}/notes.md", get(notes))
}

/// A learner's notes on a course, to keep as Markdown.
async fn notes(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(course): Path<String>,
) -> Response {
    let notes = async {
        let course: CourseId = course.parse().map_err(|_| AppError::NotFound)?;
        let learner = viewer.signed_in()?.entitled(&state.db, course).await?;
        Ok::<_, AppError>(db::notes::of_course(&state.db, &learner).await?)
    };
    let notes = match notes.await {
        Ok(notes) => notes,
        Err(error) => {
            return super::text(super::answers::status(&error), "There are no notes here.\n");
        }
    };
    let mut text = "# Notes\n".to_owned();
    let mut under = None;
    for (section, lesson, body) in &notes {
        if under != Some(section) {
            text.push_str(&format!("\n## {section}\n"));
            under = Some(section);
        }
        text.push_str(&format!("\n### {lesson}\n\n{body}\n"));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/markdown; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=notes.md"),
    ];
    (headers, text).into_response()
}

/// The process lives.
async fn healthz() -> Response {
    super::text(StatusCode::OK, "ok\n")
}

/// The database answers.
async fn readyz(State(state): State<AppState>) -> Response {
    match db::answers(&state.db.reserved()).await {
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
    let products = match db::offers::public_ids(&state.db).await {
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
