//! Secrets that are carried by a browser or a letter: 32 random bytes, of which only the SHA-256 is kept.

use crate::error::AppError;
use rand::TryRng;
use sha2::{Digest, Sha256};

pub use crate::domain::account::SECRET_LENGTH as LENGTH;

/// A secret that nobody has yet, in hexadecimal.
pub fn fresh() -> Result<String, AppError> {
    let mut secret = [0_u8; LENGTH / 2];
    rand::rngs::SysRng.try_fill_bytes(&mut secret).map_err(|error| {
        tracing::error!(%error, "no randomness from the system");
        AppError::Internal
    })?;
    Ok(hex(&secret))
}

/// What is kept of a secret.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_secret_is_256_bits_that_are_all_left_to_chance() {
        let secrets: BTreeSet<String> = (0..1_000).map(|_| fresh().expect("there is randomness")).collect();
        assert_eq!(secrets.len(), 1_000);
        assert!(secrets.iter().all(|secret| secret.len() * 4 == 256));
        for at in 0..LENGTH {
            let digits: BTreeSet<u8> = secrets.iter().map(|secret| secret.as_bytes()[at]).collect();
            assert_eq!(digits.into_iter().collect::<Vec<_>>(), b"0123456789abcdef", "digit {at}");
        }
        assert_ne!(hash("a"), hash("b"));
        assert_eq!(hash("a").len() * 8, 256);
    }
}
