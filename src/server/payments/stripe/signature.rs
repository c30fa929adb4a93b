//! Stripe's signature of a webhook (docs.stripe.com/webhooks/signature): `t=1700000000,v1=…`, each `v1` the hex of
//! HMAC-SHA-256 over the time, a point and the body as it came, by the endpoint's secret.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Seconds after which a signature is too old: whoever recorded one cannot send it again for ever.
pub const TOLERANCE: i64 = 300;

/// Whether one of the secrets signed these bytes, not longer ago than [`TOLERANCE`]. `now` is in Unix seconds.
pub fn verify<'a>(body: &[u8], header: &str, secrets: impl Iterator<Item = &'a str>, now: i64) -> bool {
    let parts = || header.split(',').filter_map(|part| part.split_once('='));
    let Some(time) = parts().find(|(name, _)| *name == "t").map(|(_, time)| time) else { return false };
    if time.parse().map_or(true, |time: i64| now.saturating_sub(time) > TOLERANCE) {
        return false;
    }
    let signatures: Vec<Vec<u8>> =
        parts().filter(|(name, _)| *name == "v1").filter_map(|(_, signature)| unhex(signature)).collect();
    secrets.filter(|secret| !secret.is_empty()).any(|secret| {
        signatures
            .iter()
            .any(|signature| mac(secret, time, body).is_some_and(|mac| mac.verify_slice(signature).is_ok()))
    })
}

fn mac(secret: &str, time: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;
    const NOW: i64 = 1_790_000_000;

    fn sign(secret: &str, time: i64, body: &[u8]) -> String {
        let code = mac(secret, &time.to_string(), body).expect("any key will do").finalize().into_bytes();
        code.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn verified(header: &str, body: &[u8]) -> bool {
        verify(body, header, ["whsec_old", "whsec_new"].into_iter(), NOW)
    }

    #[test]
    fn py5_only_these_bytes_by_one_of_the_secrets_are_signed() {
        let good = sign("whsec_new", NOW, BODY);
        assert!(verified(&format!("t={NOW},v1={good}"), BODY));
        assert!(verified(&format!("t={NOW},v1={}", sign("whsec_old", NOW, BODY)), BODY));
        for header in [
            String::new(),
            "t=,v1=".to_owned(),
            format!("v1={good}"),
            format!("t={NOW}"),
            format!("t={NOW},v0={good}"),
            format!("t={},v1={good}", NOW - 1),
            format!("t={NOW},v1={}", &good[..62]),
            format!("t={NOW},v1={}", good.replace(|c: char| c.is_ascii_digit(), "0")),
            format!("t={NOW},v1={}", sign("whsec_other", NOW, BODY)),
            format!("t={NOW},v1={}", sign("", NOW, BODY)),
            format!("t={NOW},v1=é{good}"),
        ] {
            assert!(!verified(&header, BODY), "{header}");
        }
        let mut changed = BODY.to_vec();
        changed[8] ^= 1;
        assert!(!verified(&format!("t={NOW},v1={good}"), &changed));
        let unsigned = sign("", NOW, BODY);
        assert!(
            !verify(BODY, &format!("t={NOW},v1={unsigned}"), [""].into_iter(), NOW),
            "an empty secret signs nothing"
        );
    }

    #[test]
    fn py6_a_signature_of_299_seconds_is_taken_and_one_of_301_is_not() {
        for (age, fine) in [(0, true), (299, true), (300, true), (301, false), (100_000, false), (-10, true)] {
            let time = NOW - age;
            assert_eq!(verified(&format!("t={time},v1={}", sign("whsec_new", time, BODY)), BODY), fine, "{age} s");
        }
    }

    #[test]
    fn py6_one_valid_signature_of_two_is_enough() {
        let (bad, good) = (sign("whsec_gone", NOW, BODY), sign("whsec_new", NOW, BODY));
        assert!(verified(&format!("t={NOW},v1={bad},v1={good}"), BODY));
        assert!(verified(&format!("t={NOW},v1=zz,v1={good},v0=x"), BODY));
    }
}
