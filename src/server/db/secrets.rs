use crate::error::AppError;
use sqlx::PgConnection;

/// The site's secret of this name; the first to ask makes it.
pub async fn get_or_make(tx: &mut PgConnection, name: &str, fresh: &[u8]) -> Result<Vec<u8>, AppError> {
    sqlx::query!("insert into site_secrets (name, value) values ($1, $2) on conflict (name) do nothing", name, fresh)
        .execute(&mut *tx)
        .await?;
    let value = sqlx::query_scalar!("select value from site_secrets where name = $1", name).fetch_one(tx).await?;
    Ok(value)
}
