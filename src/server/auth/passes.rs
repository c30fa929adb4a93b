//! What letters let their readers do once: confirm an address, sign in, choose another password. Whoever can, reads the
//! address's letters; that is all that is shown by it.

use super::secret;
use super::{SignedIn, password};
use crate::domain::account::Purpose;
use crate::domain::id::UserId;
use crate::domain::user::new_password;
use crate::error::AppError;
use crate::server::db::{self, Db};

/// What a secret that is spent, too old, or nobody's gets.
fn spent() -> AppError {
    AppError::refused("This link has been used, or is too old. Ask for another letter.")
}

/// Makes the secret of a letter that is about to be sent; none where the account is gone or has another address.
pub async fn make(db: &Db, user: UserId, email: String, purpose: Purpose) -> Result<Option<String>, AppError> {
    let secret = secret::fresh()?;
    let hash = secret::hash(&secret);
    let made = db
        .write(move |tx| Box::pin(async move { db::letter_tokens::make(tx, hash, user, &email, purpose).await }))
        .await?;
    Ok(made.then_some(secret))
}

/// Writes the letter for whoever has an account of this address, if anybody. Whether somebody has is not told: the
/// answer does not wait for it.
pub fn ask(db: &Db, email: String, purpose: Purpose) {
    let db = db.clone();
    tokio::spawn(async move {
        let written = db.write(move |tx| {
            Box::pin(async move {
                match db::users::of_address(tx, &email).await? {
                    Some(user) => db::mails::pass(tx, user, purpose).await,
                    None => Ok(()),
                }
            })
        });
        if let Err(error) = written.await {
            tracing::error!(%error, "a letter with a pass was not written");
        }
    });
}

/// Confirms that the address of who is signed in is theirs. Both are asked for, the letter and the account: a letter
/// alone could be about an account that a stranger made with somebody's address.
pub async fn confirm(db: &Db, person: &SignedIn, secret: &str) -> Result<(), AppError> {
    let (hash, id) = (secret::hash(secret), person.id);
    db.write(move |tx| {
        Box::pin(async move {
            let (user, email) = db::letter_tokens::take(tx, &hash, Purpose::Confirm).await?.ok_or_else(spent)?;
            if user != id {
                return Err(AppError::refused(
                    "This letter is for another account. Sign in with that one, then press its link again.",
                ));
            }
            db::accounts::verify(tx, user, &email).await
        })
    })
    .await
}

/// Lets in whoever has the letter, and returns the account.
pub async fn enter(db: &Db, secret: &str) -> Result<UserId, AppError> {
    let hash = secret::hash(secret);
    db.write(move |tx| {
        Box::pin(async move {
            let (user, email) = db::letter_tokens::take(tx, &hash, Purpose::SignIn).await?.ok_or_else(spent)?;
            db::accounts::claim(tx, user, &email).await?;
            Ok(user)
        })
    })
    .await
}

/// Gives the account of whoever has the letter another password, ends all of its sessions, and returns it.
pub async fn reset(db: &Db, secret: &str, password: String) -> Result<UserId, AppError> {
    let password = new_password(password).map_err(|sentence| AppError::invalid("password", sentence))?;
    let hash = secret::hash(secret);
    // Hashing takes time and memory: not for whoever has no letter.
    if !db::letter_tokens::is_good(db, &hash, Purpose::Reset).await? {
        return Err(spent());
    }
    let stored = password::hash(password).await?;
    db.write(move |tx| {
        Box::pin(async move {
            let (user, email) = db::letter_tokens::take(tx, &hash, Purpose::Reset).await?.ok_or_else(spent)?;
            db::accounts::claim(tx, user, &email).await?;
            db::accounts::set_password(tx, user, &stored).await?;
            db::sessions::end_all(tx, user, None).await?;
            Ok(user)
        })
    })
    .await
}
