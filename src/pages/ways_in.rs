use super::clerk::ClerkArea;
use super::params;
use super::passkeys::PasskeyButton;
use crate::components::notice::{Notice, NoticeKind};
use crate::domain::passkey::PasskeysWork;
use crate::domain::way_in::{Provider, WayFailed, WaysIn};
use leptos::prelude::*;

/// How one gets in to this site; only the server knows, and the pages that ask are its own.
pub fn ways_in() -> WaysIn {
    use_context().unwrap_or_default()
}

/// The ways in besides an e-mail and a password. `form` is `sign-in`, or `sign-up` for those who are new.
#[component]
pub fn OtherWaysIn(form: &'static str) -> impl IntoView {
    let WaysIn { local, clerk, providers } = ways_in();
    // Whoever is new has none yet.
    let passkey = form == "sign-in" && use_context::<PasskeysWork>().is_some();
    let others = clerk.is_some() || !providers.is_empty();
    let next = params::next();
    let buttons = (!providers.is_empty()).then(|| {
        let buttons = providers.into_iter().map(|provider| {
            let next = next.clone();
            let words = format!("Continue with {}", provider.name);
            view! {
                <ProviderForm provider class="button button--large button--block" words>
                    <input type="hidden" name="next" value=next />
                </ProviderForm>
            }
        });
        view! { <div class="stack stack--s">{buttons.collect_view()}</div> }
    });
    view! {
        <CameBack />
        <ClerkArea form />
        {buttons}
        {if passkey {
            view! { <PasskeyButton or=local /> }.into_any()
        } else {
            (others && local).then(|| view! { <Or /> }).into_any()
        }}
    }
    .into_any()
}

/// Between ways in that are not typed and the one that is.
#[component]
pub fn Or() -> impl IntoView {
    view! { <p class="or" aria-hidden="true">"or"</p> }
}

/// A button that leads to a provider: a plain form, for its answer is a page of its own.
#[component]
pub fn ProviderForm(
    provider: Provider,
    class: &'static str,
    #[prop(into)] words: String,
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post" action=provider.address()>
            {children()}
            <button class=class type="submit">{words}</button>
        </form>
    }
    .into_any()
}

/// Why somebody came back from a provider without what they went for, where the address says so.
#[component]
pub fn CameBack() -> impl IntoView {
    WayFailed::parse(&params::query("failed")).map(|failed| {
        let (title, words) = failed.words();
        view! { <Notice kind=NoticeKind::Danger title><p>{words}</p></Notice> }
    })
}
