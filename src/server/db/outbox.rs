//! Letters that wait to be sent, and what became of them.

use super::Db;
use crate::domain::id::{MailId, PurchaseId, UserId};
use crate::domain::mail::{Letter, MailState};
use crate::error::AppError;
use crate::server::auth::Admin;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// A letter that is to be sent now.
pub struct Due {
    pub id: MailId,
    pub email: String,
    /// Whose account it concerns, where there is one.
    pub user: Option<UserId>,
    /// None where another version of Lectern wrote it, and this one cannot read it.
    pub letter: Option<Letter>,
}

/// Takes the letter that waits longest; nobody else gets it for eleven minutes, or until its fate is noted.
pub async fn take_due(tx: &mut PgConnection) -> Result<Option<Due>, AppError> {
    let due = sqlx::query!(
        "update mails
        set attempts = attempts + 1, send_at = now() + interval '11 minutes'
        where id = (
          select id
          from mails
          where send_at <= now() and give_up_at > now()
          order by send_at
          limit 1
          for no key update skip locked
        )
        returning id, email, user_id, letter"
    )
    .fetch_optional(tx)
    .await?;
    Ok(due.map(|row| Due {
        id: row.id,
        email: row.email,
        user: row.user_id,
        letter: serde_json::from_value(row.letter).ok(),
    }))
}

/// Gives up letters that waited for too long.
pub async fn give_up(tx: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!(
        "update mails
        set send_at = null, error = coalesce(error, 'It waited for three days, and there was no mail server.')
        where send_at is not null and give_up_at <= now()"
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that the mail server took a letter.
pub async fn sent(tx: &mut PgConnection, id: MailId) -> Result<(), AppError> {
    sqlx::query!("update mails set sent_at = now(), send_at = null, error = null where id = $1", id as MailId)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes why a letter was not sent. It is tried again after a pause, unless that is of no use: pauses grow with the
/// attempts, from a minute to six hours.
pub async fn failed(tx: &mut PgConnection, id: MailId, why: &str, again: bool) -> Result<(), AppError> {
    sqlx::query!(
        "update mails
        set error = $2,
          send_at = case
            when $3 then now() + least(interval '1 minute' * (1 << least(greatest(attempts - 1, 0), 9)), interval '6 hours')
          end
        where id = $1 and sent_at is null",
        id as MailId,
        why,
        again
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A letter as it is kept.
pub struct Row {
    pub id: MailId,
    pub email: String,
    pub purchase_id: Option<PurchaseId>,
    /// None where this version of Lectern cannot read it.
    pub letter: Option<Letter>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub send_at: Option<DateTime<Utc>>,
    pub error: Option<String>,
}

impl Row {
    pub fn state(&self) -> MailState {
        match (self.sent_at, self.send_at) {
            (Some(at), _) => MailState::Sent { at: at.into() },
            (None, Some(until)) => MailState::Waiting { until: until.into(), error: self.error.clone() },
            (None, None) => MailState::GivenUp { error: self.error.clone().unwrap_or_default() },
        }
    }
}

/// Letters, those that are not sent first, then the latest.
pub async fn list(db: &Db, _: &Admin, limit: i64) -> sqlx::Result<Vec<Row>> {
    let rows = sqlx::query!(
        "select id, email, purchase_id, letter, created_at, sent_at, send_at, error
        from mails
        order by sent_at is not null, created_at desc, id
        limit $1",
        limit
    )
    .fetch_all(db.pool())
    .await?;
    let rows = rows.into_iter().map(|row| Row {
        id: row.id,
        email: row.email,
        purchase_id: row.purchase_id,
        letter: serde_json::from_value(row.letter).ok(),
        created_at: row.created_at,
        sent_at: row.sent_at,
        send_at: row.send_at,
        error: row.error,
    });
    Ok(rows.collect())
}

/// How many letters are not sent.
pub async fn unsent(db: &Db, _: &Admin) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from mails where sent_at is null"#).fetch_one(db.pool()).await
}

/// Makes a letter that was not sent due now, for another three days.
pub async fn again(tx: &mut PgConnection, _: &Admin, id: MailId) -> Result<(), AppError> {
    let done = sqlx::query!(
        "update mails
        set send_at = now(), give_up_at = now() + interval '3 days', attempts = 0
        where id = $1 and sent_at is null",
        id as MailId
    )
    .execute(tx)
    .await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}
