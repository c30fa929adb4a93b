//! A session token of Clerk's (clerk.com/docs, "Session tokens"): who is signed in there, for a minute, signed by RS256.

use super::Refused;
use super::keys::Keys;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;

/// Most bytes of a token that is looked at.
const MOST: usize = 16 << 10;
/// Seconds by which clocks may differ.
const LEEWAY: u64 = 5;

/// What a token that was verified says. Of the rest that it may hold, nothing is read: above all no role.
#[derive(Deserialize)]
pub struct Claims {
    /// Clerk's id of the person, `user_…`.
    pub sub: String,
    /// Clerk's id of the session. Tokens that are made for other services have none.
    pub sid: String,
    /// The origin that the token was made for.
    azp: String,
    /// Of a session, where something is still asked of its person.
    #[serde(default)]
    sts: Option<String>,
    /// What an author may have Clerk put into its tokens besides.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub email_verified: Option<bool>,
    #[serde(default)]
    pub image_url: Option<String>,
}

/// Tells an instance's tokens for this site from everything else.
pub struct Verifier {
    keys: Keys,
    rules: Validation,
    /// This site's own.
    origin: String,
}

impl Verifier {
    /// For tokens of `issuer` that were made for `origin`.
    pub fn new(keys: Keys, issuer: &str, origin: String) -> Self {
        let mut rules = Validation::new(Algorithm::RS256);
        rules.leeway = LEEWAY;
        rules.validate_nbf = true;
        rules.set_issuer(&[issuer]);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "sub"]);
        Self { keys, rules, origin }
    }

    /// What a token says that is Clerk's, for this site, and of this minute.
    pub async fn verify(&self, token: &str) -> Result<Claims, Refused> {
        if token.len() > MOST {
            return Err(Refused::Token("length"));
        }
        let header = decode_header(token).map_err(refused)?;
        // Before anybody is asked for a key.
        if header.alg != Algorithm::RS256 {
            return Err(Refused::Token("alg"));
        }
        let key = self.keys.get(header.kid.as_deref()).await?;
        let claims = decode::<Claims>(token, &key, &self.rules).map_err(refused)?.claims;
        if claims.azp != self.origin {
            return Err(Refused::Token("azp"));
        }
        if claims.sts.as_deref().is_some_and(|status| status != "active") {
            return Err(Refused::Token("sts"));
        }
        // Identities of other kinds have other shapes, and none of them is Clerk's to give.
        if !super::is_user(&claims.sub) || claims.sid.is_empty() {
            return Err(Refused::Token("sub"));
        }
        Ok(claims)
    }
}

/// Why, in a word for the log: the error itself may hold what the token says.
fn refused(error: Error) -> Refused {
    Refused::Token(match error.kind() {
        ErrorKind::ExpiredSignature => "exp",
        ErrorKind::ImmatureSignature => "nbf",
        ErrorKind::InvalidIssuer => "iss",
        ErrorKind::InvalidAudience => "aud",
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => "alg",
        ErrorKind::InvalidSignature => "signature",
        ErrorKind::MissingRequiredClaim(_) => "a claim is missing",
        _ => "shape",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::DecodingKey;

    #[tokio::test]
    async fn what_is_longer_than_any_token_is_not_looked_at() {
        let keys = Keys::Fixed(Box::new(DecodingKey::from_secret(b"no key of theirs").expect("is a key")));
        let verifier = Verifier::new(keys, "https://clerk.example.org", "https://example.org".into());
        for (length, word) in [(MOST - 1, "shape"), (MOST, "shape"), (MOST + 1, "length")] {
            assert_eq!(verifier.verify(&"x".repeat(length)).await.err(), Some(Refused::Token(word)), "{length}");
        }
    }

    #[test]
    fn the_log_says_what_is_wrong_with_a_token_and_nothing_of_what_it_says() {
        for (kind, word) in [
            (ErrorKind::ExpiredSignature, "exp"),
            (ErrorKind::ImmatureSignature, "nbf"),
            (ErrorKind::InvalidIssuer, "iss"),
            (ErrorKind::InvalidAudience, "aud"),
            (ErrorKind::InvalidAlgorithm, "alg"),
            (ErrorKind::InvalidSignature, "signature"),
            (ErrorKind::MissingRequiredClaim("sub".into()), "a claim is missing"),
            (ErrorKind::InvalidToken, "shape"),
            (ErrorKind::InvalidSubject, "shape"),
        ] {
            assert_eq!(refused(Error::from(kind)), Refused::Token(word));
        }
    }
}
