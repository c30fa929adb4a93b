use super::super::layout::NavLink;
use crate::api::admin::preview::StartPreview;
use crate::components::icon::{Icon, IconView};
use crate::domain::access::Preview;
use crate::islands::form::action;
use leptos::prelude::*;

/// The author's navigation and the page below it. `class` is the page's width.
#[component]
pub fn AdminPage(#[prop(default = "page")] class: &'static str, children: Children) -> impl IntoView {
    view! {
        <nav class="subnav" aria-label="Admin">
            <ul>
                <li><NavLink href="/admin" text="Overview" own=|path| path == "/admin" /></li>
                <li>
                    <NavLink
                        href="/admin/courses"
                        text="Courses"
                        own=|path| ["/admin/courses", "/admin/sections", "/admin/lessons"].iter().any(|own| path.starts_with(own))
                    />
                </li>
                <li>
                    <NavLink
                        href="/admin/products"
                        text="Products"
                        own=|path| ["/admin/products", "/admin/coupons"].iter().any(|own| path.starts_with(own))
                    />
                </li>
                <li><NavLink href="/admin/people" text="People" own=|path| path.starts_with("/admin/people") || path == "/admin/audit" /></li>
                <li><NavLink href="/admin/sales" text="Sales" own=|path| path.starts_with("/admin/sales") /></li>
                <li><NavLink href="/admin/mail" text="Mail" own=|path| path == "/admin/mail" /></li>
            </ul>
        </nav>
        <main class=class id="main" tabindex="-1">{children()}</main>
    }
    .into_any()
}

/// The way from the top to here; the last step is where one is.
#[component]
pub fn Breadcrumb(steps: Vec<(String, String)>, #[prop(into)] here: String) -> impl IntoView {
    let steps = steps.into_iter().map(|(href, text)| view! { <li><a href=href>{text}</a></li> });
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>
                {steps.collect_view()}
                <li><span aria-current="page">{here}</span></li>
            </ol>
        </nav>
    }
    .into_any()
}

/// The ways to look at a page of the site: as the author, as a visitor, as a buyer.
#[component]
pub fn ViewAs(next: String) -> impl IntoView {
    let as_others = [(Preview::Visitor, "As a visitor"), (Preview::Buyer, "As a buyer")].map(|(preview, text)| {
        view! {
            <button class="menu-item" type="submit" name="preview" value=preview.value()><IconView icon=Icon::Globe />{text}</button>
        }
    });
    view! {
        <details class="menu" name="view-as">
            <summary class="button"><IconView icon=Icon::Eye />"View"<IconView icon=Icon::ChevronDown /></summary>
            <div class="menu-panel">
                <a class="menu-item" href=next.clone()><IconView icon=Icon::User />"As the author"</a>
                <form method="post" action={action::<StartPreview>()}>
                    <input type="hidden" name="next" value=next />
                    {as_others.collect_view()}
                </form>
            </div>
        </details>
    }
    .into_any()
}
