use super::super::field::{FieldText, SelectField, TextField};
use super::super::load::show;
use super::super::params;
use super::super::purchases::{Day, State};
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::sales::{GetSale, RefundPurchase};
use crate::components::form::Submit;
use crate::components::notice::{Notice, NoticeKind};
use crate::domain::purchase::PaymentMethod;
use crate::domain::refund::RefundReason;
use crate::domain::sale::{Happening, SalePage as Sale, Told};
use crate::domain::validate::NAME_MAX;
use crate::islands::form::{Form, FormTarget, Stored};
use leptos::prelude::*;
use leptos_meta::Title;

/// One purchase: what happened to it, and the way to give its money back.
#[component]
pub fn SalePage() -> impl IntoView {
    view! {
        <AdminPage class="page page--form">
            {show::<GetSale>(params::argument("id", "purchase"), |sale| view! { <Found sale /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Found(sale: Sale) -> impl IntoView {
    let purchase = sale.sale.purchase.clone();
    let buyer = format!("/admin/people/{}", sale.sale.buyer);
    let net = purchase.net();
    let flags = sale.story.clone().into_iter().filter_map(|told| match told.what {
        Happening::Flagged { flag, detail } => Some(view! {
            <Notice kind=NoticeKind::Warning title="Look at this">
                <p>{flag.words()}" "{detail}</p>
            </Notice>
        }),
        _ => None,
    });
    let at_stripe = sale.payment_intent.clone().map(|payment| {
        view! { <div><dt>"Payment at Stripe"</dt><dd><code>{payment}</code></dd></div> }
    });
    let receipt = sale.receipt.clone().map(|address| {
        view! {
            <div>
                <dt>"Stripe’s receipt"</dt>
                <dd><a href=address rel="noreferrer">"Open"</a></dd>
            </div>
        }
    });
    view! {
        <Title text=format!("{} · Sales", purchase.product.name) />
        <Breadcrumb steps=vec![("/admin/sales".into(), "Sales".into())] here=purchase.product.name.clone() />
        <div class="page-header">
            <div><h1>{purchase.product.name.clone()}</h1></div>
            <State purchase=purchase.clone() />
        </div>
        <div class="stack stack--l">
            {flags.collect_view()}
            <dl class="facts">
                <div><dt>"Buyer"</dt><dd><a href=buyer>{sale.sale.buyer_name.clone()}</a>" "{sale.sale.buyer_email.clone()}</dd></div>
                <div><dt>"Date"</dt><dd><Day time=purchase.created_at.clone() /></dd></div>
                <div><dt>"Paid by"</dt><dd>{purchase.method.label()}</dd></div>
                {at_stripe}
                {receipt}
                <div><dt>"Paid"</dt><dd>{purchase.paid.to_string()}</dd></div>
                {(purchase.refunded.0 > 0)
                    .then(|| view! { <div><dt>"Went back"</dt><dd>{format!("−{}", purchase.refunded)}</dd></div> })}
                <div class="facts-total"><dt>"Kept"</dt><dd>{net.to_string()}</dd></div>
            </dl>
            <Refund sale=sale.clone() />
            <Story story=sale.story />
        </div>
    }
    .into_any()
}

/// The form that gives money back; for what was free, the one that takes it back.
#[component]
fn Refund(sale: Sale) -> impl IntoView {
    let purchase = sale.sale.purchase.clone();
    let left = sale.left();
    if purchase.refunded_at.is_some() || left.0 == 0 && !purchase.paid.is_free() {
        return ().into_any();
    }
    let id = purchase.id.to_string();
    if purchase.paid.is_free() {
        return view! {
            <section class="admin-section" aria-labelledby="refund-h">
                <header><h2 id="refund-h">"Take it back"</h2></header>
                <p class="muted">"It cost nothing, so nothing is paid back. Courses that nothing else gives are closed."</p>
                <Form to={FormTarget::of::<RefundPurchase>()} stored=Stored::Reloads>
                    <input type="hidden" name="id" value=id />
                    <div class="form-actions"><Submit class="button button--danger">"Take back"</Submit></div>
                </Form>
            </section>
        }
        .into_any();
    }
    let reasons = RefundReason::ALL.map(|reason| (reason.value().to_owned(), reason.label().to_owned()));
    let hint = match purchase.method {
        PaymentMethod::Card => "The money goes back to the card that was paid with.",
        _ => "This was paid in a demo: no money moves.",
    };
    view! {
        <section class="admin-section" aria-labelledby="refund-h">
            <header><h2 id="refund-h">"Give money back"</h2></header>
            <p class="muted">
                {format!("Up to {left}. {hint} Access stays while a part is kept, and ends with the last cent.")}
            </p>
            <Form to={FormTarget::of::<RefundPurchase>()} class="form" stored=Stored::Reloads>
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="form[refund]" value=sale.next_refund.to_string() />
                <input type="hidden" name="form[seen]" value=sale.spoken_for.0.to_string() />
                <div class="form-row">
                    <TextField
                        text=FieldText::new("form[amount]", "Amount")
                        value=left.to_string().replace('$', "")
                        prefix="$"
                        autocomplete="off"
                        max=12
                    />
                    <SelectField text=FieldText::new("form[reason]", "Reason") options=reasons.to_vec() />
                </div>
                <TextField text=FieldText::new("form[note]", "Note, for yourself").optional() max=NAME_MAX />
                <div class="form-actions"><Submit class="button button--danger">"Refund"</Submit></div>
            </Form>
        </section>
    }
    .into_any()
}

/// All that happened, oldest first.
#[component]
fn Story(story: Vec<Told>) -> impl IntoView {
    let entries = story.into_iter().map(|Told { at, what }| {
        let minute = at.minute();
        let class = matches!(what, Happening::Event { applied: true, .. } | Happening::Mail { sent: true, .. })
            .then_some("story-aside");
        let details = what.details().into_iter().map(|detail| view! { <p class="small muted">{detail}</p> });
        let words = match &what {
            Happening::Granted { course, .. } | Happening::TakenBack { course, .. } => {
                view! { <a href=format!("/admin/courses/{course}/edit")>{what.words()}</a> }.into_any()
            }
            _ => what.words().into_any(),
        };
        view! {
            <li class=class>
                <time class="small muted" datetime=at.0>{minute}</time>
                <div><p>{words}</p>{details.collect_view()}</div>
            </li>
        }
    });
    view! {
        <section class="admin-section" aria-labelledby="story-h">
            <header><h2 id="story-h">"What happened"</h2></header>
            <ol class="story" role="list">{entries.collect_view()}</ol>
        </section>
    }
    .into_any()
}
