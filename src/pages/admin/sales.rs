use super::super::form::{Form, Submission};
use super::super::load::{load, show};
use super::super::purchases::{Day, State};
use super::layout::AdminPage;
use crate::api::admin::sales::{ListSales, RefundPurchase};
use crate::components::form::{FormErrors, Submit};
use crate::components::icon::{Icon, IconView};
use crate::components::table::{Cell, Table};
use crate::domain::purchase::{PaymentMethod, Sale};
use leptos::prelude::*;
use leptos_meta::Title;

/// What was bought, by whom, and the way to give it back.
#[component]
pub fn SalesPage() -> impl IntoView {
    let refund = Submission::to::<RefundPurchase>();
    let sales = load::<ListSales>(move || format!("after={}", refund.version().get()));
    view! {
        <Title text="Sales · Admin" />
        <AdminPage>
            <div class="page-header"><div><h1>"Sales"</h1></div></div>
            <FormErrors failure=refund.failure() />
            {show(sales, move |sales| view! { <Sales sales refund /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Sales(sales: Vec<Sale>, refund: Submission) -> impl IntoView {
    if sales.is_empty() {
        return view! {
            <div class="empty">
                <IconView icon=Icon::Receipt />
                <h2>"No sales yet"</h2>
                <p>"Every purchase stands here, with its buyer and the way to refund it."</p>
            </div>
        }
        .into_any();
    }
    let rows = sales.into_iter().map(move |sale| view! { <SaleRow sale refund /> });
    let columns = vec![
        ("Product", false),
        ("Buyer", false),
        ("Date", false),
        ("State", false),
        ("Amount", true),
        ("Actions", false),
    ];
    view! { <Table caption="Sales" columns>{rows.collect_view()}</Table> }.into_any()
}

#[component]
fn SaleRow(sale: Sale, refund: Submission) -> impl IntoView {
    let purchase = sale.purchase;
    let open = purchase.refunded_at.is_none() && purchase.method != PaymentMethod::Card;
    let id = purchase.id.to_string();
    let of = format!(" “{}” from {}", purchase.product.name, sale.buyer_name);
    let action = open.then(|| {
        view! {
            <Form to=refund>
                <input type="hidden" name="id" value=id />
                <Submit pending=refund.pending() class="button button--small button--danger">
                    {if purchase.paid.is_free() { "Take back" } else { "Refund" }}
                    <span class="visually-hidden">{of}</span>
                </Submit>
            </Form>
        }
    });
    let date = view! { <Day time=purchase.created_at.clone() /> };
    let state = view! { <State purchase=purchase.clone() /> };
    let amount = purchase.paid.to_string();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{purchase.product.name}</th>
            <Cell label="Buyer">{sale.buyer_name}" "<span class="muted">{sale.buyer_email}</span></Cell>
            <Cell label="Date">{date}</Cell>
            <Cell label="State">{state}</Cell>
            <Cell label="Amount" number=true>{amount}</Cell>
            <td role="cell" class="end">{action}</td>
        </tr>
    }
    .into_any()
}
