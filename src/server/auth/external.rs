//! People whom another provider vouches for. Each provider proves an [`External`] in its own way; what becomes of it
//! here is the same for all.

use super::SignedIn;
use crate::domain::id::UserId;
use crate::error::AppError;
use crate::server::db::{self, Db};

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
