use super::super::load::show;
use super::super::purchases::{Day, State};
use super::layout::AdminPage;
use crate::api::admin::sales::ListSales;
use crate::components::icon::{Icon, IconView};
use crate::components::table::{Cell, Table};
use crate::domain::sale::Sale;
use leptos::prelude::*;
use leptos_meta::Title;

/// What was bought, by whom, and the way to each purchase.
#[component]
pub fn SalesPage() -> impl IntoView {
    view! {
        <Title text="Sales · Admin" />
        <AdminPage>
            <div class="page-header">
                <div><h1>"Sales"</h1></div>
                <a class="button" href="/admin/sales/ledger">"Ledger"</a>
            </div>
            {show::<ListSales>("", |sales| view! { <Sales sales /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Sales(sales: Vec<Sale>) -> impl IntoView {
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
    let rows = sales.into_iter().map(|sale| view! { <SaleRow sale /> });
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
fn SaleRow(sale: Sale) -> impl IntoView {
    let purchase = sale.purchase;
    let address = format!("/admin/sales/{}", purchase.id);
    let of = format!(" of “{}” to {}", purchase.product.name, sale.buyer_name);
    let date = view! { <Day time=purchase.created_at.clone() /> };
    let state = view! { <State purchase=purchase.clone() /> };
    let amount = purchase.paid.to_string();
    view! {
        <tr role="row" id=format!("purchase-{}", purchase.id)>
            <th scope="row" role="rowheader"><a href=address.clone()>{purchase.product.name}</a></th>
            <Cell label="Buyer">{sale.buyer_name}" "<span class="muted">{sale.buyer_email}</span></Cell>
            <Cell label="Date">{date}</Cell>
            <Cell label="State">{state}</Cell>
            <Cell label="Amount" number=true>{amount}</Cell>
            <td role="cell" class="end">
                <a class="button button--small" href=address>"Details"<span class="visually-hidden">{of}</span></a>
            </td>
        </tr>
    }
    .into_any()
}
