use super::super::load::show;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::coupons::ListCoupons;
use crate::components::badge::{Badge, BadgeKind};
use crate::components::icon::{Icon, IconView};
use crate::components::table::{Cell, Table};
use crate::domain::coupon::Coupon;
use leptos::prelude::*;
use leptos_meta::Title;

/// The codes that take something off, and how often each was used.
#[component]
pub fn CouponsPage() -> impl IntoView {
    view! {
        <Title text="Coupons · Admin" />
        <AdminPage>
            <Breadcrumb steps=vec![("/admin/products".into(), "Products".into())] here="Coupons" />
            <div class="page-header">
                <div>
                    <h1>"Coupons"</h1>
                    <p class="lede">"Codes that take something off a price. Buyers type one, or follow a link that holds it."</p>
                </div>
                <a class="button button--primary" href="/admin/coupons/new"><IconView icon=Icon::Plus />"New coupon"</a>
            </div>
            {show::<ListCoupons>("", |coupons| view! { <Coupons coupons /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Coupons(coupons: Vec<Coupon>) -> impl IntoView {
    if coupons.is_empty() {
        return view! {
            <div class="empty">
                <IconView icon=Icon::Bag />
                <h2>"No coupons yet"</h2>
                <p>"Make one for a launch, a class, or a friend."</p>
            </div>
        }
        .into_any();
    }
    let rows = coupons.into_iter().map(|coupon| view! { <Row coupon /> });
    let columns = vec![
        ("Code", false),
        ("Takes off", false),
        ("For", false),
        ("State", false),
        ("Used", true),
        ("Last day", false),
    ];
    view! { <Table caption="Coupons" columns>{rows.collect_view()}</Table> }.into_any()
}

#[component]
fn Row(coupon: Coupon) -> impl IntoView {
    let kind = if coupon.is_on() { BadgeKind::Public } else { BadgeKind::Private };
    let state = coupon.state();
    let used = match coupon.limit {
        Some(limit) => format!("{} of {limit}", coupon.used),
        None => coupon.used.to_string(),
    };
    let under_way = (coupon.under_way > 0)
        .then(|| view! { " " <span class="muted">{format!("+ {} under way", coupon.under_way)}</span> });
    let product = match coupon.product {
        Some((id, name)) => {
            let link = format!("/products/{id}?coupon={}", coupon.code);
            view! { <a href=link>{name}</a> }.into_any()
        }
        None => "All products".into_any(),
    };
    let last_day = match coupon.last_day {
        Some(day) => day.into_any(),
        None => view! { <span class="muted">"–"</span> }.into_any(),
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a href=format!("/admin/coupons/{}/edit", coupon.id)><code>{coupon.code}</code></a>
            </th>
            <Cell label="Takes off">{coupon.discount.words()}</Cell>
            <Cell label="For">{product}</Cell>
            <Cell label="State"><Badge kind text=state /></Cell>
            <Cell label="Last day">{last_day}</Cell>
            <Cell label="Used" number=true><span>{used}{under_way}</span></Cell>
        </tr>
    }
    .into_any()
}
