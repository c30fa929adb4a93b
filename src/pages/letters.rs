use super::field::{FieldText, SecretField, TextField};
use super::not_found::NotFoundPage;
use super::visit::visit;
use super::ways_in::ways_in;
use crate::api::letters::{AskForLetter, ResetPassword, SignInByLink};
use crate::components::form::Submit;
use crate::components::notice::{Notice, NoticeKind};
use crate::domain::account::Purpose;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

/// For whoever does not know their password, or has none.
#[component]
pub fn AskForLetterPage() -> impl IntoView {
    let body = match visit().sends {
        _ if !ways_in().local => return view! { <NotFoundPage /> }.into_any(),
        false => view! {
            <Notice kind=NoticeKind::Info title="This site cannot send letters">
                <p>"So it cannot let you in by one. Ask its author for help."</p>
            </Notice>
        }
        .into_any(),
        true => view! {
            <p>"Say your e-mail. If there is an account with it, a letter with a link is on its way."</p>
            <Form to={FormTarget::of::<AskForLetter>()} class="form">
                <TextField text=FieldText::new("email", "E-mail") kind="email" autocomplete="username" max=254 />
                <div class="stack">
                    <button
                        class="button button--primary button--large button--block"
                        type="submit"
                        name="purpose"
                        value=Purpose::SignIn.value()
                    >
                        "Send me a link to sign in"
                    </button>
                    <button class="button button--block" type="submit" name="purpose" value=Purpose::Reset.value()>
                        "Let me choose another password"
                    </button>
                </div>
            </Form>
        }
        .into_any(),
    };
    view! {
        <Title text="Get in by e-mail" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Get in by e-mail"</h1>
            {body}
            <p class="muted"><a href="/sign-in">"Back to signing in"</a></p>
        </main>
    }
    .into_any()
}

#[component]
pub fn LetterSentPage() -> impl IntoView {
    view! {
        <Title text="Look into your mailbox" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Look into your mailbox"</h1>
            <p>"If there is an account with that e-mail, a letter is on its way. Its link works once."</p>
            <p class="muted">"Nothing there after a few minutes? Look among the junk, or "<a href="/sign-in/letter">"try again"</a>"."</p>
        </main>
    }
}

/// Where the letter with a link to sign in leads: it asks for a press, for programs that look into letters follow links.
#[component]
pub fn LinkPage() -> impl IntoView {
    view! {
        <Title text="Sign in by a letter" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Sign in"</h1>
            <p>"You came by the link in our letter. It works once."</p>
            <Form to={FormTarget::of::<SignInByLink>()} class="form">
                <SecretField />
                <Submit class="button button--primary button--large button--block">"Sign in"</Submit>
            </Form>
            <p class="muted"><a href="/sign-in/letter">"Ask for another letter"</a></p>
        </main>
    }
}

/// Where the letter about another password leads.
#[component]
pub fn ResetPage() -> impl IntoView {
    view! {
        <Title text="Choose another password" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Choose another password"</h1>
            <p>"Every browser that is signed in to your account is signed out by it."</p>
            <Form to={FormTarget::of::<ResetPassword>()} class="form">
                <SecretField />
                <TextField
                    text=FieldText::new("password", "New password").hint("At least 10 characters.")
                    kind="password"
                    autocomplete="new-password"
                />
                <Submit class="button button--primary button--large button--block">"Change password and sign in"</Submit>
            </Form>
            <p class="muted"><a href="/sign-in/letter">"Ask for another letter"</a></p>
        </main>
    }
}
