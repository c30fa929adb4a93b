//! The demo provider's own ledger.

use super::Db;
use crate::domain::money::Cents;
use crate::error::AppError;
use sqlx::PgConnection;

/// Opens a session; the same id again is the same session.
pub async fn open(tx: &mut PgConnection, id: &str, amount: Cents) -> Result<(), AppError> {
    sqlx::query!(
        "insert into demo_payment_sessions (id, amount_in_cents) values ($1, $2) on conflict (id) do nothing",
        id,
        amount as Cents
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn pay(tx: &mut PgConnection, id: &str) -> Result<(), AppError> {
    sqlx::query!("update demo_payment_sessions set paid = true where id = $1", id).execute(tx).await?;
    Ok(())
}

/// The amount of a session, and whether it is paid.
pub async fn session(db: &Db, id: &str) -> sqlx::Result<Option<(Cents, bool)>> {
    let row =
        sqlx::query!(r#"select amount_in_cents as "amount: Cents", paid from demo_payment_sessions where id = $1"#, id)
            .fetch_optional(db.pool())
            .await?;
    Ok(row.map(|row| (row.amount, row.paid)))
}
