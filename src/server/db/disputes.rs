use crate::domain::id::PurchaseId;
use crate::domain::money::Cents;
use crate::domain::refund::DisputeStatus;
use crate::error::AppError;
use crate::server::payments::ProviderDispute;
use sqlx::PgConnection;

/// Writes down a dispute as the provider tells of it.
pub async fn store(tx: &mut PgConnection, purchase: PurchaseId, dispute: &ProviderDispute) -> Result<(), AppError> {
    sqlx::query!(
        "insert into disputes (purchase_id, provider_dispute_id, amount_in_cents, status, reason)
        values ($1, $2, $3, $4, $5)
        on conflict (provider_dispute_id) do update
        set status = excluded.status, amount_in_cents = excluded.amount_in_cents",
        purchase as PurchaseId,
        dispute.id,
        dispute.amount as Cents,
        dispute.status as DisputeStatus,
        dispute.reason
    )
    .execute(tx)
    .await?;
    Ok(())
}
