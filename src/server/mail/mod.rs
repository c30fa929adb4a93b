//! Letters to people: written down by whatever causes them, sent by [`forever`].

#[cfg(test)]
mod fault_tests;
mod letters;
mod smtp;

pub use letters::{Words, compose};
pub use smtp::Mailer;

use super::auth::Admin;
use super::context::AppState;
use super::db;
use crate::domain::mail::{Mail, MailPage};
use crate::error::AppError;
use smtp::Refusal;
use std::time::Duration;

/// The pause between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(5);

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
            Some(letter) => mailer.send(id, &due.email, &compose(letter, &state.config.public_url)).await,
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

/// The site's letters, for its author.
pub async fn page(state: &AppState, admin: &Admin) -> Result<MailPage, AppError> {
    let rows = db::outbox::list(&state.db, admin, 100).await?;
    let mails = rows.into_iter().map(|row| {
        let words = row.letter.as_ref().map(|letter| compose(letter, &state.config.public_url));
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
