use super::head::PageHead;
use super::load::show;
use crate::api::catalog::GetStorefront;
use crate::components::badge::{Badge, BadgeKind};
use crate::components::card::{CardFace, price, size};
use crate::components::icon::{Icon, IconView};
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
    let size = size(product.courses, product.lessons);
    let note = if product.owned {
        view! { <Badge kind=BadgeKind::Done text="You own this" /> }.into_any()
    } else {
        view! { <span class="muted">{size}</span> }.into_any()
    };
    let title =
        view! { <h2 class="card-title"><a href=format!("/products/{}", product.id)>{product.name.clone()}</a></h2> };
    view! {
        <li class="card">
            <CardFace
                name=product.name
                image_url=product.image_url
                title=title.into_any()
                summary=product.summary
                price=price(product.price)
                note
            />
        </li>
    }
    .into_any()
}
