use leptos::prelude::*;

/// A table that becomes cards on a phone. That changes `display`, which takes the roles away: so they are spelled out.
#[component]
pub fn Table(caption: &'static str, columns: Vec<(&'static str, bool)>, children: Children) -> impl IntoView {
    let heads = columns.into_iter().map(|(name, number)| {
        view! { <th scope="col" role="columnheader" class=number.then_some("num")>{name}</th> }
    });
    view! {
        <table class="table table--cards" role="table">
            <caption class="visually-hidden">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">{heads.collect_view()}</tr>
            </thead>
            <tbody role="rowgroup">{children()}</tbody>
        </table>
    }
    .into_any()
}

/// A cell under a column's name; amounts are set in figures of one width.
#[component]
pub fn Cell(label: &'static str, #[prop(optional)] number: bool, children: Children) -> impl IntoView {
    view! { <td role="cell" class=number.then_some("num") data-label=label>{children()}</td> }.into_any()
}
