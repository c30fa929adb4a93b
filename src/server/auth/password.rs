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

/// Fewest guesses that a password must be worth: up to here zxcvbn calls one guessable by whoever may only try it out
/// at a sign-in. What is among the most common ones, spelt otherwise, or a row of keys or years is worth less.
const GUESSES_MIN: u64 = 1_000_000;
const TOO_EASY: &str =
    "This is among the first that somebody would guess. Use a few words that do not belong together.";

/// Returns the PHC string to store of a password that somebody chose; refuses one that is easy to guess.
pub async fn hash(password: String) -> Result<String, AppError> {
    on_a_thread(move || {
        if zxcvbn::zxcvbn(&password, &[]).guesses() < GUESSES_MIN {
            return Err(AppError::invalid("password", TOO_EASY));
        }
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

    #[tokio::test]
    async fn what_many_others_use_is_no_password() {
        for common in [
            "1234567890",
            "qwertyuiop",
            "password123",
            "P4ssw0rd123",
            "iloveyou1234",
            "aaaaaaaaaaaaaaaa",
            "abcdefghijkl",
            "12345678901234567890",
            "changeme2026",
        ] {
            assert!(
                hash(common.into()).await.is_err_and(|error| error == AppError::invalid("password", TOO_EASY)),
                "{common}"
            );
        }
        for own in ["correct horse battery", "überraschend-rund", "it rains in Lviv", "ö7ü!äß2?x9"] {
            assert!(hash(own.into()).await.is_ok(), "{own}");
        }
    }
}
