use super::clerk::ClerkArea;
use super::field::{FieldText, TextField};
use super::params;
use super::passkeys::PasskeyButton;
use super::visit::visit;
use crate::api::session::{SignIn, SignInDemo};
use crate::components::form::Submit;
use crate::domain::validate::with_next;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SignInPage() -> impl IntoView {
    let sign_in = FormTarget::of::<SignIn>();
    let next = params::next();
    let sign_up = with_next("/sign-up", &next);
    view! {
        <Title text="Sign in" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Sign in"</h1>
            <DemoPeople />
            <ClerkArea form="sign-in" />
            <Form to=sign_in class="form">
                <input type="hidden" name="next" value=next />
                <TextField
                    text=FieldText::new("form[email]", "E-mail")
                    kind="email"
                    autocomplete="username"
                    max=254
                />
                <TextField
                    text=FieldText::new("form[password]", "Password")
                    kind="password"
                    autocomplete="current-password"
                />
                <Submit class="button button--primary button--large button--block">
                    "Sign in"
                </Submit>
            </Form>
            <PasskeyButton />
            {visit().sends.then(|| view! { <p class="muted"><a href="/sign-in/letter">"Get in by e-mail, without a password"</a></p> })}
            <p class="muted">"New here? "<a href=sign_up>"Make an account"</a></p>
        </main>
    }
}

/// In a demo, one press makes anyone the author or a learner.
#[component]
pub fn DemoPeople() -> impl IntoView {
    visit().demo.then(|| {
        view! {
            <Form to={FormTarget::of::<SignInDemo>()} class="demo-people">
                <input type="hidden" name="next" value=params::next() />
                <h2>"Look around in the demo"</h2>
                <p class="small">"One press, no password."</p>
                <div class="cluster">
                    <button class="button" type="submit" name="as" value="learner">"Sign in as a learner"</button>
                    <button class="button" type="submit" name="as" value="author">"Sign in as the author"</button>
                </div>
            </Form>
        }
    })
}
