use super::head::PageHead;
use super::load::show;
use crate::api::catalog::GetStorefront;
use crate::components::badge::{Badge, BadgeKind};
use crate::components::cover::Cover;
use crate::components::icon::{Icon, IconView};
use crate::domain::deletion::count;
use crate::domain::money::Cents;
use crate::domain::product::ProductCard;
use leptos::prelude::*;

/// The storefront.
#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <PageHead title="Courses" description="Courses that you buy once and keep." path="/" />
        <main class="page" id="main" tabindex="-1">
            <div class="hero">
                <h1>"Courses you buy once and keep"</h1>
                <p class="lede">"Pay once, learn at your own pace, and come back whenever you like."</p>
            </div>
            {show::<GetStorefront>("", |products| view! { <Storefront products /> }.into_any())}
        </main>
    }
}

#[component]
fn Storefront(products: Vec<ProductCard>) -> impl IntoView {
    if products.is_empty() {
        return view! {
            <div class="empty">
                <IconView icon=Icon::Book />
                <h2>"Nothing is for sale yet"</h2>
                <p>"Courses appear here as soon as the author opens the doors."</p>
            </div>
        }
        .into_any();
    }
    let cards = products.into_iter().map(|product| view! { <Card product /> });
    view! { <ul class="grid" role="list">{cards.collect_view()}</ul> }.into_any()
}

#[component]
fn Card(product: ProductCard) -> impl IntoView {
    let lessons = count(product.lessons, "lesson", "lessons");
    let size = if product.courses > 1 { format!("{} courses · {lessons}", product.courses) } else { lessons };
    let note = if product.owned {
        view! { <Badge kind=BadgeKind::Done text="You own this" /> }.into_any()
    } else {
        view! { <span class="muted">{size}</span> }.into_any()
    };
    view! {
        <li class="card">
            <Cover title=product.name.clone() image_url=product.image_url />
            <div class="card-body">
                <h2 class="card-title"><a href=format!("/products/{}", product.id)>{product.name}</a></h2>
                <p class="card-text">{product.summary}</p>
                <p class="card-foot"><span class="price">{price(product.price)}</span>{note}</p>
            </div>
        </li>
    }
    .into_any()
}

/// A price as it stands on a card.
pub fn price(price: Cents) -> String {
    if price.is_free() { "Free".to_owned() } else { price.to_string() }
}
