use super::form::{Form, Submission};
use super::params;
use super::session::Session;
use crate::api::session::{SignIn, SignInDemo};
use crate::components::field::{FieldText, TextField};
use crate::components::form::{FormErrors, Submit, of_field};
use crate::domain::validate::with_next;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SignInPage() -> impl IntoView {
    let sign_in = Submission::to::<SignIn>();
    let failure = sign_in.failure();
    Session::expect().follow(sign_in);
    let next = params::next();
    let sign_up = with_next("/sign-up", &next);
    view! {
        <Title text="Sign in" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Sign in"</h1>
            <DemoPeople />
            <FormErrors failure />
            <Form to=sign_in class="form">
                <input type="hidden" name="next" value=next />
                <TextField
                    text=FieldText::new("form[email]", "E-mail")
                    error=of_field(failure, "email")
                    kind="email"
                    autocomplete="username"
                    max=254
                />
                <TextField
                    text=FieldText::new("form[password]", "Password")
                    error=of_field(failure, "password")
                    kind="password"
                    autocomplete="current-password"
                    max=200
                />
                <Submit pending=sign_in.pending() class="button button--primary button--large button--block">
                    "Sign in"
                </Submit>
            </Form>
            <p class="muted">"New here? "<a href=sign_up>"Make an account"</a></p>
        </main>
    }
}

/// In a demo, one press makes anyone the author or a learner.
#[component]
pub fn DemoPeople() -> impl IntoView {
    let session = Session::expect();
    let sign_in = Submission::to::<SignInDemo>();
    session.follow(sign_in);
    let next = params::next();
    let people = move || {
        let next = next.clone();
        session.visit().filter(|visit| visit.demo).map(|_| {
            view! {
                <Form to=sign_in class="demo-people">
                    <input type="hidden" name="next" value=next />
                    <h2>"Look around in the demo"</h2>
                    <p class="small">"One press, no password."</p>
                    <div class="cluster">
                        <button class="button" type="submit" name="as" value="learner">"Sign in as a learner"</button>
                        <button class="button" type="submit" name="as" value="author">"Sign in as the author"</button>
                    </div>
                </Form>
            }
        })
    };
    view! { <Transition>{people}</Transition> }
}
