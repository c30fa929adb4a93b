use super::super::field::SecretField;
use super::super::load::show;
use super::super::visit::visit;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::account::JoinAsAdmin;
use crate::api::admin::people::{GetInvitation, InviteAdmin};
use crate::components::form::Submit;
use crate::components::notice::{Notice, NoticeKind};
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

/// Makes a link that invites an admin, and shows the one that was just made.
#[component]
pub fn InvitePage() -> impl IntoView {
    view! {
        <AdminPage class="page page--form">
            <Title text="Invite an admin" />
            <Breadcrumb steps=vec![("/admin/people".into(), "People".into())] here="Invite an admin" />
            <div class="page-header"><div><h1>"Invite an admin"</h1></div></div>
            <div class="stack">
                {show::<GetInvitation>("", |made| view! { <Made made /> }.into_any())}
                <p>
                    "An admin can do all that you can: write courses, set prices, give money back, make and unmake admins. Whoever follows the link and signs in becomes one."
                </p>
                <Form to={FormTarget::of::<InviteAdmin>()}>
                    <div class="form-actions"><Submit>"Make a link"</Submit></div>
                </Form>
            </div>
        </AdminPage>
    }
}

/// The link, while its maker's browser has it.
#[component]
fn Made(made: Option<String>) -> impl IntoView {
    made.map(|secret| {
        let link = format!("{}/account/join#{secret}", visit().origin);
        view! {
            <Notice kind=NoticeKind::Success title="Here is the link">
                <p>"It works once, for three days, and is not shown again. Give it to nobody but the one you mean."</p>
            </Notice>
            <div class="field">
                <label class="field-label" for="link">"Link"</label>
                <input class="input" id="link" type="text" readonly=true value=link />
            </div>
        }
    })
}

/// Where such a link leads.
#[component]
pub fn JoinPage() -> impl IntoView {
    let name = visit().user.map(|user| user.name).unwrap_or_default();
    view! {
        <Title text="Become an admin" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Become an admin"</h1>
            <p>"You were invited to look after this site together with its author. You are signed in as "<strong>{name}</strong>"."</p>
            <Form to={FormTarget::of::<JoinAsAdmin>()} class="form">
                <SecretField />
                <Submit class="button button--primary button--large button--block">"Become an admin"</Submit>
            </Form>
        </main>
    }
}
