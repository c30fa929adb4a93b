use super::super::load::show;
use super::layout::AdminPage;
use crate::api::admin::products::ListProducts;
use crate::components::badge::Badge;
use crate::components::card::price;
use crate::components::icon::{Icon, IconView};
use crate::components::table::{Cell, Table};
use crate::domain::product::ProductRow;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn AdminProductsPage() -> impl IntoView {
    view! {
        <Title text="Products · Admin" />
        <AdminPage>
            <div class="page-header">
                <div><h1>"Products"</h1></div>
                <div class="cluster">
                    <a class="button" href="/admin/coupons">"Coupons"</a>
                    <a class="button button--primary" href="/admin/products/new"><IconView icon=Icon::Plus />"New product"</a>
                </div>
            </div>
            {show::<ListProducts>("", |products| view! { <Products products /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Products(products: Vec<ProductRow>) -> impl IntoView {
    if products.is_empty() {
        return view! {
            <div class="empty">
                <IconView icon=Icon::Bag />
                <h2>"No products yet"</h2>
                <p>"A product is what people buy: a price on one course or several."</p>
            </div>
        }
        .into_any();
    }
    let rows = products.into_iter().map(|product| {
        let delete = format!("Delete “{}”", product.name);
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">
                    <a href=format!("/admin/products/{}/edit", product.id)>{product.name}</a>
                </th>
                <Cell label="Status"><Badge kind=product.status.into() text=product.status.label() /></Cell>
                <Cell label="Price" number=true>{price(product.price)}</Cell>
                <Cell label="Courses" number=true>{product.courses}</Cell>
                <Cell label="Customers" number=true>{product.customers}</Cell>
                <td role="cell" class="end">
                    <a
                        class="button button--quiet button--icon button--small"
                        href=format!("/admin/products/{}/delete", product.id)
                        aria-label=delete
                    >
                        <IconView icon=Icon::Trash />
                    </a>
                </td>
            </tr>
        }
    });
    let columns = vec![
        ("Name", false),
        ("Status", false),
        ("Price", true),
        ("Courses", true),
        ("Customers", true),
        ("Actions", false),
    ];
    view! { <Table caption="Products" columns>{rows.collect_view()}</Table> }.into_any()
}
