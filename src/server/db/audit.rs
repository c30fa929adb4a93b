//! The audit log, each entry written by the transaction that does what it tells.

use super::Db;
use crate::domain::audit::{Act, AuditPage, Entry, Named};
use crate::domain::id::UserId;
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;

/// Entries a page.
const PAGE: i64 = 100;

/// Adds an entry. There is no actor at the command line.
pub async fn note(
    tx: &mut PgConnection,
    actor: Option<UserId>,
    act: Act,
    subject: Option<UserId>,
    detail: &str,
) -> Result<(), AppError> {
    sqlx::query!(
        "insert into audit_log (actor_id, act, subject_id, detail) values ($1, $2, $3, $4)",
        actor.map(|user| user.0),
        act.value(),
        subject.map(|user| user.0),
        detail
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Entries about whoever or whatever these words name, older than `after`; all of them where there are none.
pub async fn search(db: &Db, _: &Admin, words: &str, after: Option<i64>) -> sqlx::Result<AuditPage> {
    let acts: Vec<String> = Act::ALL
        .iter()
        .filter(|act| act.words().to_lowercase().contains(&words.to_lowercase()))
        .map(|act| act.value().to_owned())
        .collect();
    let rows = sqlx::query!(
        r#"select l.id, l.at, l.actor_id as "actor_id: UserId", l.act, l.subject_id as "subject_id: UserId", l.detail,
          a.name as "actor?", s.name as "subject?"
        from audit_log l
        left join users a on a.id = l.actor_id
        left join users s on s.id = l.subject_id
        where ($1::bigint is null or l.id < $1)
          and ($2 = '' or l.act = any($3) or position(lower($2) in lower(concat_ws(
            ' ', l.detail, a.name, a.email, s.name, s.email))) > 0)
        order by l.id desc
        limit $4"#,
        after,
        words,
        &acts,
        PAGE + 1
    )
    .fetch_all(db.pool())
    .await?;
    let more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    let entries: Vec<Entry> = rows
        .into_iter()
        .take(usize::try_from(PAGE).unwrap_or(usize::MAX))
        .map(|row| Entry {
            id: row.id,
            at: row.at.into(),
            actor: row.actor_id.map(|id| named(id, row.actor)),
            words: Act::parse(&row.act).map_or(row.act.clone(), |act| act.words().to_owned()),
            subject: row.subject_id.map(|id| named(id, row.subject)),
            detail: row.detail,
        })
        .collect();
    let next = entries.last().filter(|_| more).map(|entry| entry.id);
    Ok(AuditPage { entries, next })
}

fn named(id: UserId, name: Option<String>) -> Named {
    Named { id, name: name.unwrap_or_else(|| "Somebody".to_owned()) }
}
