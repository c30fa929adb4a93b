//! What stands around every page.

use super::session::Session;
use crate::api::session::SignOut;
use crate::components::icon::{Icon, IconView};
use crate::domain::user::User;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const MARK: &str = r#"<path d="M11.1 4.9C8.7 3.3 5.6 2.8 2.3 3.3a.9.9 0 0 0-.8.9v9.4c0 .6.5 1 1.1.9 3.1-.4 6 .1 8.5 1.6zM12.9 4.9c2.4-1.6 5.5-2.1 8.8-1.6a.9.9 0 0 1 .8.9v9.4c0 .6-.5 1-1.1.9-3.1-.4-6 .1-8.5 1.6zM11.1 18h1.8v1.6h3.7a.9.9 0 0 1 0 1.8H7.4a.9.9 0 0 1 0-1.8h3.7z"/>"#;

#[component]
pub fn SiteHeader() -> impl IntoView {
    let session = Session::expect();
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
            <a class="wordmark" href="/">
                <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true" inner_html=MARK></svg>
                "Lectern"
            </a>
            <nav class="site-nav" id="site-nav" aria-label="Site" popover="auto">
                <Transition>{links}</Transition>
            </nav>
            <div class="site-tools">
                <Transition>{tools}</Transition>
            </div>
        </header>
    }
}

/// A link that knows whether one is there.
#[component]
pub fn NavLink(href: &'static str, text: &'static str, own: fn(&str) -> bool) -> impl IntoView {
    let path = use_location().pathname;
    view! { <a href=href aria-current=move || path.with(|path| own(path)).then_some("page")>{text}</a> }.into_any()
}

#[component]
fn AccountMenu(user: User) -> impl IntoView {
    let sign_out = ServerAction::<SignOut>::new();
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
                <ActionForm action=sign_out>
                    <button class="menu-item" type="submit"><IconView icon=Icon::SignOut />"Sign out"</button>
                </ActionForm>
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
