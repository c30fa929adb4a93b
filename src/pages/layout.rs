//! What stands around every page.

use super::visit::{user, visit};
use crate::api::admin::preview::StopPreview;
use crate::api::session::SignOut;
use crate::components::avatar::Avatar;
use crate::components::icon::{Icon, IconView};
use crate::components::wordmark::Wordmark;
use crate::domain::access::Preview;
use crate::domain::user::User;
use crate::islands::form::action;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

#[component]
pub fn SiteHeader() -> impl IntoView {
    let user = user();
    let admin = user.as_ref().is_some_and(User::is_admin);
    let learner = user.is_some();
    let tools = match user {
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
                <NavLink href="/" text="Courses" own=|path| path == "/" || path.starts_with("/products") />
                {learner.then(|| view! { <NavLink href="/courses" text="My courses" own=|path| path.starts_with("/courses") /> })}
                {admin.then(|| view! { <NavLink href="/admin" text="Admin" own=|path| path.starts_with("/admin") /> })}
            </nav>
            <div class="site-tools">{tools}</div>
        </header>
    }
}

/// A link that knows whether one is there.
#[component]
pub fn NavLink(href: &'static str, text: &'static str, own: fn(&str) -> bool) -> impl IntoView {
    let here = use_location().pathname.with_untracked(|path| own(path));
    view! { <a href=href aria-current=here.then_some("page")>{text}</a> }.into_any()
}

#[component]
fn AccountMenu(user: User) -> impl IntoView {
    view! {
        <details class="menu account" name="site-menu">
            <summary class="button button--quiet">
                <Avatar image_url=user.image_url.clone() />
                <span>{user.name.clone()}</span>
                <IconView icon=Icon::ChevronDown />
            </summary>
            <div class="menu-panel">
                <p class="menu-head">
                    <strong>{user.name}</strong>
                    <span>{user.email}</span>
                </p>
                <a class="menu-item" href="/account"><IconView icon=Icon::User />"Your account"</a>
                <a class="menu-item" href="/purchases"><IconView icon=Icon::Receipt />"Purchases"</a>
                <hr />
                <form method="post" action={action::<SignOut>()}>
                    <button class="menu-item" type="submit"><IconView icon=Icon::SignOut />"Sign out"</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

#[component]
pub fn DemoBanner() -> impl IntoView {
    visit().demo.then(|| {
        view! {
            <aside class="demo-banner" aria-label="Demo">
                <p><strong>"Demo:"</strong>" nothing here is charged, and anyone may sign in as the author."</p>
            </aside>
        }
    })
}

/// Says as whom an admin looks at the site, and leads back.
#[component]
pub fn PreviewBanner() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    visit().preview.map(|preview| {
        let who = match preview {
            Preview::Visitor => "a visitor",
            Preview::Buyer => "somebody who bought everything",
        };
        view! {
            <aside class="demo-banner preview-banner" aria-label="Preview">
                <p>"You see the site as "<strong>{who}</strong>" does. Nothing is recorded."</p>
                <form method="post" action={action::<StopPreview>()}>
                    <button class="button button--small" type="submit" name="next" value=here>"Stop"</button>
                </form>
            </aside>
        }
    })
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
