use super::super::load::show;
use super::layout::AdminPage;
use crate::api::admin::sales::GetFigures;
use crate::domain::purchase::Figures;
use leptos::prelude::*;
use leptos_meta::Title;

/// The author's figures.
#[component]
pub fn OverviewPage() -> impl IntoView {
    view! {
        <Title text="Overview" />
        <AdminPage>
            <div class="page-header"><div><h1>"Overview"</h1></div></div>
            {show::<GetFigures>("", |figures| view! { <Tiles figures /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Tiles(figures: Figures) -> impl IntoView {
    let tile = |name: &'static str, value: String, note: Option<String>| {
        view! {
            <div class="tile">
                <dt>{name}</dt>
                <dd>{value}</dd>
                {note.map(|note| view! { <dd class="tile-note">{note}</dd> })}
            </div>
        }
    };
    let after = (figures.refunds.0 > 0).then(|| format!("after {} refunded", figures.refunds));
    view! {
        <dl class="tiles">
            {tile("Net sales", figures.net_sales.to_string(), after)}
            {tile("Refunds", figures.refunds.to_string(), None)}
            {tile("Customers", figures.customers.to_string(), None)}
            {tile("Products", figures.products.to_string(), None)}
            {tile("Courses", figures.courses.to_string(), None)}
            {tile("Lessons", figures.lessons.to_string(), None)}
            {tile("Completions", figures.completions.to_string(), None)}
        </dl>
    }
    .into_any()
}
