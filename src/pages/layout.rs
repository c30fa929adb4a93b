//! What stands around every page.

use super::form::{Form, Submission};
use super::session::Session;
use crate::api::session::SignOut;
use crate::components::icon::{Icon, IconView};
use crate::components::wordmark::Wordmark;
use crate::domain::user::User;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

#[component]
pub fn SiteHeader() -> impl IntoView {
    let session = Session::expect();
    close_menus_on_navigation();
    let links = move || {
        let user = session.user();
        let admin = user.as_ref().is_some_and(User::is_admin);
        view! {
            <NavLink href="/" text="Courses" own=|path| path == "/" || path.starts_with("/products") />
            {user.is_some().then(|| view! { <NavLink href="/courses" text="My courses" own=|path| path.starts_with("/courses") /> })}
            {admin.then(|| view! { <NavLink href="/admin" text="Admin" own=|path| path.starts_with("/admin") /> })}
        }
    };
    let tools = move || match session.user() {
        Some(user) => view! { <AccountMenu user /> }.into_any(),
        None => view! {
            <a class="button button--quiet" href="/sign-in">"Sign in"</a>
            <a class="button button--primary" href="/sign-up">"Sign up"</a>
        }
        .into_any(),
    };
    view! {
        <header class="site-header">
            <button
                class="button button--quiet button--icon site-nav-toggle"
                type="button"
                popovertarget="site-nav"
                aria-label="Menu"
            >
                <IconView icon=Icon::Menu />
            </button>
            <Wordmark />
            <nav class="site-nav" id="site-nav" aria-label="Site" popover="auto">
                <Transition>{links}</Transition>
            </nav>
            <div class="site-tools">
                <Transition>{tools}</Transition>
            </div>
        </header>
    }
}

/// A menu that was open goes with the page that it was opened on.
fn close_menus_on_navigation() {
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        let Some(nav) = document().get_element_by_id("site-nav") else { return };
        if nav.matches(":popover-open").unwrap_or(false)
            && let Some(nav) = nav.dyn_ref::<web_sys::HtmlElement>()
        {
            _ = nav.hide_popover();
        }
        if let Ok(Some(account)) = document().query_selector("details.account[open]") {
            _ = account.remove_attribute("open");
        }
    });
}

/// A link that knows whether one is there.
#[component]
pub fn NavLink(href: &'static str, text: &'static str, own: fn(&str) -> bool) -> impl IntoView {
    let path = use_location().pathname;
    view! { <a href=href aria-current=move || path.with(|path| own(path)).then_some("page")>{text}</a> }.into_any()
}

#[component]
fn AccountMenu(user: User) -> impl IntoView {
    let sign_out = Submission::to::<SignOut>();
    Session::expect().follow(sign_out);
    view! {
        <details class="menu account" name="site-menu">
            <summary class="button button--quiet">
                <IconView icon=Icon::User />
                <span>{user.name.clone()}</span>
                <IconView icon=Icon::ChevronDown />
            </summary>
            <div class="menu-panel">
                <p class="menu-head">
                    <strong>{user.name}</strong>
                    <span>{user.email}</span>
                </p>
                <a class="menu-item" href="/purchases"><IconView icon=Icon::Receipt />"Purchases"</a>
                <hr />
                <Form to=sign_out>
                    <button class="menu-item" type="submit"><IconView icon=Icon::SignOut />"Sign out"</button>
                </Form>
            </div>
        </details>
    }
    .into_any()
}

#[component]
pub fn DemoBanner() -> impl IntoView {
    let session = Session::expect();
    let banner = move || {
        session.visit().filter(|visit| visit.demo).map(|_| {
            view! {
                <aside class="demo-banner" aria-label="Demo">
                    <p><strong>"Demo:"</strong>" nothing here is charged, and anyone may sign in as the author."</p>
                </aside>
            }
        })
    };
    view! { <Transition>{banner}</Transition> }
}

#[component]
pub fn SiteFooter() -> impl IntoView {
    view! {
        <footer class="site-footer">
            <p>"Sold and taught with Lectern."</p>
            <p><a href="/">"All courses"</a></p>
        </footer>
    }
}
