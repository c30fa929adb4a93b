use super::account_ways::Ways;
use super::admin::refused::RefusedNotice;
use super::field::{FieldText, SecretField, TextField};
use super::load::show;
use super::passkeys::PasskeyList;
use super::purchases::Day;
use super::visit::visit;
use super::ways_in::CameBack;
use crate::api::account::{
    BecomeAdmin, ChangePassword, EndOtherSessions, EndSession, GetAccount, RemovePicture, SendConfirmation,
    UpdateProfile,
};
use crate::api::letters::ConfirmMyAddress;
use crate::components::avatar::Avatar;
use crate::components::badge::{Badge, BadgeKind};
use crate::components::form::Submit;
use crate::components::notice::{Notice, NoticeKind};
use crate::domain::account::{Account, Session};
use crate::domain::cover::COVER_KINDS;
use crate::domain::validate::NAME_MAX;
use crate::islands::form::{Form, FormTarget, SavedNote, Stored};
use leptos::prelude::*;
use leptos_meta::Title;

/// One's own account: what one is called, how one gets in, and where one is in.
#[component]
pub fn AccountPage() -> impl IntoView {
    view! {
        <Title text="Your account" />
        <main class="page page--form" id="main" tabindex="-1">
            <div class="page-header"><div><h1>"Your account"</h1></div></div>
            {show::<GetAccount>("", |account| view! { <Found account /> }.into_any())}
        </main>
    }
}

#[component]
fn Found(account: Account) -> impl IntoView {
    let others = !account.ways.is_empty() || !account.addable.is_empty();
    let ways = others.then(|| view! { <Ways ways=account.ways.clone() addable=account.addable.clone() /> });
    let password = account.local.then(|| view! { <Password account=account.clone() /> });
    let passkeys = account.passkeys.clone().map(|passkeys| {
        view! { <Part id="passkeys-h" title="Passkeys"><PasskeyList passkeys /></Part> }
    });
    view! {
        <div class="stack stack--l">
            <CameBack />
            <RefusedNotice />
            <Profile account=account.clone() />
            <Address account=account.clone() />
            {password}
            {passkeys}
            {ways}
            <Sessions sessions=account.sessions />
            <TakeAlong />
            <Leave purchases=account.purchases />
        </div>
    }
    .into_any()
}

/// A part of the page, with its heading.
#[component]
pub fn Part(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="admin-section" aria-labelledby=id>
            <header><h2 id=id>{title}</h2></header>
            {children()}
        </section>
    }
    .into_any()
}

#[component]
fn Profile(account: Account) -> impl IntoView {
    if let Some(provider) = account.named_by {
        return view! {
            <Part id="profile-h" title="Name">
                <p class="cluster"><Avatar image_url=account.image_url large=true /><span>{account.name}</span></p>
                <p class="small muted">
                    {format!("Your name, e-mail and picture come from {provider}. Change them there.")}
                </p>
            </Part>
        }
        .into_any();
    }
    view! {
        <Part id="profile-h" title="Name">
            <Form to={FormTarget::of::<UpdateProfile>()} class="form">
                <TextField
                    text=FieldText::new("form[name]", "Name").hint("As it stands on your receipts.")
                    value=account.name
                    autocomplete="name"
                    max=NAME_MAX
                />
                <div class="form-actions"><Submit>"Save name"</Submit><SavedNote /></div>
            </Form>
        </Part>
        <Picture image_url=account.image_url />
    }
    .into_any()
}

/// A plain form: its page comes back with the picture in its place.
#[component]
fn Picture(image_url: Option<String>) -> impl IntoView {
    let remove = image_url.is_some().then(|| {
        view! {
            <Form to={FormTarget::of::<RemovePicture>()} stored=Stored::Reloads>
                <button class="button button--quiet" type="submit">"Remove picture"</button>
            </Form>
        }
    });
    view! {
        <Part id="picture-h" title="Picture">
            <div class="portrait">
                <Avatar image_url large=true />
                <form class="stack stack--s" method="post" enctype="multipart/form-data" action="/account/picture">
                    <label class="small muted" for="picture">"PNG, JPEG, WebP, AVIF or GIF, at most 3 MB."</label>
                    <div class="cluster">
                        <input class="input" id="picture" type="file" name="picture" accept=COVER_KINDS required />
                        <button class="button" type="submit">"Upload picture"</button>
                    </div>
                </form>
            </div>
            {remove}
        </Part>
    }
    .into_any()
}

#[component]
fn Address(account: Account) -> impl IntoView {
    let badge = match account.verified {
        true => view! { <Badge kind=BadgeKind::Done text="Confirmed" /> }.into_any(),
        false => view! { <Badge kind=BadgeKind::Pending text="Not confirmed" /> }.into_any(),
    };
    let confirm = match (account.verified, account.sends) {
        (true, _) => ().into_any(),
        (false, false) => view! {
            <p class="small muted">
                "This site cannot send letters, so nothing was sent to confirm it. Its author can confirm it for you."
            </p>
        }
        .into_any(),
        (false, true) => view! {
            <p>"We wrote to it. Press the link in that letter: what was given to this address opens then, and you can get \
                in by it if you forget your password."</p>
            <Form to={FormTarget::of::<SendConfirmation>()}>
                <div class="form-actions"><Submit class="button">"Send the letter again"</Submit></div>
            </Form>
        }
        .into_any(),
    };
    view! {
        <Part id="address-h" title="E-mail">
            <p class="cluster"><span class="break-anywhere">{account.email}</span>{badge}</p>
            {confirm}
        </Part>
    }
    .into_any()
}

#[component]
fn Password(account: Account) -> impl IntoView {
    if !account.password && !account.verified {
        return view! {
            <Part id="password-h" title="Password">
                <p>"No password signs in to this account. Once your address is confirmed, you can set one."</p>
            </Part>
        }
        .into_any();
    }
    let current = account.password.then(|| {
        view! {
            <TextField
                text=FieldText::new("form[current]", "Current password")
                kind="password"
                autocomplete="current-password"
            />
        }
    });
    let words = match account.password {
        true => "Every other browser is signed out by it.",
        false => "No password signs in to this account yet. With one you can get in by your e-mail, too.",
    };
    view! {
        <Part id="password-h" title="Password">
            <p class="small muted">{words}</p>
            <Form to={FormTarget::of::<ChangePassword>()} class="form" stored=Stored::Reloads>
                <input type="email" name="email" value=account.email autocomplete="username" hidden=true />
                {current}
                <TextField
                    text=FieldText::new("form[password]", "New password").hint("At least 10 characters.")
                    kind="password"
                    autocomplete="new-password"
                />
                <div class="form-actions">
                    <Submit>{if account.password { "Change password" } else { "Set password" }}</Submit>
                </div>
            </Form>
        </Part>
    }
    .into_any()
}

#[component]
fn Sessions(sessions: Vec<Session>) -> impl IntoView {
    let others = sessions.iter().filter(|session| !session.here).count();
    let rows = sessions.into_iter().map(|session| {
        let state = match session.here {
            true => view! { <Badge kind=BadgeKind::Done text="This browser" /> }.into_any(),
            false => {
                let label = format!("Sign out {}", session.device);
                view! {
                    <Form to={FormTarget::of::<EndSession>()} stored=Stored::Reloads>
                        <input type="hidden" name="id" value=session.id.to_string() />
                        <button class="button button--small" type="submit" aria-label=label>"Sign out"</button>
                    </Form>
                }
                .into_any()
            }
        };
        view! {
            <li class="row">
                <span class="row-words">
                    <strong>{session.device}</strong>
                    <span class="small muted">
                        "Since "<Day time=session.since />", last seen "<Day time=session.seen />
                    </span>
                </span>
                {state}
            </li>
        }
    });
    let all = (others > 0).then(|| {
        view! {
            <Form to={FormTarget::of::<EndOtherSessions>()} stored=Stored::Reloads>
                <div class="form-actions"><Submit class="button">"Sign out all others"</Submit></div>
            </Form>
        }
    });
    view! {
        <Part id="sessions-h" title="Where you are signed in">
            <ul class="rows" role="list">{rows.collect_view()}</ul>
            {all}
        </Part>
    }
    .into_any()
}

#[component]
fn TakeAlong() -> impl IntoView {
    view! {
        <Part id="data-h" title="Your data">
            <p>"All that this site keeps of you, to take along: who you are, what you bought, how far you are, what you \
                wrote."</p>
            <div class="cluster">
                <a class="button" href="/account/export.json" download>"Everything (JSON)"</a>
                <a class="button" href="/account/notes.md" download>"Your notes (Markdown)"</a>
            </div>
        </Part>
    }
    .into_any()
}

#[component]
fn Leave(purchases: i64) -> impl IntoView {
    let words = match purchases {
        0 => "Your account goes for good.",
        _ => "Your account goes for good, and with it the courses that you bought.",
    };
    view! {
        <Part id="leave-h" title="Leave">
            <p>{words}" The next page says what stays, and why."</p>
            <p><a class="button button--danger" href="/account/delete">"Delete account…"</a></p>
        </Part>
    }
    .into_any()
}

/// Where the letter about one's address leads: it asks for a press, for programs that look into letters follow links.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let email = visit().user.map(|user| user.email).unwrap_or_default();
    view! {
        <Title text="Confirm your address" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Is this your address?"</h1>
            <p><strong class="break-anywhere">{email}</strong></p>
            <Form to={FormTarget::of::<ConfirmMyAddress>()} class="form">
                <SecretField />
                <Submit class="button button--primary button--large button--block">"Yes, it is mine"</Submit>
            </Form>
        </main>
    }
}

/// Where the site's first admin says the secret that it printed.
#[component]
pub fn BecomeAdminPage() -> impl IntoView {
    view! {
        <Title text="Become the admin" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Become the admin"</h1>
            <Notice kind=NoticeKind::Info title="For whoever set this site up">
                <p>"When it first started, Lectern printed a secret. It makes one account the admin, once."</p>
            </Notice>
            <Form to={FormTarget::of::<BecomeAdmin>()} class="form">
                <TextField text=FieldText::new("secret", "Secret") autocomplete="off" max=100 />
                <Submit class="button button--primary button--large button--block">"Become the admin"</Submit>
            </Form>
        </main>
    }
}
