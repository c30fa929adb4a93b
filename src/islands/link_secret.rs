//! The secret of a link that somebody was given, in a letter or by an admin. It stands behind the `#`, which browsers
//! send to nobody: no log has it, here or at a proxy. Script takes it out of the address, too, and keeps it in the tab,
//! for who follows the link may have to sign in first. Without script one copies it into the field.

use crate::components::live::{effect, on_window};
use crate::domain::account::SECRET_LENGTH;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::HtmlInputElement;

const KEY: &str = "link-secret";

/// Around the field that the secret goes into: fills it, and shows it only where the secret is not known.
#[island]
pub fn LinkSecret(children: Children) -> impl IntoView {
    let known = RwSignal::new(None);
    let take = move || {
        keep();
        let secret = current();
        let field = document().query_selector(".link-secret input").ok().flatten();
        if let (Some(secret), Some(field)) =
            (&secret, field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()))
        {
            field.set_value(secret);
        }
        known.set(Some(secret.is_some()));
    };
    on_window("hashchange", move |_| take());
    effect(take);
    let hidden = Signal::derive(move || known.get() == Some(true));
    let asked = Signal::derive(move || (known.get() == Some(false)).then_some(""));
    view! { <div class="link-secret" hidden=hidden data-asked=asked>{children()}</div> }
}

/// Moves the secret out of the page's address into the tab's storage, where there is one and the browser keeps it.
pub fn keep() {
    let location = window().location();
    let hash = location.hash().unwrap_or_default();
    let Some(secret) = secret_of(&hash) else { return };
    let kept = storage().is_some_and(|storage| storage.set_item(KEY, secret).is_ok());
    if let (true, Ok(history), Ok(address)) = (kept, window().history(), location.href()) {
        let address = address.strip_suffix(&hash);
        _ = history.replace_state_with_url(&history.state().unwrap_or(JsValue::NULL), "", address);
    }
}

/// The secret in the address, where the browser kept none of it, or else the one that was kept.
fn current() -> Option<String> {
    let hash = window().location().hash().unwrap_or_default();
    secret_of(&hash).map(ToOwned::to_owned).or_else(|| storage()?.get_item(KEY).ok()?)
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// The secret in what stands behind an address, the `#` included.
fn secret_of(hash: &str) -> Option<&str> {
    let text = hash.strip_prefix('#')?;
    (text.len() == SECRET_LENGTH && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_heading_is_no_secret() {
        let secret = "0123456789abcdef".repeat(4);
        assert_eq!(secret_of(&format!("#{secret}")), Some(&*secret));
        for other in
            ["", "#", &*secret, "#getting-started", &format!("#{secret}0"), &format!("#{}", "x".repeat(SECRET_LENGTH))]
        {
            assert_eq!(secret_of(other), None, "{other}");
        }
    }
}
