//! OpenID Connect providers as ways in: the code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636). A
//! sign-in is begun here, goes on at the provider, and comes back once, to the browser that began it.

mod http;
mod provider;

use super::external::{self, External};
use super::{SignedIn, Viewer, cookie, secret, session};
use crate::domain::way_in::WayFailed;
use crate::error::AppError;
use crate::server::config::Config;
use crate::server::context::AppState;
use crate::server::db;
use crate::server::db::oidc_sign_ins::Begun;
use axum::http::HeaderMap;
use provider::Provider;
use std::sync::Arc;

/// The providers whose people may sign in here, in the order of the settings.
pub struct Oidc(Vec<Provider>);

/// A sign-in that was begun.
pub struct Onward {
    /// The provider's page.
    pub address: String,
    /// A `Set-Cookie` value by which the browser is known when it comes back.
    pub cookie: String,
    /// What the provider is called.
    pub name: String,
}

/// What came back from a provider with somebody's browser (RFC 6749, 4.1.2; RFC 9207).
pub struct Answer {
    pub state: String,
    pub code: Option<String>,
    pub issuer: Option<String>,
}

/// Somebody who came back.
pub struct Back {
    /// A `Set-Cookie` value that signs them in; none where they were signed in and have another way in now.
    pub cookie: Option<String>,
    /// Where to go on; may lead anywhere.
    pub next: String,
}

/// Somebody who came back for nothing.
pub struct Lost {
    pub why: WayFailed,
    /// Where they were going on to.
    pub next: String,
    /// Whether they were adding a way in to their account.
    pub adding: bool,
}

impl Oidc {
    /// Those in the settings. The error is a sentence that says what to change.
    pub fn of(config: &Config) -> Result<Arc<Self>, String> {
        let providers = config.oidc.iter().map(|settings| Provider::new(settings.clone(), config));
        Ok(Arc::new(Self(providers.collect::<Result<_, _>>()?)))
    }

    /// Whether there is a provider of this name.
    pub fn knows(&self, slug: &str) -> bool {
        self.get(slug).is_ok()
    }

    fn get(&self, slug: &str) -> Result<&Provider, AppError> {
        self.0.iter().find(|provider| provider.slug() == slug).ok_or(AppError::NotFound)
    }
}

/// Begins a sign-in with a provider; `adds` is who adds it to their account.
///
/// # Errors
/// `NotFound` where there is no such provider, `Unavailable` while it does not answer.
pub async fn begin(
    state: &AppState,
    headers: &HeaderMap,
    slug: &str,
    next: String,
    adds: Option<SignedIn>,
) -> Result<Onward, AppError> {
    let provider = state.oidc.get(slug)?;
    let request = provider.request().await?;
    // Several tabs of a browser may be on their way at once.
    let browser = match cookie::oidc(headers, &state.config).filter(|known| known.len() == secret::LENGTH) {
        Some(known) => known.to_owned(),
        None => secret::fresh()?,
    };
    let (state_hash, browser_hash) = (secret::hash(&request.state), secret::hash(&browser));
    let begun = Begun {
        provider: slug.to_owned(),
        nonce: request.nonce,
        verifier: request.verifier,
        next,
        user: adds.map(|person| person.id),
    };
    state
        .db
        .write(move |tx| Box::pin(async move { db::oidc_sign_ins::begin(tx, state_hash, browser_hash, begun).await }))
        .await?;
    Ok(Onward {
        address: request.address,
        cookie: cookie::set_oidc(&state.config, &browser),
        name: provider.name().to_owned(),
    })
}

/// Ends a sign-in that came back: whoever it is about is signed in, with an account that is made where there is none, or
/// has another way in to theirs.
pub async fn end(
    state: &AppState,
    headers: &HeaderMap,
    viewer: Viewer,
    slug: &str,
    answer: Answer,
) -> Result<Back, Lost> {
    let nobody = |why| Lost { why, next: String::new(), adding: false };
    let provider = state.oidc.get(slug).map_err(|_| nobody(WayFailed::Stale))?;
    let browser = cookie::oidc(headers, &state.config).ok_or_else(|| nobody(WayFailed::Stale))?;
    let (state_hash, browser_hash) = (secret::hash(&answer.state), secret::hash(browser));
    let name = slug.to_owned();
    let taken = state
        .db
        .write(move |tx| Box::pin(async move { db::oidc_sign_ins::take(tx, &state_hash, &browser_hash, &name).await }));
    let begun = match taken.await {
        Ok(Some(begun)) => begun,
        Ok(None) => return Err(nobody(WayFailed::Stale)),
        Err(_) => return Err(nobody(WayFailed::Away)),
    };
    let lost = |why| Lost { why, next: begun.next.clone(), adding: begun.user.is_some() };
    // Where a provider says who it is, it has to be the one that was asked.
    if answer.issuer.as_deref().is_some_and(|issuer| issuer != provider.issuer()) {
        return Err(lost(WayFailed::Refused));
    }
    let code = answer.code.ok_or_else(|| lost(WayFailed::Cancelled))?;
    let external = provider.vouch(code, begun.verifier.clone(), begun.nonce.clone()).await.map_err(lost)?;
    let cookie = match begun.user {
        Some(user) => {
            // Whoever signed in meanwhile as somebody else is not given what the other one went for.
            let person = viewer.signed_in().ok().filter(|person| person.id == user);
            let person = person.ok_or_else(|| lost(WayFailed::Stale))?;
            external::add(&state.db, &person, external).await.map_err(|error| lost(why_not_added(&error)))?;
            None
        }
        None => Some(enter(state, headers, external).await.map_err(lost)?),
    };
    Ok(Back { cookie, next: begun.next })
}

fn why_not_added(error: &AppError) -> WayFailed {
    match error {
        AppError::Conflict(_) => WayFailed::Taken,
        AppError::SignInRequired => WayFailed::Refused,
        _ => WayFailed::Away,
    }
}

async fn enter(state: &AppState, headers: &HeaderMap, external: External) -> Result<String, WayFailed> {
    let user = external::enter(&state.db, external).await.map_err(|error| match error {
        AppError::Conflict(_) => WayFailed::NoAddress,
        AppError::SignInRequired => WayFailed::Refused,
        _ => WayFailed::Away,
    })?;
    session::open(&state.db, &state.config, headers, user).await.map_err(|error| match error {
        AppError::Conflict(_) => WayFailed::Suspended,
        _ => WayFailed::Away,
    })
}
