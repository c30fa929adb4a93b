//! Clerk as a way in (clerk.com): its script on the sign-in page gets a token that holds for a minute, and whoever
//! brings it here has a session of ours from then on. Pages never depend on Clerk's tokens.

pub mod keys;
pub mod signature;
mod token;
mod users;
pub mod webhook;

use super::external::{self, External};
use super::{SignedIn, session};
use crate::domain::id::UserId;
use crate::domain::way_in::CLERK;
use crate::error::AppError;
use crate::server::config::{ClerkInstance, Config};
use crate::server::context::AppState;
use axum::http::HeaderMap;
use keys::Keys;
use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::Duration;
use token::{Claims, Verifier};
use users::{Told, Users};

/// For one question to Clerk.
const TIMEOUT: Duration = Duration::from_secs(5);
/// What a token says of a person makes an account, and changes none: it is older than all that Clerk tells with a date.
const CLAIMED: i64 = -1;

/// An instance at Clerk whose people may sign in here.
pub struct Clerk {
    verifier: Verifier,
    /// Where somebody is looked up; none where there is no key for that.
    users: Option<Users>,
    /// Whose webhooks are believed; several while one is replaced by another.
    webhook_keys: Vec<Vec<u8>>,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// What is wrong with it.
    Token(&'static str),
    /// Clerk's keys cannot be had, so nobody knows.
    Away,
}

impl From<Refused> for AppError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Token(what) => {
                tracing::info!(what, "a token was refused that is said to be Clerk's");
                Self::SignInRequired
            }
            Refused::Away => Self::Unavailable,
        }
    }
}

/// Somebody whom Clerk vouches for.
struct Vouched {
    external: External,
    /// Clerk's id of the session.
    session: String,
    /// Whether Clerk was to be asked who they are, and did not answer.
    away: bool,
}

/// Whether this is the shape of Clerk's ids of people.
fn is_user(id: &str) -> bool {
    let rest = id.strip_prefix("user_").unwrap_or_default();
    !rest.is_empty() && id.len() <= 100 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl Clerk {
    /// The instance in the settings, if there is one. The error is a sentence that says what to change.
    pub fn of(config: &Config) -> Result<Option<Arc<Self>>, String> {
        let Some(ClerkInstance { front, api, .. }) = &config.clerk else { return Ok(None) };
        _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("Lectern/", env!("CARGO_PKG_VERSION")));
        // What stands in for Clerk on this machine is not behind a proxy.
        let http = if front.starts_with("http://") { http.no_proxy() } else { http };
        let http = http.build().map_err(|error| format!("no connection to Clerk can be made: {error}"))?;
        let settings = &config.settings;
        let keys = match &settings.clerk_jwt_key {
            Some(pem) => Keys::Fixed(Box::new(keys::read_pem(pem).ok_or("CLERK_JWT_KEY is no public key.")?)),
            None => Keys::listed(http.clone(), front),
        };
        let users = settings.clerk_secret_key.clone().map(|key| Users::new(http, api.clone(), key));
        let secrets = settings.clerk_webhook_secret.iter();
        Ok(Some(Arc::new(Self {
            verifier: Verifier::new(keys, front, config.origin()),
            users,
            webhook_keys: secrets.filter_map(|secret| signature::key(secret.expose_secret().trim())).collect(),
        })))
    }

    /// Who brings a token: as Clerk describes them where it can be asked, else as the token does.
    async fn vouch(&self, token: &str) -> Result<Vouched, AppError> {
        let claims = self.verifier.verify(token).await?;
        let told = match &self.users {
            Some(users) => users.get(&claims.sub).await,
            None => Told::Nothing,
        };
        let (session, away) = (claims.sid.clone(), self.users.is_some() && matches!(told, Told::Nothing));
        let external = match told {
            // The token outlives by a minute what it is for.
            Told::Nobody => return Err(AppError::SignInRequired),
            Told::User(user) => user.external().unwrap_or_else(|| External {
                email: String::new(),
                email_verified: false,
                ..claimed(claims)
            }),
            Told::Nothing => claimed(claims),
        };
        Ok(Vouched { external, session, away })
    }
}

/// A person as their token describes them: without an address, where it has none.
fn claimed(claims: Claims) -> External {
    let address = claims.email.and_then(|text| crate::domain::validate::email(text).ok());
    External {
        id: claims.sub,
        provider: CLERK.to_owned(),
        name: external::name_or_none(claims.name.as_deref()),
        email_verified: address.is_some() && claims.email_verified == Some(true),
        email: address.unwrap_or_default(),
        image_url: external::picture(claims.image_url),
        version: CLAIMED,
    }
}

/// Signs in whoever brings a token, with an account that is made where there is none; returns the `Set-Cookie` value.
pub async fn enter(state: &AppState, headers: &HeaderMap, token: &str) -> Result<String, AppError> {
    let clerk = state.clerk.clone().ok_or(AppError::NotFound)?;
    let Vouched { external, session, away } = clerk.vouch(token).await?;
    let user: UserId = external::enter(&state.db, external).await.map_err(|error| unless_away(error, away))?;
    session::open_from_clerk(&state.db, &state.config, headers, user, session).await
}

/// Adds a way in to the account of somebody who is signed in and brings a token.
pub async fn add(state: &AppState, person: &SignedIn, token: &str) -> Result<(), AppError> {
    let clerk = state.clerk.clone().ok_or(AppError::NotFound)?;
    let Vouched { external, .. } = clerk.vouch(token).await?;
    external::add(&state.db, person, external).await
}

/// Whoever could not be looked up is not told that they have no address.
fn unless_away(error: AppError, away: bool) -> AppError {
    match error {
        AppError::Conflict(_) if away => AppError::Unavailable,
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_a_person_has_the_shape_that_clerk_gives_it() {
        let long = |length: usize| format!("user_{}", "a".repeat(length - 5));
        for (id, fine) in [
            ("user_2abC_9", true),
            (&long(100), true),
            (&long(101), false),
            ("", false),
            ("user_", false),
            ("2abC", false),
            ("org_2abC", false),
            ("user_a b", false),
            ("user_a/b", false),
            ("user_é", false),
        ] {
            assert_eq!(is_user(id), fine, "{id}");
        }
    }
}
