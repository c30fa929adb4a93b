use super::load::show;
use super::params;
use crate::api::purchases::{GetPurchase, ListPurchases};
use crate::components::badge::{Badge, BadgeKind};
use crate::components::cover::Cover;
use crate::components::icon::{Icon, IconView};
use crate::components::notice::{Notice, NoticeKind};
use crate::domain::purchase::{Purchase, PurchaseState};
use crate::domain::time::Timestamp;
use leptos::prelude::*;
use leptos_meta::Title;

/// Everything one has bought, refunded or not.
#[component]
pub fn PurchasesPage() -> impl IntoView {
    view! {
        <Title text="Purchases" />
        <main class="page page--reading" id="main" tabindex="-1">
            <div class="page-header"><div><h1>"Purchases"</h1></div></div>
            {show::<ListPurchases>("", |purchases| view! { <History purchases /> }.into_any())}
        </main>
    }
}

#[component]
fn History(purchases: Vec<Purchase>) -> impl IntoView {
    if purchases.is_empty() {
        return view! {
            <div class="empty">
                <IconView icon=Icon::Receipt />
                <h2>"No purchases yet"</h2>
                <p>"What you buy stands here, with its receipt."</p>
                <a class="button button--primary" href="/">"Look at the courses"</a>
            </div>
        }
        .into_any();
    }
    let rows = purchases.into_iter().map(|purchase| {
        view! {
            <li class="purchase">
                <a href=format!("/purchases/{}", purchase.id)>{purchase.product.name.clone()}</a>
                <span class="price">{purchase.paid.to_string()}</span>
                <span class="small muted"><Day time=purchase.created_at.clone() /></span>
                <State purchase />
            </li>
        }
    });
    view! { <ul role="list">{rows.collect_view()}</ul> }.into_any()
}

/// Paid or given back, in a word.
#[component]
pub fn State(purchase: Purchase) -> impl IntoView {
    let state = purchase.state();
    let (kind, text) = match state {
        PurchaseState::PartlyRefunded => (BadgeKind::Refunded, format!("{} refunded", purchase.refunded)),
        PurchaseState::Refunded => (BadgeKind::Refunded, state.label().to_owned()),
        PurchaseState::Free | PurchaseState::Paid => (BadgeKind::Paid, state.label().to_owned()),
    };
    view! { <Badge kind text /> }.into_any()
}

/// A day that machines can read too.
#[component]
pub fn Day(time: Timestamp) -> impl IntoView {
    let day = time.day();
    view! { <time datetime=time.0>{day}</time> }
}

/// What was bought, told from the snapshot of that day.
#[component]
pub fn ReceiptPage() -> impl IntoView {
    view! {
        <Title text="Receipt" />
        <main class="page page--reading" id="main" tabindex="-1">
            {show::<GetPurchase>(params::argument("id", "purchase"), |purchase| view! { <Receipt purchase /> }.into_any())}
        </main>
    }
}

#[component]
fn Receipt(purchase: Purchase) -> impl IntoView {
    let refunded = purchase.refunded;
    let total = purchase.net();
    let notice = purchase.refunded_at.clone().map(|day| {
        view! {
            <Notice kind=NoticeKind::Info title="This purchase was refunded">
                <p>
                    {format!("{} went back on ", refunded)}
                    <Day time=day />
                    ". Courses that nothing else gives you are closed."
                </p>
            </Notice>
        }
    });
    let open = purchase.refunded_at.is_none().then(|| {
        view! { <p><a class="button button--primary" href="/courses">"Go to my courses"<IconView icon=Icon::ArrowRight /></a></p> }
    });
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>
                <li><a href="/purchases">"Purchases"</a></li>
                <li><span aria-current="page">"Receipt"</span></li>
            </ol>
        </nav>
        <article class="panel receipt">
            <header><h1>"Receipt"</h1><State purchase=purchase.clone() /></header>
            {notice}
            <div class="order">
                <Cover title=purchase.product.name.clone() image_url=purchase.product.image_url.clone() />
                <div><p class="order-name">{purchase.product.name.clone()}</p></div>
                <span class="price">{purchase.paid.to_string()}</span>
            </div>
            <dl class="facts">
                <div><dt>"Number"</dt><dd>{purchase.id.to_string()}</dd></div>
                <div><dt>"Date"</dt><dd><Day time=purchase.created_at.clone() /></dd></div>
                <div><dt>"Paid by"</dt><dd>{purchase.method.label()}</dd></div>
                <div><dt>"Paid"</dt><dd>{purchase.paid.to_string()}</dd></div>
                {(refunded.0 > 0).then(|| view! { <div><dt>"Refunded"</dt><dd>{format!("−{refunded}")}</dd></div> })}
                <div class="facts-total"><dt>"Total"</dt><dd>{total.to_string()}</dd></div>
            </dl>
            {open}
        </article>
    }
    .into_any()
}
