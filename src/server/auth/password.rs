//! Passwords by argon2id, off the async threads and few at a time.

use crate::error::AppError;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Each hash takes 19 MiB and a core for its time (the crate's defaults, OWASP's first choice): two at once keep
/// a small machine standing while somebody guesses.
static PERMITS: Semaphore = Semaphore::const_new(2);

/// A hash to verify against where there is no account, so that both answers take the same time.
static DUMMY: LazyLock<String> = LazyLock::new(|| {
    Argon2::default().hash_password(b"nobody's password").map(|hash| hash.to_string()).unwrap_or_default()
});

/// Returns the PHC string to store.
pub async fn hash(password: String) -> Result<String, AppError> {
    on_a_thread(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| {
            tracing::error!(%error, "hashing a password failed");
            AppError::Internal
        })
    })
    .await?
}

/// Whether the password fits the stored hash; with none, false after the same work.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool, AppError> {
    on_a_thread(move || {
        let known = stored.is_some();
        let hash = stored.unwrap_or_else(|| DUMMY.clone());
        let fits = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        fits && known
    })
    .await
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    let _permit = PERMITS.acquire().await.map_err(|_| AppError::Internal)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| AppError::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_only_its_own_hash() {
        let stored = hash("correct horse battery".into()).await.expect("hashes");
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse battery".into(), Some(stored.clone())).await.expect("verifies"));
        assert!(!verify("incorrect horse".into(), Some(stored)).await.expect("verifies"));
        assert!(!verify("nobody's password".into(), None).await.expect("verifies"));
    }
}
