use super::form::{Form, Submission};
use super::params;
use super::session::Session;
use crate::api::catalog::get_product;
use crate::api::purchases::StartCheckout;
use crate::components::cover::Cover;
use crate::components::form::{FormErrors, Submit};
use crate::components::load::{load, show};
use crate::domain::product::ProductPage as Product;
use crate::error::AppError;
use leptos::prelude::*;
use leptos_meta::Title;

/// What is about to be bought, for how much, by whom.
#[component]
pub fn PurchasePage() -> impl IntoView {
    let id = params::text("product");
    let session = Session::expect();
    let order = load(id, move |id| async move {
        let user = session.load().await?.user.ok_or(AppError::SignInRequired)?;
        Ok((get_product(params::id(&id)?).await?, user.email))
    });
    view! {
        <main class="page page--reading" id="main" tabindex="-1">
            {show(order, |(product, email)| view! { <Order product email /> }.into_any())}
        </main>
    }
}

#[component]
fn Order(product: Product, email: String) -> impl IntoView {
    let start = Submission::to::<StartCheckout>();
    let failure = start.failure();
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
        <FormErrors failure />
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
                <Submit pending=start.pending() class="button button--primary button--large button--block">{pay}</Submit>
            </Form>
        </div>
    }
    .into_any()
}
