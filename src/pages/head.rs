//! What a public page says of itself to search engines and link previews.

use super::visit::visit;
use leptos::prelude::*;
use leptos_meta::{Link, Meta, Title};

/// Title, description and the one address of a page; addresses are whole, for they are read elsewhere.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    #[prop(into)] description: String,
    #[prop(into)] path: String,
    #[prop(default = "website")] kind: &'static str,
    #[prop(optional, into)] image: String,
) -> impl IntoView {
    let origin = visit().origin;
    let address = format!("{origin}{path}");
    let image = if image.starts_with('/') { format!("{origin}{image}") } else { image };
    let image = (!image.is_empty()).then(|| view! { <Meta property="og:image" content=image /> });
    view! {
        <Title text=title.clone() />
        <Meta name="description" content=description.clone() />
        <Meta property="og:type" content=kind />
        <Meta property="og:site_name" content="Lectern" />
        <Meta property="og:title" content=title />
        <Meta property="og:description" content=description />
        <Link rel="canonical" href=address.clone() />
        <Meta property="og:url" content=address />
        {image}
    }
    .into_any()
}
