//! The signature of Clerk's webhooks, which is Svix's (docs.svix.com/receiving/verifying-payloads/how-manual):
//! `v1,<base64>`, several with spaces between, each of HMAC-SHA-256 over the message's id, a point, its time, a point and
//! the body as it came. The key is what follows `whsec_`, as base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Seconds by which a signature may be older or younger than this moment: whoever recorded one cannot send it again for
/// ever.
pub const TOLERANCE: i64 = 300;

/// What comes beside a webhook's body.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// `svix-id`.
    pub id: &'a str,
    /// `svix-timestamp`: Unix seconds.
    pub time: &'a str,
    /// `svix-signature`.
    pub signatures: &'a str,
}

/// The key in a signing secret; none where it is none.
pub fn key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    (!key.is_empty()).then_some(key)
}

/// Whether one of the keys signed these bytes within [`TOLERANCE`] of `now`, in Unix seconds.
pub fn verify<'k>(body: &[u8], signed: Signed<'_>, keys: impl Iterator<Item = &'k [u8]>, now: i64) -> bool {
    let soon = signed.time.parse().is_ok_and(|time: i64| time.abs_diff(now) <= TOLERANCE.unsigned_abs());
    if !soon || signed.id.is_empty() {
        return false;
    }
    let versions = signed.signatures.split(' ').filter_map(|part| part.split_once(','));
    let signatures: Vec<Vec<u8>> =
        versions.filter(|(version, _)| *version == "v1").filter_map(|(_, text)| STANDARD.decode(text).ok()).collect();
    keys.filter(|key| !key.is_empty()).any(|key| {
        signatures.iter().any(|signature| mac(key, signed, body).is_some_and(|mac| mac.verify_slice(signature).is_ok()))
    })
}

fn mac(key: &[u8], signed: Signed<'_>, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in [signed.id.as_bytes(), b".", signed.time.as_bytes(), b".", body] {
        mac.update(part);
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"type":"user.deleted"}"#;
    const NOW: i64 = 1_790_000_000;
    const ID: &str = "msg_1";

    fn sign(key: &[u8], id: &str, time: i64, body: &[u8]) -> String {
        let time = time.to_string();
        let signed = Signed { id, time: &time, signatures: "" };
        STANDARD.encode(mac(key, signed, body).expect("any key will do").finalize().into_bytes())
    }

    fn verified(id: &str, time: &str, signatures: &str, body: &[u8]) -> bool {
        verify(body, Signed { id, time, signatures }, [&b"old"[..], b"new"].into_iter(), NOW)
    }

    #[test]
    fn a_secret_is_base64_after_its_start() {
        assert_eq!(key("whsec_c2VjcmV0").as_deref(), Some(&b"secret"[..]));
        for none in ["", "whsec_", "c2VjcmV0", "whsec_c2VjcmV", "whsec_c2Vj cmV0", "WHSEC_c2VjcmV0"] {
            assert_eq!(key(none), None, "{none}");
        }
    }

    #[test]
    fn only_these_bytes_under_this_id_and_time_by_one_of_the_keys_are_signed() {
        let (good, now) = (sign(b"new", ID, NOW, BODY), NOW.to_string());
        assert!(verified(ID, &now, &format!("v1,{good}"), BODY));
        assert!(verified(ID, &now, &format!("v1,{}", sign(b"old", ID, NOW, BODY)), BODY));
        for signatures in [
            String::new(),
            good.clone(),
            "v1,".to_owned(),
            format!("v2,{good}"),
            format!("v1a,{good}"),
            format!("v1={good}"),
            format!("v1,{}", &good[..40]),
            format!("v1,{}A=", &good[..42]),
            format!("v1,{}", sign(b"other", ID, NOW, BODY)),
            format!("v1,{}", sign(b"", ID, NOW, BODY)),
        ] {
            assert!(!verified(ID, &now, &signatures, BODY), "{signatures}");
        }
        let signatures = format!("v1,{good}");
        assert!(!verified("msg_2", &now, &signatures, BODY));
        assert!(!verified(ID, &(NOW - 1).to_string(), &signatures, BODY));
        assert!(!verified(ID, "", &signatures, BODY) && !verified(ID, "soon", &signatures, BODY));
        assert!(!verified("", &now, &format!("v1,{}", sign(b"new", "", NOW, BODY)), BODY));
        let mut changed = BODY.to_vec();
        changed[3] ^= 1;
        assert!(!verified(ID, &now, &signatures, &changed));
        let unsigned = format!("v1,{}", sign(b"", ID, NOW, BODY));
        let signed = Signed { id: ID, time: &now, signatures: &unsigned };
        assert!(!verify(BODY, signed, [&b""[..]].into_iter(), NOW), "an empty key signs nothing");
    }

    #[test]
    fn a_signature_of_299_seconds_is_taken_and_one_of_301_is_not() {
        for (age, fine) in [(0, true), (299, true), (300, true), (301, false), (-299, true), (-301, false)] {
            let time = NOW - age;
            let signatures = format!("v1,{}", sign(b"new", ID, time, BODY));
            assert_eq!(verified(ID, &time.to_string(), &signatures, BODY), fine, "{age} s");
        }
        assert!(!verified(ID, &i64::MIN.to_string(), &format!("v1,{}", sign(b"new", ID, i64::MIN, BODY)), BODY));
    }

    #[test]
    fn one_valid_signature_of_several_is_enough() {
        let (bad, good) = (sign(b"gone", ID, NOW, BODY), sign(b"new", ID, NOW, BODY));
        let now = NOW.to_string();
        assert!(verified(ID, &now, &format!("v1,{bad} v1,{good}"), BODY));
        assert!(verified(ID, &now, &format!("v1a,x v1,??? v1,{good} v2,y"), BODY));
        assert!(!verified(ID, &now, &format!("v1,{bad} v1,{bad}"), BODY));
    }
}
