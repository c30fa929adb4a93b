//! What a public page says of itself to search engines and link previews.

use super::session::Session;
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
    let session = Session::expect();
    let addresses = move || {
        let visit = session.visit()?;
        let address = format!("{}{path}", visit.origin);
        let image = match image.strip_prefix('/') {
            Some(_) => format!("{}{image}", visit.origin),
            None => image.clone(),
        };
        let image = (!image.is_empty()).then(|| view! { <Meta property="og:image" content=image /> });
        Some(view! {
            <Link rel="canonical" href=address.clone() />
            <Meta property="og:url" content=address />
            {image}
        })
    };
    view! {
        <Title text=title.clone() />
        <Meta name="description" content=description.clone() />
        <Meta property="og:type" content=kind />
        <Meta property="og:site_name" content="Lectern" />
        <Meta property="og:title" content=title />
        <Meta property="og:description" content=description />
        <Transition>{addresses}</Transition>
    }
    .into_any()
}
