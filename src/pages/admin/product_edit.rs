use super::super::load::show;
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use super::product_form::{CutDialog, Offer, PlainPicture, ProductFields};
use super::refused::RefusedNotice;
use crate::api::admin::products::{CreateProduct, GetProductEdit, UpdateProduct};
use crate::components::card::CardSketch;
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::domain::product::{ProductEdit, ProductSketch};
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ProductNewPage() -> impl IntoView {
    view! {
        <Title text="New product" />
        <AdminPage>
            <Breadcrumb steps=vec![("/admin/products".into(), "Products".into())] here="New product" />
            <div class="page-header"><div><h1>"New product"</h1></div></div>
            {show::<GetProductEdit>("", |product| view! { <New product /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn New(product: ProductEdit) -> impl IntoView {
    let create = FormTarget::of::<CreateProduct>();
    view! {
        <Desk card=product.card>
            <Form to=create class="form">
                <ProductFields form=product.form courses=product.courses />
                <div class="form-actions">
                    <Submit>"Create product"</Submit>
                    <a class="button button--quiet" href="/admin/products">"Cancel"</a>
                </div>
            </Form>
        </Desk>
    }
    .into_any()
}

#[component]
pub fn ProductEditPage() -> impl IntoView {
    let id = params::text("product");
    view! {
        <AdminPage>
            {show::<GetProductEdit>(
                params::argument("id", "product"),
                move |product| view! { <Edit id product /> }.into_any(),
            )}
        </AdminPage>
    }
}

#[component]
fn Edit(id: String, product: ProductEdit) -> impl IntoView {
    let update = FormTarget::of::<UpdateProduct>();
    let name = product.form.name.clone();
    let picture = id.clone();
    let offer = (product.customers > 0).then(|| view! { <Offer customers=product.customers /> });
    view! {
        <Title text=format!("{name} · Edit") />
        <Breadcrumb steps=vec![("/admin/products".into(), "Products".into())] here=name />
        <div class="page-header">
            <div><h1>"Edit product"</h1></div>
            <a class="button" href=format!("/products/{id}")><IconView icon=Icon::Eye />"View product"</a>
        </div>
        <RefusedNotice />
        <Desk card=product.card>
            <Form to=update class="form">
                <input type="hidden" name="id" value=id.clone() />
                <ProductFields form=product.form courses=product.courses />
                {offer}
                <div class="form-actions">
                    <Submit>"Save product"</Submit>
                    <a class="button button--quiet" href="/admin/products">"Cancel"</a>
                </div>
            </Form>
            <PlainPicture product=picture />
        </Desk>
    }
    .into_any()
}

/// A product's form beside its card; `public/product.js` makes the one follow the other.
#[component]
fn Desk(card: ProductSketch, children: Children) -> impl IntoView {
    view! {
        <div class="product-desk">
            <div class="product-desk-form">{children()}</div>
            <section class="preview" aria-labelledby="card-title">
                <h2 class="preview-title" id="card-title">"In the storefront"</h2>
                <div class="card" id="card-sketch"><CardSketch card /></div>
            </section>
            <CutDialog />
        </div>
        <script type="module" src="/product.js" nonce=use_nonce()></script>
    }
    .into_any()
}
