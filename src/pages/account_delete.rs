use super::field::{FieldText, TextField};
use super::load::show;
use crate::api::account::{DeleteAccount, GetAccount};
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::domain::account::Account;
use crate::domain::deletion::count;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

/// Says what goes with one's account and what stays, and asks.
#[component]
pub fn AccountDeletePage() -> impl IntoView {
    view! {
        <Title text="Delete your account" />
        <main class="page page--form" id="main" tabindex="-1">
            {show::<GetAccount>("", |account| view! { <Ask account /> }.into_any())}
        </main>
    }
}

#[component]
fn Ask(account: Account) -> impl IntoView {
    let bought = (account.purchases > 0).then(|| {
        let many = count(account.purchases, "purchase", "purchases");
        view! {
            <li>{format!("The record of {many}, without your name: whoever sells must be able to show what was sold.")}</li>
        }
    });
    let courses =
        (account.purchases > 0).then(|| view! { <li>"Access to every course that you bought or were given"</li> });
    let proof = match account.password {
        true => view! {
            <TextField
                text=FieldText::new("password", "Your password")
                kind="password"
                autocomplete="current-password"
            />
        }
        .into_any(),
        false => view! {
            <TextField
                text=FieldText::new("email", "Your e-mail").hint("Type it, to show that you mean it.")
                kind="email"
                autocomplete="off"
                max=254
            />
        }
        .into_any(),
    };
    view! {
        <div class="stack">
            <h1>"Delete your account?"</h1>
            <p>"This goes, for good:"</p>
            <ul class="consequences">
                <li>"Your name, your e-mail, your picture, and every way in"</li>
                <li>"Every note that you wrote beside a lesson"</li>
                {courses}
            </ul>
            <p>"This stays:"</p>
            <ul class="consequences">
                {bought}
                <li>"How far somebody who is not named any more got in a course: the author counts them"</li>
            </ul>
            <p><a href="/account/export.json" download>"Take your data along first"</a></p>
            <Form to={FormTarget::of::<DeleteAccount>()} class="form">
                {proof}
                <div class="form-actions">
                    <Submit class="button button--danger-solid" icon=Icon::Trash>"Delete my account"</Submit>
                    <a class="button" href="/account"><IconView icon=Icon::ArrowLeft />"Keep it"</a>
                </div>
            </Form>
        </div>
    }
    .into_any()
}
