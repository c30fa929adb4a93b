use super::super::load::show;
use super::layout::AdminPage;
use crate::api::admin::mails::{ListMails, SendMailAgain};
use crate::components::badge::{Badge, BadgeKind};
use crate::components::icon::{Icon, IconView};
use crate::components::notice::{Notice, NoticeKind};
use crate::domain::deletion::count;
use crate::domain::mail::{Mail, MailPage, MailState};
use crate::islands::form::{Form, FormTarget, Stored};
use leptos::prelude::*;
use leptos_meta::Title;

/// What was written to people, and whether it was sent.
#[component]
pub fn MailsPage() -> impl IntoView {
    view! {
        <Title text="Mail · Admin" />
        <AdminPage>
            {show::<ListMails>("", |page| view! { <Found page /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Found(page: MailPage) -> impl IntoView {
    let MailPage { sends, unsent, mails } = page;
    let no_server = (!sends).then(|| {
        view! {
            <Notice kind=NoticeKind::Warning title="No mail server is set up, so nothing is sent">
                <p>
                    "Receipts, given courses and refunds are written down here. Set " <code>"LECTERN_SMTP_URL"</code>
                    " and " <code>"LECTERN_MAIL_FROM"</code> " and start the server again: letters of the last three days go out then."
                </p>
            </Notice>
        }
    });
    let list = match mails.is_empty() {
        true => view! {
            <div class="empty">
                <IconView icon=Icon::Receipt />
                <h2>"No letters yet"</h2>
                <p>"Who buys something, is given a course or gets money back is told by e-mail."</p>
            </div>
        }
        .into_any(),
        false => {
            let rows = mails.into_iter().map(move |mail| view! { <Row mail sends /> });
            // One form for all of them: each letter has its button.
            view! {
                <p class="filter-count">{format!("{} not sent", count(unsent, "letter", "letters"))}</p>
                <Form to={FormTarget::of::<SendMailAgain>()} stored=Stored::Reloads>
                    <ol class="story" role="list">{rows.collect_view()}</ol>
                </Form>
            }
            .into_any()
        }
    };
    view! {
        <div class="page-header">
            <div>
                <h1>"Mail"</h1>
                <p class="lede">"What Lectern writes to people by itself."</p>
            </div>
        </div>
        <div class="stack stack--l">{no_server}<div>{list}</div></div>
    }
    .into_any()
}

#[component]
fn Row(mail: Mail, sends: bool) -> impl IntoView {
    let kind = match &mail.state {
        MailState::Sent { .. } => BadgeKind::Done,
        MailState::Waiting { .. } => BadgeKind::Pending,
        MailState::GivenUp { .. } => BadgeKind::Refunded,
    };
    let error = mail.state.error().map(|error| view! { <p class="small muted">{error.to_owned()}</p> });
    let again = (sends && !matches!(mail.state, MailState::Sent { .. })).then(|| {
        view! {
            <p>
                <button class="button button--small" type="submit" name="id" value=mail.id.to_string()>
                    "Send now"<span class="visually-hidden">{format!(": “{}” to {}", mail.subject, mail.email)}</span>
                </button>
            </p>
        }
    });
    let purchase = mail.purchase.map(|purchase| {
        view! { " · " <a href=format!("/admin/sales/{purchase}")>"Purchase"</a> }
    });
    let minute = mail.created_at.minute();
    view! {
        <li>
            <time class="small muted" datetime=mail.created_at.0>{minute}</time>
            <div class="stack stack--s">
                <p>{mail.subject}" "<Badge kind text=mail.state.words() /></p>
                <p class="small muted">{mail.email}{purchase}</p>
                {error}
                <details class="letter">
                    <summary>"Read it"</summary>
                    <pre>{mail.text}</pre>
                </details>
                {again}
            </div>
        </li>
    }
    .into_any()
}
