//! Letters to people: written down by whatever causes them, sent by [`forever`].

#[cfg(test)]
mod fault_tests;
mod letters;
mod smtp;

pub use letters::{Words, compose};
pub use smtp::Mailer;

use super::auth::{Admin, passes};
use super::context::AppState;
use super::db;
use crate::domain::mail::{Letter, Mail, MailPage};
use crate::error::AppError;
use smtp::Refusal;
use std::time::Duration;

/// The pause between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(5);

/// Of a letter that lets its reader into an account.
const ACCOUNT_GONE: &str = "The account is gone, or has another address now.";

/// Of a letter that another version of Lectern wrote.
const UNREADABLE: &str = "This version of Lectern cannot read this letter.";

/// Sends what is due for as long as the server runs, where there is a mail server.
pub async fn forever(state: AppState) {
    if state.mailer.is_none() {
        return;
    }
    loop {
        if let Err(error) = send_due(&state).await {
            tracing::warn!(%error, "letters could not be sent");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Sends all that is due, and returns how many letters the mail server took. Several servers share the work. Who dies
/// between sending a letter and noting it sends it again: it has the same id then, by which mail programs tell.
pub async fn send_due(state: &AppState) -> Result<usize, AppError> {
    let Some(mailer) = &state.mailer else { return Ok(0) };
    state.db.write(|tx| Box::pin(db::outbox::give_up(tx))).await?;
    let mut sent = 0;
    while let Some(due) = state.db.write(|tx| Box::pin(db::outbox::take_due(tx))).await? {
        let id = due.id;
        let answer = match &due.letter {
            Some(letter) => match secret(state, &due, letter).await? {
                Some(secret) => {
                    let words = compose(letter, &state.config.public_url, secret.as_deref());
                    mailer.send(id, &due.email, &words).await
                }
                None => Err(Refusal::Never(ACCOUNT_GONE.into())),
            },
            None => Err(Refusal::Never(UNREADABLE.into())),
        };
        let away = matches!(answer, Err(Refusal::Away(_)));
        sent += usize::from(answer.is_ok());
        let note = state.db.write(move |tx| {
            Box::pin(async move {
                match answer {
                    Ok(()) => db::outbox::sent(tx, id).await,
                    Err(Refusal::Away(why) | Refusal::Later(why)) => db::outbox::failed(tx, id, &why, true).await,
                    Err(Refusal::Never(why)) => db::outbox::failed(tx, id, &why, false).await,
                }
            })
        });
        note.await?;
        // Nobody is there to take the others, either.
        if away {
            break;
        }
    }
    Ok(sent)
}

/// What goes into a letter beside what is written down of it: of a pass a secret made this moment. None where whom it
/// was for is gone.
async fn secret(state: &AppState, due: &db::outbox::Due, letter: &Letter) -> Result<Option<Option<String>>, AppError> {
    let Letter::Pass { purpose } = letter else { return Ok(Some(None)) };
    let Some(user) = due.user else { return Ok(None) };
    Ok(passes::make(&state.db, user, due.email.clone(), *purpose).await?.map(Some))
}

/// The site's letters, for its author.
pub async fn page(state: &AppState, admin: &Admin) -> Result<MailPage, AppError> {
    let rows = db::outbox::list(&state.db, admin, 100).await?;
    let mails = rows.into_iter().map(|row| {
        let words = row.letter.as_ref().map(|letter| compose(letter, &state.config.public_url, None));
        let (subject, text) =
            words.map_or_else(|| (UNREADABLE.to_owned(), String::new()), |words| (words.subject, words.text));
        Mail {
            id: row.id,
            state: row.state(),
            purchase: row.purchase_id,
            created_at: row.created_at.into(),
            email: row.email,
            subject,
            text,
        }
    });
    Ok(MailPage {
        sends: state.mailer.is_some(),
        unsent: db::outbox::unsent(&state.db, admin).await?,
        mails: mails.collect(),
    })
}
