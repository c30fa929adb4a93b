use super::error::ErrorView;
use super::load::show;
use super::params;
use super::visit::user;
use crate::api::catalog::GetProduct;
use crate::api::purchases::StartCheckout;
use crate::components::cover::Cover;
use crate::components::form::Submit;
use crate::components::response::{Allow, Reach};
use crate::domain::coupon::{CODE_MAX, Redeemed};
use crate::domain::id::ProductId;
use crate::domain::money::Cents;
use crate::domain::product::ProductPage as Product;
use crate::error::AppError;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

/// What is about to be bought, for how much, by whom.
#[component]
pub fn PurchasePage() -> impl IntoView {
    let user = user();
    let order = move |product| match user {
        Some(user) => view! { <Order product email=user.email /> }.into_any(),
        None => view! { <ErrorView error=AppError::SignInRequired /> }.into_any(),
    };
    view! { <main class="page page--reading" id="main" tabindex="-1">{show::<GetProduct>(params::product_and_coupon(), order)}</main> }
}

#[component]
fn Order(product: Product, email: String) -> impl IntoView {
    if let Some(allow) = use_context::<Allow>() {
        allow.run(Reach::Payment);
    }
    let start = FormTarget::of::<StartCheckout>();
    let price = product.price.to_string();
    let (to_pay, code) = product.to_pay();
    let (lede, pay) = if to_pay.is_free() {
        ("It costs nothing.", "Get it free".to_owned())
    } else {
        ("One payment. No subscription.", format!("Pay {to_pay}"))
    };
    let code = code.map(str::to_owned).unwrap_or_default();
    let off = (!code.is_empty()).then(|| {
        let off = Cents(product.price.0 - to_pay.0);
        view! { <div><dt>{format!("Coupon {code}")}</dt><dd>{format!("−{off}")}</dd></div> }
    });
    let coupon = (!product.price.is_free() && !product.owned).then(|| {
        view! { <Coupon product=product.id coupon=product.coupon.clone() /> }
    });
    view! {
        <Title text=format!("Buy {}", product.name) />
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>
                <li><a href="/">"Courses"</a></li>
                <li><a href=format!("/products/{}", product.id)>{product.name.clone()}</a></li>
                <li><span aria-current="page">"Purchase"</span></li>
            </ol>
        </nav>
        <div class="page-header">
            <div>
                <h1>"Your purchase"</h1>
                <p class="lede">{lede}</p>
            </div>
        </div>
        <div class="panel stack">
            <div class="order">
                <Cover title=product.name.clone() image_url=product.image_url />
                <div><p class="order-name">{product.name}</p></div>
                <span class="price">{price.clone()}</span>
            </div>
            <dl class="facts">
                <div><dt>"Price"</dt><dd>{price.clone()}</dd></div>
                {off}
                <div><dt>"Bought by"</dt><dd>{email}</dd></div>
                <div class="facts-total"><dt>"You pay"</dt><dd>{to_pay.to_string()}</dd></div>
            </dl>
            {coupon}
            <Form to=start>
                <input type="hidden" name="product" value=product.id.to_string() />
                <input type="hidden" name="coupon" value=code />
                <input type="hidden" name="price" value=to_pay.0.to_string() />
                <Submit class="button button--primary button--large button--block">{pay}</Submit>
            </Form>
        </div>
    }
    .into_any()
}

/// Where a coupon's code is typed: a form that is an address, which is also what a link with a coupon is.
#[component]
fn Coupon(product: ProductId, coupon: Option<Redeemed>) -> impl IntoView {
    let here = format!("/products/{product}/purchase");
    let (typed, error) = match coupon {
        Some(Redeemed::Taken { .. }) => {
            return view! { <p class="small"><a href=here>"Buy without this coupon"</a></p> }.into_any();
        }
        Some(Redeemed::Refused { code, why }) => (code, Some(why.words())),
        None => (String::new(), None),
    };
    let open = error.is_some();
    view! {
        <details class="coupon" open=open>
            <summary>"I have a coupon"</summary>
            <form class="cluster" method="get" action=here>
                <input
                    class="input"
                    name="coupon"
                    value=typed
                    required
                    maxlength=CODE_MAX
                    autocomplete="off"
                    spellcheck="false"
                    aria-label="Coupon code"
                    aria-invalid=open.then_some("true")
                    aria-describedby="coupon-error"
                />
                <button class="button" type="submit">"Apply"</button>
            </form>
            <p class="field-error" id="coupon-error" role="alert">{error}</p>
        </details>
    }
    .into_any()
}
