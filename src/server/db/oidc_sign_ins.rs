//! Sign-ins that were begun with an OpenID Connect provider, until they come back.

use crate::domain::id::UserId;
use crate::error::AppError;
use sqlx::PgConnection;

/// How long one may take, in minutes: somebody may have to find their password there.
const MINUTES: i32 = 15;

/// What is known of a sign-in that was begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The provider's name in the settings.
    pub provider: String,
    pub nonce: String,
    pub verifier: String,
    /// Where to go on.
    pub next: String,
    /// Who adds this way in to their account.
    pub user: Option<UserId>,
}

/// Keeps one that begins, and forgets those that never came back.
pub async fn begin(
    tx: &mut PgConnection,
    state_hash: Vec<u8>,
    browser_hash: Vec<u8>,
    begun: Begun,
) -> Result<(), AppError> {
    sqlx::query!("delete from oidc_sign_ins where expires_at < now()").execute(&mut *tx).await?;
    sqlx::query!(
        "insert into oidc_sign_ins (state_hash, browser_hash, provider, nonce, verifier, next, user_id, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(mins => $8))",
        state_hash,
        browser_hash,
        begun.provider,
        begun.nonce,
        begun.verifier,
        begun.next,
        begun.user as Option<UserId>,
        MINUTES
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes the one that comes back, once, and in the browser that began it alone.
pub async fn take(
    tx: &mut PgConnection,
    state_hash: &[u8],
    browser_hash: &[u8],
    provider: &str,
) -> Result<Option<Begun>, AppError> {
    let begun = sqlx::query_as!(
        Begun,
        r#"delete from oidc_sign_ins
        where state_hash = $1 and browser_hash = $2 and provider = $3 and expires_at > now()
        returning provider, nonce, verifier, next, user_id as "user: UserId""#,
        state_hash,
        browser_hash,
        provider
    )
    .fetch_optional(tx)
    .await?;
    Ok(begun)
}
