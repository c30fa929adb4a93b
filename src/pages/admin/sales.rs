use super::super::load::show;
use super::super::params;
use super::super::purchases::{Day, State};
use super::layout::AdminPage;
use crate::api::admin::sales::ListSales;
use crate::components::badge::{Badge, BadgeKind};
use crate::components::icon::{Icon, IconView};
use crate::components::table::{Cell, Table};
use crate::domain::deletion::count;
use crate::domain::id::ProductId;
use crate::domain::refund::DisputeStatus;
use crate::domain::sale::Sale;
use crate::domain::sales::{SaleState, SaleTotals, SalesForm, SalesList};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// What was bought and by whom, found, summed up, and the way to each purchase.
#[component]
pub fn SalesPage() -> impl IntoView {
    let asked = ["q", "product", "state", "from", "to", "after"].map(params::text_argument).concat();
    view! {
        <Title text="Sales · Admin" />
        <AdminPage>
            {show::<ListSales>(asked, |list| view! { <Sales list /> }.into_any())}
        </AdminPage>
    }
}

/// What the address says, as it was typed there.
fn asked() -> SalesForm {
    let text = |name| use_query_map().with_untracked(|query| query.get_str(name).unwrap_or_default().to_owned());
    SalesForm {
        q: text("q"),
        product: text("product"),
        state: text("state"),
        from: text("from"),
        to: text("to"),
        after: text("after"),
    }
}

#[component]
fn Sales(list: SalesList) -> impl IntoView {
    let asked = asked();
    let found = if list.rows.is_empty() {
        view! { <Nothing asked=asked.clone() whole=list.query.is_empty() /> }.into_any()
    } else {
        let back = (!asked.after.is_empty()).then(|| format!("/admin/sales{}", list.query));
        let next = list.next.map(|next| format!("/admin/sales{next}"));
        view! {
            <Totals totals=list.totals />
            <Rows sales=list.rows />
            <Pager back next />
        }
        .into_any()
    };
    view! {
        <div class="page-header">
            <div><h1>"Sales"</h1></div>
            <div class="cluster">
                <a class="button" href="/admin/sales/ledger">"Ledger"</a>
                <a class="button" href=format!("/admin/sales/export.csv{}", list.query) download>
                    <IconView icon=Icon::ArrowDown />
                    "Export CSV"
                </a>
            </div>
        </div>
        <Filter asked products=list.products />
        {found}
    }
    .into_any()
}

/// A form that is an address: what it shows can be kept and sent.
#[component]
fn Filter(asked: SalesForm, products: Vec<(ProductId, String)>) -> impl IntoView {
    let chosen = asked.product;
    let products = products.into_iter().map(move |(id, name)| {
        let id = id.to_string();
        let selected = id == chosen;
        view! { <option value=id selected=selected>{name}</option> }
    });
    let states = SaleState::ALL.map(|state| {
        view! { <option value=state.value() selected=state.value() == asked.state>{state.label()}</option> }
    });
    view! {
        <form class="filter filter--period" method="get" action="/admin/sales" role="search">
            <div class="field">
                <label class="field-label" for="q">"Buyer, product or number"</label>
                <input class="input" id="q" name="q" type="search" maxlength="254" value=asked.q />
            </div>
            <div class="field">
                <label class="field-label" for="product">"Product"</label>
                <select class="input" id="product" name="product"><option value="">"All"</option>{products.collect_view()}</select>
            </div>
            <div class="field">
                <label class="field-label" for="state">"State"</label>
                <select class="input" id="state" name="state"><option value="">"All"</option>{states.collect_view()}</select>
            </div>
            <div class="field">
                <label class="field-label" for="from">"From (UTC)"</label>
                <input class="input" id="from" name="from" type="date" value=asked.from />
            </div>
            <div class="field">
                <label class="field-label" for="to">"To, with that day (UTC)"</label>
                <input class="input" id="to" name="to" type="date" value=asked.to />
            </div>
            <button class="button" type="submit"><IconView icon=Icon::Search />"Show"</button>
        </form>
    }
    .into_any()
}

/// What all that was found comes to, on this page and the others.
#[component]
fn Totals(totals: SaleTotals) -> impl IntoView {
    let back = (totals.refunded.0 != 0).then(|| {
        view! { <dd class="tile-note">"of these purchases, whenever it went back"</dd> }
    });
    view! {
        <p class="filter-count" role="status">{count(totals.sales, "sale", "sales")}</p>
        <dl class="tiles sales-totals">
            <div class="tile"><dt>"Paid"</dt><dd>{totals.paid.to_string()}</dd></div>
            <div class="tile"><dt>"Refunded"</dt><dd>{totals.refunded.to_string()}</dd>{back}</div>
            <div class="tile"><dt>"Net"</dt><dd>{totals.net().to_string()}</dd></div>
        </dl>
    }
    .into_any()
}

#[component]
fn Rows(sales: Vec<Sale>) -> impl IntoView {
    let rows = sales.into_iter().map(|sale| view! { <SaleRow sale /> });
    let columns = vec![
        ("Product", false),
        ("Buyer", false),
        ("Date", false),
        ("State", false),
        ("Paid", true),
        ("Net", true),
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
    let dispute = sale.dispute.map(|dispute| {
        let kind = match dispute {
            DisputeStatus::Open => BadgeKind::Pending,
            DisputeStatus::Won => BadgeKind::Done,
            DisputeStatus::Lost => BadgeKind::Refunded,
        };
        view! { " " <Badge kind text=dispute.label() /> }
    });
    let (paid, net) = (purchase.paid.to_string(), purchase.net().to_string());
    view! {
        <tr role="row" id=format!("purchase-{}", purchase.id)>
            <th scope="row" role="rowheader"><a href=address.clone()>{purchase.product.name}</a></th>
            <Cell label="Buyer">{sale.buyer_name}" "<span class="muted">{sale.buyer_email}</span></Cell>
            <Cell label="Date">{date}</Cell>
            <Cell label="State"><span>{state}{dispute}</span></Cell>
            <Cell label="Paid" number=true>{paid}</Cell>
            <Cell label="Net" number=true>{net}</Cell>
            <td role="cell" class="end">
                <a class="button button--small" href=address>"Details"<span class="visually-hidden">{of}</span></a>
            </td>
        </tr>
    }
    .into_any()
}

/// The ways to the other pages, where there are any.
#[component]
fn Pager(back: Option<String>, next: Option<String>) -> impl IntoView {
    let back = back.map(|back| {
        view! { <a class="button" href=back><IconView icon=Icon::ArrowUp />"Back to the start"</a> }
    });
    let next = next.map(|next| {
        view! { <a class="button" href=next>"Next page"<IconView icon=Icon::ArrowRight /></a> }
    });
    view! { <nav class="pager" aria-label="Pages">{back}{next}</nav> }.into_any()
}

/// Why there is no row, and the way back to all; `whole` where the address narrows nothing.
#[component]
fn Nothing(asked: SalesForm, whole: bool) -> impl IntoView {
    let (title, words) = match (asked.after.is_empty(), whole) {
        (false, _) => ("Nothing after this", "This page was the last one."),
        (true, true) => ("No sales yet", "Every purchase stands here, with its buyer and the way to refund it."),
        (true, false) if asked.is_backwards() => ("Nothing found", "The first day comes after the last one."),
        (true, false) => ("Nothing found", "No sale fits all that is asked for."),
    };
    let all = (!whole || !asked.after.is_empty())
        .then(|| view! { <a class="button" href="/admin/sales">"Show all sales"</a> });
    view! {
        <div class="empty">
            <IconView icon=Icon::Receipt />
            <h2>{title}</h2>
            <p>{words}</p>
            {all}
        </div>
    }
    .into_any()
}
