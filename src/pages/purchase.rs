use super::error::ErrorView;
use super::load::show;
use super::params;
use super::visit::user;
use crate::api::catalog::GetProduct;
use crate::api::purchases::StartCheckout;
use crate::components::cover::Cover;
use crate::components::form::Submit;
use crate::components::response::{Allow, Reach};
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
    view! { <main class="page page--reading" id="main" tabindex="-1">{show::<GetProduct>(params::argument("id", "product"), order)}</main> }
}

#[component]
fn Order(product: Product, email: String) -> impl IntoView {
    if let Some(allow) = use_context::<Allow>() {
        allow.run(Reach::Payment);
    }
    let start = FormTarget::of::<StartCheckout>();
    let price = product.price.to_string();
    let (lede, pay) = if product.price.is_free() {
        ("It costs nothing.", "Get it free".to_owned())
    } else {
        ("One payment. No subscription.", format!("Pay {price}"))
    };
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
                <div><dt>"Bought by"</dt><dd>{email}</dd></div>
                <div class="facts-total"><dt>"You pay"</dt><dd>{price}</dd></div>
            </dl>
            <Form to=start>
                <input type="hidden" name="product" value=product.id.to_string() />
                <Submit class="button button--primary button--large button--block">{pay}</Submit>
            </Form>
        </div>
    }
    .into_any()
}
