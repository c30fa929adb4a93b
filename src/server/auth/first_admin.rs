//! The first admin of a site: whoever has the secret that it printed at its first start.

use super::{SignedIn, secret};
use crate::error::AppError;
use crate::server::db::{self, Db};

/// The secret to print, where the site has no admin and has not printed one yet.
pub async fn offer(db: &Db) -> Result<Option<String>, AppError> {
    let fresh = secret::fresh()?;
    let hash = secret::hash(&fresh);
    let made = db.write(move |tx| Box::pin(async move { db::first_admin::offer(tx, &hash).await })).await?;
    Ok(made.then_some(fresh))
}

/// Makes who is signed in the first admin, once.
///
/// # Errors
/// Invalid for any other secret, and for the right one once it was used or there is an admin.
pub async fn claim(db: &Db, person: &SignedIn, typed: &str) -> Result<(), AppError> {
    let (person, hash) = (person.clone(), secret::hash(typed.trim()));
    db.write(move |tx| {
        Box::pin(async move {
            match db::first_admin::claim(tx, &person, &hash).await? {
                true => Ok(()),
                false => Err(AppError::invalid("secret", "This is not the secret, or it has been used.")),
            }
        })
    })
    .await
}
