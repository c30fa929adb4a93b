use super::cover::Cover;
use crate::domain::deletion::count;
use crate::domain::money::Cents;
use crate::domain::product::ProductSketch;
use leptos::prelude::*;

/// What a card shows.
#[component]
pub fn CardFace(
    name: String,
    image_url: String,
    /// The name as it stands below the cover.
    title: AnyView,
    summary: String,
    price: String,
    note: AnyView,
) -> impl IntoView {
    view! {
        <Cover title=name image_url />
        <div class="card-body">
            {title}
            <p class="card-text">{summary}</p>
            <p class="card-foot"><span class="price">{price}</span>{note}</p>
        </div>
    }
    .into_any()
}

/// What a product holds, in words.
pub fn size(courses: i64, lessons: i64) -> String {
    let lessons = count(lessons, "lesson", "lessons");
    if courses > 1 { format!("{courses} courses · {lessons}") } else { lessons }
}

/// A product's card in the storefront, as its form stands.
#[component]
pub fn CardSketch(card: ProductSketch) -> impl IntoView {
    let name = if card.name.is_empty() { "Name of the product".to_owned() } else { card.name };
    let price = card.price.map_or_else(|| "No price yet".to_owned(), price);
    let title = view! { <p class="card-title">{name.clone()}</p> }.into_any();
    let note = view! { <span class="muted">{size(card.courses, card.lessons)}</span> }.into_any();
    view! { <CardFace name image_url=card.image_url title summary=card.summary price note /> }
}

/// A price as it stands on a card.
pub fn price(price: Cents) -> String {
    if price.is_free() { "Free".to_owned() } else { price.to_string() }
}
