use crate::domain::id::MailId;
use crate::domain::mail::MailPage;
use crate::error::AppError;
use leptos::prelude::*;

/// The letters of the site: those that are not sent, and the latest.
#[server(endpoint = "admin/list_mails")]
pub async fn list_mails() -> Result<MailPage, AppError> {
    use crate::server::{context, mail};
    let admin = context::viewer().admin()?;
    mail::page(&context::state()?, &admin).await
}

/// Makes a letter that was not sent due now.
#[server(endpoint = "admin/send_mail_again")]
pub async fn send_mail_again(id: MailId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::outbox::again(tx, &admin, id).await })).await
}
