//! Passkeys as a way in (W3C Web Authentication, level 3): a device keeps a key for this site's name alone, and signs
//! with it once its person has shown that it is them. What a device is asked stays here, and is good for one answer.

use super::{SignedIn, cookie, device, secret, session};
use crate::domain::account::device as device_name;
use crate::domain::id::{PasskeyId, UserId};
use crate::domain::validate::name as parse_name;
use crate::error::AppError;
use crate::server::config::Config;
use crate::server::context::AppState;
use crate::server::db::passkeys::OtherWays;
use crate::server::db::{self, Db};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Url, Webauthn, WebauthnBuilder,
    WebauthnError,
};
use webauthn_rs_proto::ResidentKeyRequirement;

/// How long a device has to answer, in minutes.
const MINUTES: i32 = 5;
/// What is said to whoever answers too late, twice, or something that they were not asked.
const SPENT: &str = "This took too long, or was done already. Try again.";

/// The site, as devices know it: by the name of its host, and by its origin. None where it has an address of numbers and
/// no name, for which no device makes a key.
fn site(config: &Config) -> Option<Webauthn> {
    let origin = Url::parse(&config.origin()).ok()?;
    let name = origin.domain()?;
    let timeout = Duration::from_secs(60 * u64::from(MINUTES.unsigned_abs()));
    WebauthnBuilder::new(name, &origin).ok()?.rp_name(name).timeout(timeout).build().ok()
}

/// Whether people can sign in to this site by passkeys.
pub fn work(config: &Config) -> bool {
    site(config).is_some()
}

/// What the browser of a request is called, like `Firefox on Linux`.
pub fn browser(headers: &HeaderMap) -> String {
    device_name(headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default())
}

/// A question to a device, and the `Set-Cookie` value by which the browser answers it.
pub struct Question<T> {
    pub options: T,
    pub cookie: String,
}

/// Asks for a key for the account of who is signed in: one that the device finds by itself later, so that nobody has to
/// say who they are, and that it uses for nobody but its person.
pub async fn begin_adding(
    state: &AppState,
    headers: &HeaderMap,
    person: &SignedIn,
) -> Result<Question<CreationChallengeResponse>, AppError> {
    let site = site(&state.config).ok_or(AppError::NotFound)?;
    let known = db::passkeys::credential_ids(&state.db, person).await?;
    let known = known.into_iter().map(Into::into).collect();
    let (mut options, asked) = site
        .start_passkey_registration(person.id.0, &person.email, &person.name, Some(known))
        .map_err(|error| ours(&error))?;
    if let Some(wanted) = &mut options.public_key.authenticator_selection {
        wanted.resident_key = Some(ResidentKeyRequirement::Required);
        wanted.require_resident_key = true;
    }
    let cookie = begin(state, headers, Some(person), &asked).await?;
    Ok(Question { options, cookie })
}

/// Adds the passkey that a device made to the account of who asked for it; called after the browser where it has no name.
pub async fn add(
    state: &AppState,
    headers: &HeaderMap,
    person: &SignedIn,
    name: String,
    made: &RegisterPublicKeyCredential,
) -> Result<(), AppError> {
    let site = site(&state.config).ok_or(AppError::NotFound)?;
    let name = if name.trim().is_empty() { browser(headers) } else { name };
    let name = parse_name(name).map_err(|sentence| AppError::invalid("name", sentence))?;
    let asked: PasskeyRegistration = answered(state, headers, Some(person)).await?;
    let passkey = site.finish_passkey_registration(made, &asked).map_err(|error| refused(&error))?;
    let (id, stored, person) = (passkey.cred_id().to_vec(), json(&passkey)?, person.clone());
    state.db.write(move |tx| Box::pin(async move { db::passkeys::add(tx, &person, &name, &id, stored).await })).await
}

/// Asks for any key of this site's.
pub async fn begin_entering(
    state: &AppState,
    headers: &HeaderMap,
) -> Result<Question<RequestChallengeResponse>, AppError> {
    let site = site(&state.config).ok_or(AppError::NotFound)?;
    let (mut options, asked) = site.start_discoverable_authentication().map_err(|error| ours(&error))?;
    // Somebody pressed a button: the browser is to ask, and not to wait for a field to be filled.
    options.mediation = None;
    let cookie = begin(state, headers, None, &asked).await?;
    Ok(Question { options, cookie })
}

/// Lets in whoever's device signed what it was asked, and returns the `Set-Cookie` values: of the session, and by which the
/// browser is known.
pub async fn enter(
    state: &AppState,
    headers: &HeaderMap,
    signed: PublicKeyCredential,
) -> Result<[String; 2], AppError> {
    let site = site(&state.config).ok_or(AppError::NotFound)?;
    let asked: DiscoverableAuthentication = answered(state, headers, None).await?;
    let user = state.db.write(move |tx| {
        Box::pin(async move {
            let (user, id) = site.identify_discoverable_authentication(&signed).map_err(|error| refused(&error))?;
            let user = UserId(user);
            let (passkey, stored) = db::passkeys::lock(tx, user, id).await?.ok_or_else(unknown)?;
            let mut key: Passkey = of_json(stored)?;
            let answer = site
                .finish_discoverable_authentication(&signed, asked, &[DiscoverableKey::from(&key)])
                .map_err(|error| refused(&error))?;
            if !answer.user_verified() {
                return Err(refused(&WebauthnError::UserNotVerified));
            }
            key.update_credential(&answer);
            db::passkeys::used(tx, passkey, json(&key)?).await?;
            Ok(user)
        })
    });
    let user = user.await?;
    let session = session::open(&state.db, &state.config, headers, user).await?;
    Ok([session, device::remember(&state.db, &state.config, user).await?])
}

/// Removes one of a person's own.
pub async fn remove(db: &Db, config: &Config, person: &SignedIn, id: PasskeyId) -> Result<(), AppError> {
    let ways = OtherWays { letters: config.settings.smtp_url.is_some(), demo: config.is_demo() };
    let person = person.clone();
    db.write(move |tx| Box::pin(async move { db::passkeys::remove(tx, &person, id, ways).await })).await
}

/// Keeps what a device is asked; returns the `Set-Cookie` value of the secret under which.
async fn begin(
    state: &AppState,
    headers: &HeaderMap,
    person: Option<&SignedIn>,
    asked: &impl Serialize,
) -> Result<String, AppError> {
    let fresh = secret::fresh()?;
    let (hash, before) = (secret::hash(&fresh), cookie::ceremony(headers, &state.config).map(secret::hash));
    let (person, asked) = (person.cloned(), json(asked)?);
    let begun = state.db.write(move |tx| {
        Box::pin(async move { db::passkeys::begin(tx, hash, before, person.as_ref(), asked, MINUTES).await })
    });
    begun.await?;
    Ok(cookie::set_ceremony(&state.config, &fresh, i64::from(MINUTES) * 60))
}

/// What the device was asked that answers now. It is spent by that, in a transaction of its own: a wrong answer is no
/// try for a better one.
async fn answered<T: DeserializeOwned>(
    state: &AppState,
    headers: &HeaderMap,
    person: Option<&SignedIn>,
) -> Result<T, AppError> {
    let hash = cookie::ceremony(headers, &state.config).map(secret::hash).ok_or_else(|| AppError::refused(SPENT))?;
    let person = person.cloned();
    let taken =
        state.db.write(move |tx| Box::pin(async move { db::passkeys::take(tx, &hash, person.as_ref()).await })).await?;
    of_json(taken.ok_or_else(|| AppError::refused(SPENT))?)
}

fn unknown() -> AppError {
    AppError::invalid(
        "credential",
        "This passkey belongs to no account here: it may have been removed. Sign in another way.",
    )
}

/// What is said of an answer that does not hold.
fn refused(error: &WebauthnError) -> AppError {
    match error {
        WebauthnError::CredentialPossibleCompromise => {
            tracing::warn!("a passkey counts back: there may be two of it");
            AppError::refused(
                "Somebody may have a copy of this passkey, so it was not accepted. Sign in another way, and remove it.",
            )
        }
        error => {
            tracing::info!(%error, "what a passkey's device answered was refused");
            AppError::invalid("credential", "This passkey was not accepted. Try again.")
        }
    }
}

fn ours(error: &WebauthnError) -> AppError {
    tracing::error!(%error, "no device can be asked for a passkey");
    AppError::Internal
}

fn json(value: &impl Serialize) -> Result<Value, AppError> {
    serde_json::to_value(value).map_err(|_| AppError::Internal)
}

fn of_json<T: DeserializeOwned>(stored: Value) -> Result<T, AppError> {
    serde_json::from_value(stored).map_err(|error| {
        tracing::error!(%error, "a stored passkey is not understood");
        AppError::Internal
    })
}
