use super::load::show;
use super::params;
use crate::api::purchases::ReturnFromCheckout;
use crate::components::badge::{Badge, BadgeKind};
use crate::domain::purchase::{CheckoutReturn, ReturnState};
use leptos::prelude::*;
use leptos_meta::Title;

/// Where a provider leads back to. Who has paid is led on to the receipt; to everyone else it says how things stand.
#[component]
pub fn CheckoutReturnPage() -> impl IntoView {
    view! {
        <Title text="Your payment" />
        <main class="page page--narrow" id="main" tabindex="-1">
            {show::<ReturnFromCheckout>(params::argument("id", "checkout"), |returned| view! { <Standing returned /> }.into_any())}
        </main>
    }
}

#[component]
fn Standing(returned: CheckoutReturn) -> impl IntoView {
    let product = format!("/products/{}", returned.product_id);
    let (kind, badge, title, words, way, label) = match returned.state {
        ReturnState::Bought(purchase) => (
            BadgeKind::Paid,
            "Paid",
            "Thank you",
            "Your payment went through.",
            format!("/purchases/{purchase}"),
            "Go to the receipt",
        ),
        ReturnState::UnderWay => (
            BadgeKind::Pending,
            "On its way",
            "Your payment is on its way",
            "This way of paying takes some days. The course opens by itself as soon as the money is there: there is \
             nothing more to do, and nothing to pay again.",
            "/purchases".to_owned(),
            "Go to your purchases",
        ),
        ReturnState::Open => (
            BadgeKind::Pending,
            "Not paid",
            "Nothing was paid yet",
            "The payment was not finished. Nothing was charged.",
            format!("{product}/purchase"),
            "Try again",
        ),
        ReturnState::Closed => (
            BadgeKind::Refunded,
            "Not paid",
            "This payment did not go through",
            "It was given up, took too long, or was declined. Nothing was bought by it.",
            format!("{product}/purchase"),
            "Try again",
        ),
        ReturnState::Differs => (
            BadgeKind::Pending,
            "Being looked at",
            "Something does not fit",
            "The amount paid is not the price agreed. It has been written down, and the author will look at it: please \
             do not pay again.",
            "/purchases".to_owned(),
            "Go to your purchases",
        ),
    };
    view! {
        <div class="panel demo-till stack">
            <div class="stack stack--s">
                <p><Badge kind text=badge /></p>
                <h1>{title}</h1>
                <p class="muted">{words}</p>
            </div>
            <a class="button button--primary button--large button--block" href=way>{label}</a>
        </div>
    }
    .into_any()
}
