use super::load::show;
use super::params;
use crate::api::purchases::{CancelCheckout, GetCheckout, PayDemoCheckout};
use crate::components::badge::{Badge, BadgeKind};
use crate::components::form::Submit;
use crate::domain::purchase::CheckoutPage as Checkout;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

/// The demo's payment page, where a provider's would be.
#[component]
pub fn CheckoutPage() -> impl IntoView {
    view! {
        <Title text="Demo payment" />
        <main class="page page--narrow" id="main" tabindex="-1">
            {show::<GetCheckout>(params::argument("id", "checkout"), |checkout| view! { <Till checkout /> }.into_any())}
        </main>
    }
}

#[component]
fn Till(checkout: Checkout) -> impl IntoView {
    let pay = FormTarget::of::<PayDemoCheckout>();
    let cancel = FormTarget::of::<CancelCheckout>();
    let (id, same_id) = (checkout.id.to_string(), checkout.id.to_string());
    view! {
        <div class="panel demo-till stack">
            <div class="stack stack--s">
                <p><Badge kind=BadgeKind::Pending text="Demo" /></p>
                <h1>"This is a demo payment page"</h1>
                <p class="muted">"No card is asked for and nothing is charged."</p>
            </div>
            <dl class="facts">
                <div><dt>"Item"</dt><dd>{checkout.product.name}</dd></div>
                <div class="facts-total"><dt>"Amount"</dt><dd>{checkout.price.to_string()}</dd></div>
            </dl>
            <div class="stack stack--s">
                <Form to=pay>
                    <input type="hidden" name="id" value=id />
                    <Submit class="button button--primary button--large button--block">
                        {format!("Pay {}", checkout.price)}
                    </Submit>
                </Form>
                <Form to=cancel>
                    <input type="hidden" name="id" value=same_id />
                    <Submit class="button button--block">"Cancel"</Submit>
                </Form>
            </div>
        </div>
    }
    .into_any()
}
