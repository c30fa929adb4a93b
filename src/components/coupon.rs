use super::card::price;
use crate::domain::coupon::Redeemed;
use crate::domain::money::Cents;
use leptos::prelude::*;

/// A price as a buyer sees it who may have come with a code: what it takes off, or why it takes nothing off.
#[component]
pub fn CouponPrice(list: Cents, coupon: Option<Redeemed>) -> impl IntoView {
    match coupon {
        None => view! { <p class="price price--large">{price(list)}</p> }.into_any(),
        Some(Redeemed::Taken { code, discount, price: left }) => view! {
            <p class="price price--large">
                <s><span class="visually-hidden">"Instead of "</span>{price(list)}</s>
                " "
                {price(left)}
            </p>
            <p class="small">{format!("With {code}: {} off", discount.words())}</p>
        }
        .into_any(),
        Some(Redeemed::Refused { code, why }) => view! {
            <p class="price price--large">{price(list)}</p>
            <p class="small muted">{format!("{code}: {}", why.words())}</p>
        }
        .into_any(),
    }
}
