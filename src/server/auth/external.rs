//! People whom another provider vouches for. Each provider proves an [`External`] in its own way; what becomes of it
//! here is the same for all.

use super::SignedIn;
use crate::domain::id::UserId;
use crate::domain::validate::{NAME_MAX, is_https};
use crate::error::AppError;
use crate::server::db::{self, Db};

/// What somebody is called who does not say.
pub const NAMELESS: &str = "Learner";

/// Somebody as a provider has just vouched for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// Unique among all providers: Clerk's `user_…` as it is, `oidc|<issuer>|<subject>` for others.
    pub id: String,
    /// `clerk`, or the name of an OpenID Connect provider in the settings.
    pub provider: String,
    pub name: String,
    pub email: String,
    /// Whether the provider knows that the address is theirs.
    pub email_verified: bool,
    pub image_url: Option<String>,
    /// The provider's own count of changes to a person (Clerk's `updated_at` in milliseconds); 0 where it has none.
    pub version: i64,
}

/// The account of somebody who came in by a provider; made where there is none. Never one that merely has the same
/// e-mail.
pub async fn enter(db: &Db, external: External) -> Result<UserId, AppError> {
    db.write(move |tx| Box::pin(async move { db::identities::enter(tx, &external).await })).await
}

/// Adds a way in to the account of somebody who is signed in.
///
/// # Errors
/// Refused where it is another account's.
pub async fn add(db: &Db, person: &SignedIn, external: External) -> Result<(), AppError> {
    let person = person.clone();
    db.write(move |tx| Box::pin(async move { db::identities::add(tx, &person, &external).await })).await
}

/// Takes over what a provider tells of a person, whether or not they were here before. What is older than what is known,
/// or comes after their deletion, changes nothing.
pub async fn learn(db: &Db, external: External) -> Result<(), AppError> {
    db.write(move |tx| Box::pin(async move { db::identities::learn(tx, &external).await })).await
}

/// A provider deleted somebody: the account that it made is deleted softly; one that it was only added to stays.
pub async fn forget(db: &Db, provider: &str, id: String) -> Result<(), AppError> {
    let provider = provider.to_owned();
    db.write(move |tx| Box::pin(async move { db::identities::forget(tx, &provider, &id).await })).await
}

/// A name as it can be shown: on one line, and no longer than one that is typed here; none where nothing is left.
pub fn name(text: &str) -> Option<String> {
    let words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = line.chars().take(NAME_MAX).collect();
    Some(name.trim_end().to_owned()).filter(|name| !name.is_empty())
}

/// The same, or what somebody without one is called.
pub fn name_or_none(text: Option<&str>) -> String {
    text.and_then(name).unwrap_or_else(|| NAMELESS.to_owned())
}

/// A picture's address where a page may show it.
pub fn picture(address: Option<String>) -> Option<String> {
    address.filter(|address| is_https(address))
}
