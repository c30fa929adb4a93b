//! Addresses of protected media: each says whom it was made for and until when, and is signed. It opens nothing that
//! its person may not open at that moment; handed on, it opens nothing at all.

use crate::domain::id::{FileId, UserId};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

/// How long an address is good, in seconds: a long evening with one lesson.
pub const LIFETIME: i64 = 12 * 60 * 60;
/// Expiry is rounded up to this many seconds, so that a lesson opened again finds what the browser kept of its video.
const STEP: i64 = 60 * 60;

/// Bytes of the key.
pub const KEY: usize = 32;

/// What stands behind the question mark.
#[derive(Debug, Default, Deserialize)]
pub struct Signed {
    #[serde(default)]
    user: String,
    /// Seconds of Unix time.
    #[serde(default)]
    expires: i64,
    #[serde(default)]
    signature: String,
}

/// The address of a file for one person (or anyone who is not signed in), made at `now` in seconds of Unix time.
pub fn sign(key: &[u8], file: FileId, user: Option<UserId>, now: i64) -> String {
    let expires = (now + LIFETIME) / STEP * STEP + STEP;
    let user = name(user);
    let signature: String =
        mac(key, file, &user, expires).finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}?user={user}&expires={expires}&signature={signature}", path(file))
}

/// The address of a file that needs no signature.
pub fn path(file: FileId) -> String {
    format!("/media/{file}")
}

/// Whether an address was made here, for this person, and is still good.
pub fn holds(key: &[u8], file: FileId, viewer: Option<UserId>, signed: &Signed, now: i64) -> bool {
    let signature: Option<Vec<u8>> = signed.signature.as_bytes().chunks(2).map(byte).collect();
    let ours = signature.is_some_and(|bytes| mac(key, file, &signed.user, signed.expires).verify_slice(&bytes).is_ok());
    ours && signed.expires > now && signed.user == name(viewer)
}

fn mac(key: &[u8], file: FileId, user: &str, expires: i64) -> Hmac<Sha256> {
    // Any length of key will do, and none is refused.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(format!("{file}\n{user}\n{expires}").as_bytes());
    mac
}

fn name(user: Option<UserId>) -> String {
    user.map_or_else(|| "anyone".to_owned(), |user| user.to_string())
}

fn byte(pair: &[u8]) -> Option<u8> {
    let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
    u8::from_str_radix(pair, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn read(address: &str) -> Signed {
        serde_qs::from_str(address.split_once('?').expect("is signed").1).expect("is a query")
    }

    #[test]
    fn az13_an_address_is_bound_to_its_file_its_person_and_its_time() {
        let (key, file, user) = ([7; KEY], FileId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let now = 1_800_000_000;
        let signed = || read(&sign(&key, file, Some(user), now));
        assert!(holds(&key, file, Some(user), &signed(), now));
        assert!(holds(&key, file, Some(user), &signed(), now + LIFETIME));
        assert!(!holds(&key, file, Some(user), &signed(), now + LIFETIME + STEP));
        assert!(!holds(&key, FileId(Uuid::from_u128(3)), Some(user), &signed(), now));
        assert!(!holds(&key, file, Some(UserId(Uuid::from_u128(3))), &signed(), now));
        assert!(!holds(&key, file, None, &signed(), now));
        assert!(!holds(&[8; KEY], file, Some(user), &signed(), now));
        let later = Signed { expires: signed().expires + 1, ..signed() };
        assert!(!holds(&key, file, Some(user), &later, now));
        for signature in ["", "00", "zz", "é", &signed().signature[..62], &format!("{}00", signed().signature)] {
            assert!(!holds(&key, file, Some(user), &Signed { signature: signature.to_owned(), ..signed() }, now));
        }
        assert!(holds(&key, file, None, &read(&sign(&key, file, None, now)), now));
    }
}
