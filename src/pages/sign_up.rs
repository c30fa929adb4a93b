use super::form::{Form, Submission};
use super::params;
use super::session::Session;
use super::sign_in::DemoPeople;
use crate::api::session::SignUp;
use crate::components::field::{FieldText, TextField};
use crate::components::form::{FormErrors, Submit, of_field};
use crate::domain::validate::with_next;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SignUpPage() -> impl IntoView {
    let sign_up = Submission::to::<SignUp>();
    let failure = sign_up.failure();
    Session::expect().follow(sign_up);
    let next = params::next();
    let sign_in = with_next("/sign-in", &next);
    view! {
        <Title text="Make an account" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Make an account"</h1>
            <DemoPeople />
            <FormErrors failure />
            <Form to=sign_up class="form">
                <input type="hidden" name="next" value=next />
                <TextField
                    text=FieldText::new("form[name]", "Name").hint("As it stands on your receipts.")
                    error=of_field(failure, "name")
                    autocomplete="name"
                    max=200
                />
                <TextField
                    text=FieldText::new("form[email]", "E-mail")
                    error=of_field(failure, "email")
                    kind="email"
                    autocomplete="username"
                    max=254
                />
                <TextField
                    text=FieldText::new("form[password]", "Password").hint("At least 10 characters.")
                    error=of_field(failure, "password")
                    kind="password"
                    autocomplete="new-password"
                    max=200
                />
                <Submit pending=sign_up.pending() class="button button--primary button--large button--block">
                    "Make an account"
                </Submit>
            </Form>
            <p class="muted">"Have one? "<a href=sign_in>"Sign in"</a></p>
        </main>
    }
}
