use super::super::field::{Checkbox, FieldText, SelectField, TextField};
use super::super::load::show;
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::coupons::{CreateCoupon, DeleteCoupon, GetCouponEdit, UpdateCoupon};
use crate::components::form::Submit;
use crate::domain::coupon::{CODE_MAX, CouponEdit};
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

fn steps() -> Vec<(String, String)> {
    vec![("/admin/products".into(), "Products".into()), ("/admin/coupons".into(), "Coupons".into())]
}

#[component]
pub fn CouponNewPage() -> impl IntoView {
    view! {
        <Title text="New coupon" />
        <AdminPage class="page page--form">
            <Breadcrumb steps=steps() here="New coupon" />
            <div class="page-header"><div><h1>"New coupon"</h1></div></div>
            {show::<GetCouponEdit>("", |coupon| view! { <New coupon /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn New(coupon: CouponEdit) -> impl IntoView {
    view! {
        <Form to={FormTarget::of::<CreateCoupon>()} class="form">
            <Fields coupon />
            <div class="form-actions">
                <Submit>"Create coupon"</Submit>
                <a class="button button--quiet" href="/admin/coupons">"Cancel"</a>
            </div>
        </Form>
    }
    .into_any()
}

#[component]
pub fn CouponEditPage() -> impl IntoView {
    let id = params::text("coupon");
    view! {
        <AdminPage class="page page--form">
            {show::<GetCouponEdit>(params::argument("id", "coupon"), move |coupon| view! { <Edit id coupon /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Edit(id: String, coupon: CouponEdit) -> impl IntoView {
    let (code, same_id) = (coupon.form.code.clone(), id.clone());
    let link = match coupon.form.product.as_str() {
        "" => format!("Put ?coupon={code} behind the address of any product."),
        product => format!("/products/{product}?coupon={code}"),
    };
    view! {
        <Title text=format!("{code} · Edit") />
        <Breadcrumb steps=steps() here=code />
        <div class="page-header"><div><h1>"Edit coupon"</h1></div></div>
        <div class="stack stack--l">
            <Form to={FormTarget::of::<UpdateCoupon>()} class="form">
                <input type="hidden" name="id" value=id />
                <Fields coupon />
                <p class="muted small">"What somebody has agreed to already stays as it was agreed."</p>
                <div class="form-actions">
                    <Submit>"Save coupon"</Submit>
                    <a class="button button--quiet" href="/admin/coupons">"Cancel"</a>
                </div>
            </Form>
            <section class="admin-section" aria-labelledby="link-h">
                <header><h2 id="link-h">"As a link"</h2></header>
                <p><code>{link}</code></p>
            </section>
            <section class="admin-section" aria-labelledby="delete-h">
                <header><h2 id="delete-h">"Delete"</h2></header>
                <p class="muted">"A coupon that somebody came with cannot be deleted: switch it off instead."</p>
                <Form to={FormTarget::of::<DeleteCoupon>()}>
                    <input type="hidden" name="id" value=same_id />
                    <div class="form-actions"><Submit class="button button--danger">"Delete coupon"</Submit></div>
                </Form>
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn Fields(coupon: CouponEdit) -> impl IntoView {
    let CouponEdit { form, products } = coupon;
    let products = products.into_iter().map(|(id, name)| (id.to_string(), name)).collect::<Vec<_>>();
    let products = [vec![(String::new(), "All products".to_owned())], products].concat();
    view! {
        <TextField
            text=FieldText::new("form[code]", "Code").hint("Letters, digits, - and _. Capitals make no difference.")
            value=form.code
            max=CODE_MAX
            autocomplete="off"
        />
        <TextField
            text=FieldText::new("form[discount]", "Takes off").hint("A part like 20%, or an amount like 5 or 5.50. What is left is at least 50 cents, or nothing.")
            value=form.discount
            max=12
        />
        <SelectField text=FieldText::new("form[product]", "For").optional() options=products value=form.product />
        <TextField
            text=FieldText::new("form[limit]", "How often").optional().hint("Purchases in all; nothing means no limit.")
            value=form.limit
            max=9
        />
        <TextField
            text=FieldText::new("form[last_day]", "Last day").optional().hint("It is good until the end of that day, UTC.")
            value=form.last_day
            kind="date"
        />
        <Checkbox name="form[active]" value="on".into() label="It is on" checked=!form.active.is_empty() />
    }
    .into_any()
}
