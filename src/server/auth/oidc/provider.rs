//! One provider: what it says of itself (OpenID Connect Discovery 1.0), kept for a while, and whom it vouches for.

use super::http::Http;
use crate::domain::validate;
use crate::domain::way_in::WayFailed;
use crate::error::AppError;
use crate::server::auth::external::{External, name_or_none, picture};
use crate::server::config::{Config, OidcProvider};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdTokenVerifier, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, SignatureVerificationError, TokenResponse,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long what a provider says of itself holds: a key that it took back is believed for so long.
const HOLD: Duration = Duration::from_secs(60 * 60);
/// How long after it was asked it is not asked again because of a key that is not among its own: whoever brings such
/// tokens makes one request a minute.
const PAUSE: Duration = Duration::from_secs(60);
/// How long after it did not answer it is not asked again.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What a provider is asked with, and what it is known by when it comes back.
pub struct Request {
    pub address: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

pub struct Provider {
    settings: OidcProvider,
    issuer: IssuerUrl,
    /// Where browsers come back to.
    redirect: RedirectUrl,
    http: Http,
    /// One asks at a time, and the others wait for what it learns.
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    metadata: Option<CoreProviderMetadata>,
    /// When that was told.
    told: Option<Instant>,
    /// When it was last asked for, whatever came of it.
    asked: Option<Instant>,
}

/// Whether a provider is asked about itself once more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// Where what is known is old.
    WhenOld,
    /// It may have another key by now.
    Again,
}

impl Provider {
    /// The error is a sentence that says what to change.
    pub fn new(settings: OidcProvider, config: &Config) -> Result<Self, String> {
        let wrong = |what: &dyn std::fmt::Display| format!("{}: {what}.", settings.slug);
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|error| wrong(&error))?;
        let back = config.absolute(&format!("/auth/oidc/{}/callback", settings.slug));
        let redirect = RedirectUrl::new(back).map_err(|error| wrong(&error))?;
        let http = Http::new(&settings.issuer).map_err(|error| wrong(&error))?;
        Ok(Self { issuer, redirect, http, settings, known: Mutex::default() })
    }

    pub fn slug(&self) -> &str {
        &self.settings.slug
    }

    pub fn name(&self) -> &str {
        &self.settings.name
    }

    pub fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// Makes the address that a browser is sent to.
    pub async fn request(&self) -> Result<Request, AppError> {
        let client = self.client(self.metadata(Ask::WhenOld).await.ok_or(AppError::Unavailable)?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("email".into()))
            .add_scope(Scope::new("profile".into()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Request {
            address: address.into(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        })
    }

    /// Whom the provider vouches for, by the code that it gave their browser.
    pub async fn vouch(&self, code: String, verifier: String, nonce: String) -> Result<External, WayFailed> {
        let metadata = self.metadata(Ask::WhenOld).await.ok_or(WayFailed::Away)?;
        let client = self.client(metadata);
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|error| self.refused(&error))?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let tokens = request.request_async(&self.http).await.map_err(|error| match error {
            openidconnect::RequestTokenError::Request(_) => self.away(&error),
            _ => self.refused(&error),
        })?;
        let token = tokens.id_token().ok_or_else(|| self.refused(&"no ID token"))?;
        let nonce = Nonce::new(nonce);
        let claims = match token.claims(&verifier_of(&client), &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let client = self.client(self.metadata(Ask::Again).await.ok_or(WayFailed::Away)?);
                token.claims(&verifier_of(&client), &nonce).map_err(|error| self.refused(&error))?.clone()
            }
            claims => claims.map_err(|error| self.refused(&error))?.clone(),
        };
        let mut person = told(&claims).ok_or(WayFailed::Refused)?;
        // Many tell there alone what somebody is called.
        if person.email.is_none()
            && let Ok(request) = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        {
            let claims: CoreUserInfoClaims = request.request_async(&self.http).await.map_err(|error| match error {
                openidconnect::UserInfoError::Request(_) => self.away(&error),
                _ => self.refused(&error),
            })?;
            person = told(&claims).ok_or(WayFailed::Refused)?;
        }
        Ok(self.external(person))
    }

    /// A person as they are known here; without an address, where none is told.
    fn external(&self, person: Person) -> External {
        let parts = [person.given_name, person.family_name].map(Option::unwrap_or_default).join(" ");
        let names = [person.name, Some(parts), person.preferred_username];
        let named = names.into_iter().flatten().find(|text| !text.trim().is_empty());
        let address = person.email.and_then(|email| validate::email(email).ok());
        External {
            id: format!("oidc|{}|{}", self.issuer.as_str(), person.sub),
            provider: self.settings.slug.clone(),
            name: name_or_none(named.as_deref()),
            email_verified: address.is_some() && person.email_verified == Some(true),
            email: address.unwrap_or_default(),
            image_url: picture(person.picture),
            version: 0,
        }
    }

    fn client(&self, metadata: CoreProviderMetadata) -> Client {
        let secret = self.settings.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.expose_secret().to_owned()));
        // Where nothing is said, it is the header (OpenID Connect Discovery 1.0, 3).
        let methods = metadata.token_endpoint_auth_methods_supported();
        let by_header = methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let client =
            CoreClient::from_provider_metadata(metadata, ClientId::new(self.settings.client_id.clone()), secret);
        let auth = if by_header { AuthType::BasicAuth } else { AuthType::RequestBody };
        client.set_redirect_uri(self.redirect.clone()).set_auth_type(auth)
    }

    /// What the provider says of itself; none while that is not known and it does not answer.
    async fn metadata(&self, ask: Ask) -> Option<CoreProviderMetadata> {
        let mut known = self.known.lock().await;
        let since = |time: Option<Instant>| time.map(|time| time.elapsed());
        let holds = ask == Ask::WhenOld && since(known.told).is_some_and(|age| age < HOLD);
        let pause = if ask == Ask::Again { PAUSE } else { PAUSE_AFTER_FAILURE };
        if !holds && since(known.asked).is_none_or(|age| age >= pause) {
            // Noted before it is asked: whoever asked may be gone before the answer.
            known.asked = Some(Instant::now());
            match CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await {
                Ok(metadata) => {
                    known.metadata = Some(metadata);
                    known.told = Some(Instant::now());
                }
                Err(error) => {
                    tracing::warn!(provider = self.slug(), %error, "a provider could not be asked about itself")
                }
            }
        }
        // What it said holds while it cannot be asked.
        known.metadata.clone()
    }

    fn refused(&self, why: &dyn std::fmt::Display) -> WayFailed {
        tracing::info!(provider = self.slug(), %why, "a sign-in was not accepted");
        WayFailed::Refused
    }

    fn away(&self, why: &dyn std::fmt::Display) -> WayFailed {
        tracing::warn!(provider = self.slug(), %why, "a provider does not answer");
        WayFailed::Away
    }
}

/// By keys that only the provider has, never by the secret that it shares with us.
fn verifier_of(client: &Client) -> CoreIdTokenVerifier<'_> {
    use CoreJwsSigningAlgorithm::{
        EcdsaP256Sha256, EcdsaP384Sha384, EdDsa, RsaSsaPkcs1V15Sha256, RsaSsaPkcs1V15Sha384, RsaSsaPkcs1V15Sha512,
        RsaSsaPssSha256, RsaSsaPssSha384, RsaSsaPssSha512,
    };
    client.id_token_verifier().set_allowed_algs([
        RsaSsaPkcs1V15Sha256,
        RsaSsaPkcs1V15Sha384,
        RsaSsaPkcs1V15Sha512,
        RsaSsaPssSha256,
        RsaSsaPssSha384,
        RsaSsaPssSha512,
        EcdsaP256Sha256,
        EcdsaP384Sha384,
        EdDsa,
    ])
}

/// What is read of a person (OpenID Connect Core 1.0, 5.1), without the tags of languages.
#[derive(Deserialize)]
struct Person {
    sub: String,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_username: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    picture: Option<String>,
}

/// A person as claims that were verified tell of them: of an ID token, or of the userinfo endpoint.
fn told(claims: &impl Serialize) -> Option<Person> {
    serde_json::from_value(serde_json::to_value(claims).ok()?).ok()
}
