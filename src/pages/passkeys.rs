//! Passkeys where one signs in, and on one's account. What a device does with them takes script: `public/passkeys.js` hears
//! the presses, and says beside them what goes wrong.

use super::params;
use super::purchases::Day;
use super::ways_in::Or;
use crate::api::account::RemovePasskey;
use crate::components::form::Submit;
use crate::components::icon::Icon;
use crate::domain::passkey::{Passkey, Passkeys, PasskeysWork};
use crate::domain::validate::NAME_MAX;
use crate::islands::form::{Form, FormTarget, Stored};
use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// A button by which one signs in, where the site can; nothing in a browser that cannot. `or`: another way follows.
#[component]
pub fn PasskeyButton(or: bool) -> impl IntoView {
    use_context::<PasskeysWork>().map(|_| {
        view! {
            <form class="needs-script stack" data-passkeys="enter">
                <input type="hidden" name="next" value=params::next() />
                <div>
                    <Submit class="button button--large button--block" icon=Icon::Key>"Sign in with a passkey"</Submit>
                    <Said />
                </div>
                {or.then(|| view! { <Or /> })}
            </form>
            <Script />
        }
        .into_any()
    })
}

/// The passkeys of one's account: a list, and a form that adds the passkey of the device before one.
#[component]
pub fn PasskeyList(passkeys: Passkeys) -> impl IntoView {
    let Passkeys { made, device } = passkeys;
    let rows = (!made.is_empty())
        .then(|| view! { <ul class="rows" role="list">{made.into_iter().map(row).collect_view()}</ul> });
    view! {
        <p class="small muted">
            "Your fingerprint, face or screen lock signs you in, without e-mail and password. A passkey is kept by your device \
            or your password manager; this site gets nothing that could be stolen from it."
        </p>
        {rows}
        <form class="form needs-script" data-passkeys="add">
            <div class="field">
                <label class="field-label" for="passkey-name">"What to call a new one"</label>
                <input
                    class="input"
                    id="passkey-name"
                    name="name"
                    type="text"
                    value=device
                    maxlength=NAME_MAX
                    autocomplete="off"
                />
            </div>
            <div>
                <div class="form-actions"><Submit icon=Icon::Key>"Add a passkey"</Submit></div>
                <Said />
            </div>
        </form>
        <p class="without-script" data-passkeys-missing>
            "To add one takes JavaScript, and a browser that knows passkeys."
        </p>
        <Script />
    }
    .into_any()
}

fn row(passkey: Passkey) -> impl IntoView {
    let label = format!("Remove {}", passkey.name);
    let used = match passkey.used {
        Some(time) => view! { ", last used "<Day time /> }.into_any(),
        None => ", not used yet".into_any(),
    };
    view! {
        <li class="row">
            <span class="row-words">
                <strong class="break-anywhere">{passkey.name}</strong>
                <span class="small muted">"Made "<Day time=passkey.made />{used}</span>
            </span>
            <Form to={FormTarget::of::<RemovePasskey>()} stored=Stored::Reloads>
                <input type="hidden" name="id" value=passkey.id.to_string() />
                <button class="button button--small" type="submit" aria-label=label>"Remove"</button>
            </Form>
        </li>
    }
}

/// Where the script says what goes wrong.
#[component]
fn Said() -> impl IntoView {
    view! { <p class="form-status passkey-said" data-state="failed" role="status"></p> }
}

#[component]
fn Script() -> impl IntoView {
    view! { <script type="module" src="/passkeys.js" nonce=use_nonce()></script> }
}
