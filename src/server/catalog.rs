//! Products as the storefront shows them.

use super::auth::{Admin, Viewer};
use super::context::AppState;
use super::{db, markdown, payments};
use crate::domain::id::{CourseId, ProductId};
use crate::domain::money::{Cents, price_dollars};
use crate::domain::product::{ProductCard, ProductForm, ProductPage, ProductSketch};
use crate::domain::validate::picture;
use crate::error::AppError;

/// Characters of a product's summary on its card and in link previews.
const SUMMARY: usize = 180;

pub async fn storefront(state: &AppState, viewer: &Viewer) -> Result<Vec<ProductCard>, AppError> {
    let listed = db::offers::storefront(&state.db, viewer).await?;
    let card = |product: db::offers::Listed| ProductCard {
        id: product.id,
        name: product.name,
        summary: markdown::excerpt(&product.description, SUMMARY),
        image_url: product.image_url,
        price: product.price,
        courses: product.courses,
        lessons: product.lessons,
        owned: product.owned,
    };
    Ok(listed.into_iter().map(card).collect())
}

/// A product's page for a viewer who comes with a coupon's code, or with none.
pub async fn product(state: &AppState, viewer: &Viewer, id: ProductId, coupon: &str) -> Result<ProductPage, AppError> {
    let offer = db::offers::offer(&state.db, id, viewer).await?.ok_or(AppError::NotFound)?;
    let coupon = match coupon {
        "" => None,
        // What costs nothing or is bought has nothing to take off.
        _ if offer.owned || offer.price.is_free() => None,
        code => Some(payments::coupons::shown(&state.db, viewer, &offer, code).await?),
    };
    let courses: Vec<CourseId> = offer.courses.iter().copied().map(CourseId).collect();
    let courses = db::outlines::load(&state.db, &courses, viewer).await?;
    let summary = markdown::excerpt(&offer.description, SUMMARY);
    let description = state.rendered.text(offer.id.0, offer.updated_at, offer.description).await;
    Ok(ProductPage {
        id: offer.id,
        summary,
        description_html: description.to_string(),
        name: offer.name,
        image_url: offer.image_url,
        price: offer.price,
        status: offer.status,
        owned: offer.owned,
        coupon,
        courses,
    })
}

/// The card of a product as its form stands, whether that could be saved or not.
pub async fn sketch(
    state: &AppState,
    admin: &Admin,
    form: ProductForm,
    courses: &[CourseId],
) -> Result<ProductSketch, AppError> {
    let size = db::products::size(&state.db, admin, courses).await?;
    Ok(ProductSketch {
        name: form.name.trim().to_owned(),
        summary: markdown::excerpt(&form.description, SUMMARY),
        image_url: picture(form.image_url).unwrap_or_default(),
        price: price_dollars(&form.price_dollars).ok().map(|dollars| Cents(dollars * 100)),
        courses: size.courses,
        lessons: size.lessons,
    })
}
