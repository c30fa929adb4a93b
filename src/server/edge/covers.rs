//! Pictures of products, and the cards that show them. Pictures are taken from an admin, as the browser cut them or, without script, as they are; and handed out
//! to everybody; a card is drawn as the product's form stands.

use super::forms::{Pages, Refusal};
use crate::components::card::CardSketch;
use crate::domain::cover::{self, COVER_MAX};
use crate::domain::file::{FileKind, size};
use crate::domain::id::{CourseId, ProductId};
use crate::domain::import::Refused;
use crate::domain::product::ProductForm;
use crate::error::AppError;
use crate::server::auth::{Admin, Viewer};
use crate::server::context::AppState;
use crate::server::files::kind::{self, Found};
use crate::server::{catalog, db};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, Multipart, Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use leptos::prelude::*;
use serde::Deserialize;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] =
    &["/covers/{cover}", "/admin/covers", "/admin/products/{product}/cover", "/admin/products/card"];

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/covers/{cover}", get(show))
        .route("/admin/covers", post(take))
        .route("/admin/products/{product}/cover", post(plain_form).get(form))
        .route("/admin/products/card", post(card))
}

/// A picture never changes under its address.
async fn show(State(state): State<AppState>, Path(cover): Path<String>) -> Response {
    let found = match cover.parse() {
        Ok(id) => db::covers::get(&state.db, id).await.map_err(AppError::from),
        Err(_) => Ok(None),
    };
    match found {
        Ok(Some(cover)) => {
            let headers: [(HeaderName, &str); 3] = [
                (header::CONTENT_TYPE, &cover.content_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
                (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
            ];
            (headers, cover.bytes).into_response()
        }
        Ok(None) => super::text(StatusCode::NOT_FOUND, "There is no such picture.\n"),
        Err(error) => super::text(super::answers::status(&error), "The picture cannot be read now.\n"),
    }
}

/// The bytes of a picture; answers where it is.
async fn take(State(state): State<AppState>, Extension(viewer): Extension<Viewer>, bytes: Bytes) -> Response {
    let kept = async {
        let admin = viewer.admin()?;
        let content_type = picture(&bytes)?;
        let insert = state
            .db
            .write(move |tx| Box::pin(async move { db::covers::insert(tx, &admin, content_type, &bytes).await }));
        insert.await
    };
    match kept.await {
        Ok(id) => (StatusCode::CREATED, [(header::LOCATION, cover::address(id))]).into_response(),
        Err(error) => super::answers::data(&error),
    }
}

/// What was sent has no page of its own: whoever opens its address is led to the form.
async fn form(Path(product): Path<ProductId>) -> Redirect {
    Redirect::temporary(&format!("/admin/products/{product}/edit"))
}

/// A form of one file: the product's picture from now on. Leads back to the product's form.
async fn plain_form(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(pages): Extension<Pages>,
    Path(product): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let page = format!("/admin/products/{product}/edit");
    let kept = async {
        let admin = viewer.admin()?;
        let product = product.parse().map_err(|_| AppError::NotFound)?;
        put(&state, admin, product, &sent(form).await?).await.map_err(Refusal::from)
    };
    match kept.await {
        Ok(()) => Redirect::to(&page).into_response(),
        Err(Refusal(status, sentence)) => pages.answer(&page, headers, status, Refused(sentence)).await,
    }
}

async fn put(state: &AppState, admin: Admin, product: ProductId, bytes: &Bytes) -> Result<(), AppError> {
    let content_type = picture(bytes)?;
    let bytes = bytes.clone();
    let put = state
        .db
        .write(move |tx| Box::pin(async move { db::covers::put(tx, &admin, product, content_type, &bytes).await }));
    put.await
}

/// How deep the names of a form's fields go, `form[name]`.
const FORM_DEPTH: usize = 2;

/// A product's form as it stands.
#[derive(Deserialize)]
struct Typed {
    form: ProductForm,
    #[serde(default)]
    courses: Vec<CourseId>,
}

/// The card that would stand in the storefront, as HTML. Nothing is saved by it.
async fn card(State(state): State<AppState>, Extension(viewer): Extension<Viewer>, body: Bytes) -> Response {
    let sketch = async {
        let admin = viewer.admin()?;
        // Not strict: browsers percent-encode the brackets of names.
        let form = serde_qs::Config::new(FORM_DEPTH, false);
        let typed: Typed =
            form.deserialize_bytes(&body).map_err(|_| AppError::refused("This is no product's form."))?;
        catalog::sketch(&state, &admin, typed.form, &typed.courses).await
    };
    match sketch.await {
        Ok(card) => Html(Owner::new().with(|| view! { <CardSketch card /> }.to_html())).into_response(),
        Err(error) => super::answers::data(&error),
    }
}

/// The bytes of the form's file.
pub(super) async fn sent(mut form: Multipart) -> Result<Bytes, Refusal> {
    while let Some(field) = form.next_field().await? {
        if field.name() == Some("picture") {
            return Ok(field.bytes().await?);
        }
    }
    Ok(Bytes::new())
}

/// What a picture is, by its bytes; the error says what to choose instead.
pub(super) fn picture(bytes: &[u8]) -> Result<&'static str, AppError> {
    let refused = |words: String| Err(AppError::invalid("picture", words));
    if bytes.is_empty() {
        return refused("Choose a picture first.".to_owned());
    }
    if bytes.len() > COVER_MAX {
        let most = size(i64::try_from(COVER_MAX).unwrap_or(i64::MAX));
        return refused(format!("This picture has more than {most}: make it smaller."));
    }
    // What is drawn by a program (SVG) is left out: nothing of a picture that everybody sees may ever run.
    match kind::of("", bytes.get(..kind::HEAD).unwrap_or(bytes)) {
        Ok(Found::File(FileKind::Picture, content_type)) => Ok(content_type),
        _ => refused("This is no picture that browsers show: choose a PNG, JPEG, WebP, AVIF or GIF.".to_owned()),
    }
}
