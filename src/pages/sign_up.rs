use super::field::{FieldText, TextField};
use super::params;
use super::sign_in::DemoPeople;
use super::ways_in::{OtherWaysIn, ways_in};
use crate::api::session::SignUp;
use crate::components::form::Submit;
use crate::domain::validate::with_next;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SignUpPage() -> impl IntoView {
    let next = params::next();
    let sign_in = with_next("/sign-in", &next);
    view! {
        <Title text="Make an account" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Make an account"</h1>
            <DemoPeople />
            <OtherWaysIn form="sign-up" />
            {ways_in().local.then(|| view! { <LocalForm next /> })}
            <p class="muted">"Have one? "<a href=sign_in>"Sign in"</a></p>
        </main>
    }
}

#[component]
fn LocalForm(next: String) -> impl IntoView {
    view! {
            <Form to={FormTarget::of::<SignUp>()} class="form">
                <input type="hidden" name="next" value=next />
                <TextField
                    text=FieldText::new("form[name]", "Name").hint("As it stands on your receipts.")
                    autocomplete="name"
                    max=200
                />
                <TextField
                    text=FieldText::new("form[email]", "E-mail")
                    kind="email"
                    autocomplete="username"
                    max=254
                />
                <TextField
                    text=FieldText::new("form[password]", "Password").hint("At least 10 characters.")
                    kind="password"
                    autocomplete="new-password"
                />
                <Submit class="button button--primary button--large button--block">
                    "Make an account"
                </Submit>
            </Form>
    }
    .into_any()
}
