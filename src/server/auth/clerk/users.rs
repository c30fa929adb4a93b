//! People as Clerk describes them, in its webhooks and where it is asked (clerk.com/docs/reference/backend-api).

use super::super::external::{External, NAMELESS, name, picture};
use crate::domain::validate::email;
use crate::domain::way_in::CLERK;
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// What is read of a person; of the rest, metadata above all, nothing is.
#[derive(Debug, Deserialize)]
pub struct ClerkUser {
    pub id: String,
    /// In milliseconds since 1970, and greater with each change.
    updated_at: i64,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    image_url: Option<String>,
    #[serde(default)]
    primary_email_address_id: Option<String>,
    #[serde(default)]
    email_addresses: Vec<Address>,
}

#[derive(Debug, Deserialize)]
struct Address {
    id: String,
    email_address: String,
    #[serde(default)]
    verification: Option<Verification>,
}

#[derive(Debug, Deserialize)]
struct Verification {
    status: String,
}

impl ClerkUser {
    /// The person as they are known here; none where they have no address, for an account has one.
    pub fn external(self) -> Option<External> {
        let primary = self.primary_email_address_id?;
        let address = self.email_addresses.into_iter().find(|address| address.id == primary)?;
        let parts = [self.first_name, self.last_name].map(Option::unwrap_or_default);
        Some(External {
            id: self.id,
            provider: CLERK.to_owned(),
            name: name(&parts.join(" ")).or_else(|| name(&self.username?)).unwrap_or_else(|| NAMELESS.to_owned()),
            email: email(address.email_address).ok()?,
            email_verified: address.verification.is_some_and(|verification| verification.status == "verified"),
            image_url: picture(self.image_url),
            version: self.updated_at,
        })
    }
}

/// Clerk's interface for servers.
pub struct Users {
    http: reqwest::Client,
    /// Where it is, without a slash at its end.
    base: String,
    key: SecretString,
}

/// What Clerk says of somebody.
pub enum Told {
    User(ClerkUser),
    /// There is nobody like that any more.
    Nobody,
    /// Nothing: it could not be asked.
    Nothing,
}

impl Users {
    pub fn new(http: reqwest::Client, base: String, key: SecretString) -> Self {
        Self { http, base, key }
    }

    /// Asks for somebody by an id that a token was signed for.
    pub async fn get(&self, id: &str) -> Told {
        match self.ask(id).await {
            Ok(told) => told,
            Err(why) => {
                tracing::warn!(why, "Clerk could not be asked who somebody is");
                Told::Nothing
            }
        }
    }

    async fn ask(&self, id: &str) -> Result<Told, String> {
        let why = |error: reqwest::Error| error.without_url().to_string();
        let request = self.http.get(format!("{}/v1/users/{id}", self.base)).bearer_auth(self.key.expose_secret());
        let answer = request.send().await.map_err(why)?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(Told::Nobody),
            status if status.is_success() => {
                let body = answer.bytes().await.map_err(why)?;
                let user: ClerkUser = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
                if user.id == id { Ok(Told::User(user)) } else { Err("it is somebody else".to_owned()) }
            }
            status => Err(format!("the answer is {status}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validate::NAME_MAX;
    use serde_json::{Value, json};

    fn external(change: impl FnOnce(&mut Value)) -> Option<External> {
        let mut user = json!({
            "id": "user_1", "updated_at": 7, "first_name": "Ada", "last_name": "Lovelace", "username": "countess",
            "image_url": "https://img.clerk.com/x", "primary_email_address_id": "idn_2",
            "email_addresses": [
                {"id": "idn_1", "email_address": "old@example.org", "verification": {"status": "verified"}},
                {"id": "idn_2", "email_address": "ada@example.org", "verification": {"status": "unverified"}},
            ],
            "public_metadata": {"role": "admin"},
        });
        change(&mut user);
        serde_json::from_value::<ClerkUser>(user).expect("is a person").external()
    }

    #[test]
    fn the_primary_address_is_theirs_where_clerk_says_so() {
        let ada = external(|_| ()).expect("has an address");
        assert_eq!((ada.email.as_str(), ada.email_verified, ada.version), ("ada@example.org", false, 7));
        let verified = external(|user| user["email_addresses"][1]["verification"]["status"] = json!("verified"));
        assert!(verified.expect("has an address").email_verified);
        let unsaid = external(|user| user["email_addresses"][1]["verification"] = Value::Null);
        assert!(!unsaid.expect("has an address").email_verified);
    }

    #[test]
    fn whoever_has_no_address_is_nobody_here() {
        assert_eq!(external(|user| user["primary_email_address_id"] = Value::Null), None);
        assert_eq!(external(|user| user["email_addresses"] = json!([])), None);
        assert_eq!(external(|user| user["email_addresses"][1]["email_address"] = json!("none")), None);
    }

    #[test]
    fn a_name_is_made_of_what_is_there_and_fits_on_a_line() {
        let named = |first: Value, last: Value, user: Value| {
            let change = |all: &mut Value| {
                (all["first_name"], all["last_name"], all["username"]) = (first, last, user);
            };
            external(change).expect("has an address").name
        };
        assert_eq!(named(json!(" Ada "), json!("Lovelace"), Value::Null), "Ada Lovelace");
        assert_eq!(named(Value::Null, json!("Lovelace"), json!("countess")), "Lovelace");
        assert_eq!(named(Value::Null, Value::Null, json!("countess")), "countess");
        assert_eq!(named(json!(""), json!(" "), Value::Null), "Learner");
        assert_eq!(named(json!("A\0da\n"), json!("\u{7f}L"), Value::Null), "A da L");
        assert_eq!(named(json!("é".repeat(300)), Value::Null, Value::Null).chars().count(), NAME_MAX);
    }

    #[test]
    fn a_picture_is_an_https_address_or_none() {
        assert!(external(|_| ()).expect("has an address").image_url.is_some());
        for address in ["http://img.clerk.com/x", "javascript:alert(1)", "//evil.example", ""] {
            assert_eq!(external(|user| user["image_url"] = json!(address)).expect("has an address").image_url, None);
        }
    }
}
