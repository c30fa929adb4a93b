use crate::domain::id::CheckoutId;
use crate::domain::payment::FlagKind;
use crate::error::AppError;
use sqlx::PgConnection;

/// Flags a checkout for a person to look at; flagged for the same again, it stays as it is.
pub async fn raise(tx: &mut PgConnection, checkout: CheckoutId, kind: FlagKind, detail: &str) -> Result<(), AppError> {
    sqlx::query!(
        "insert into payment_flags (checkout_id, kind, detail) values ($1, $2, $3)
        on conflict (checkout_id, kind) do nothing",
        checkout as CheckoutId,
        kind as FlagKind,
        detail
    )
    .execute(tx)
    .await?;
    Ok(())
}
