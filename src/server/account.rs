//! What a person does with their own account.

use super::auth::{SignedIn, passes, passkeys, password, secret, session};
use super::context::{self, AppState};
use super::db;
use crate::domain::account::{Account, PasswordForm, Purpose, Way};
use crate::domain::id::SessionId;
use crate::domain::validate;
use crate::domain::way_in::{CLERK, Provider, WaysIn};
use crate::error::AppError;

/// The account as its person sees it.
pub async fn get(state: &AppState, person: &SignedIn) -> Result<Account, AppError> {
    let (config, headers) = (&state.config, context::headers());
    let here = session::current(config, &headers);
    let device = passkeys::work(config).then(|| passkeys::browser(&headers));
    let account = db::accounts::get(&state.db, person, here.as_deref(), device).await?;
    let WaysIn { local, clerk, providers } = config.ways_in();
    let clerk = clerk.map(|_| Provider { slug: CLERK.to_owned(), name: config.provider_name(CLERK) });
    let has = |slug: &str| account.ways.iter().any(|way| way.provider == slug);
    Ok(Account {
        sends: state.mailer.is_some(),
        local,
        named_by: account.named_by.map(|provider| config.provider_name(&provider)),
        addable: clerk.into_iter().chain(providers).filter(|provider| !has(&provider.slug)).collect(),
        ways: account
            .ways
            .into_iter()
            .map(|way| Way { provider: config.provider_name(&way.provider), ..way })
            .collect(),
        ..account
    })
}

/// Takes a way in from one's account.
pub async fn remove_way(state: &AppState, person: &SignedIn, id: String) -> Result<(), AppError> {
    let person = person.clone();
    state.db.write(move |tx| Box::pin(async move { db::identities::remove(tx, &person, &id).await })).await
}

/// Asks for a letter to an address, inside a server function. Whether anybody has it is not told.
pub fn ask(email: String, purpose: Purpose) -> Result<(), AppError> {
    let state = context::state()?;
    context::attempt(&state)?;
    state.config.local_accounts()?;
    let email = validate::email(email).map_err(|sentence| AppError::invalid("email", sentence))?;
    if state.mailer.is_none() {
        return Err(no_mail());
    }
    passes::ask(&state.db, email, purpose);
    context::redirect("/sign-in/sent", "/sign-in/sent")
}

fn no_mail() -> AppError {
    AppError::refused("This site cannot send letters. Ask its author for help.")
}

pub async fn rename(state: &AppState, person: &SignedIn, name: String) -> Result<(), AppError> {
    let person = person.clone();
    state.db.write(move |tx| Box::pin(async move { db::accounts::rename(tx, &person, &name).await })).await
}

pub async fn remove_picture(state: &AppState, person: &SignedIn) -> Result<(), AppError> {
    let id = person.id;
    state.db.write(move |tx| Box::pin(async move { db::covers::remove_portrait(tx, id).await })).await
}

pub async fn send_confirmation(state: &AppState, person: &SignedIn) -> Result<(), AppError> {
    if state.mailer.is_none() {
        return Err(no_mail());
    }
    let id = person.id;
    state.db.write(move |tx| Box::pin(async move { db::mails::pass(tx, id, Purpose::Confirm).await })).await
}

/// The current password is asked for where there is one: whoever finds a browser open has no account by that.
pub async fn change_password(state: &AppState, person: &SignedIn, form: PasswordForm) -> Result<(), AppError> {
    state.config.local_accounts()?;
    let (current, fresh) = form.validate()?;
    match db::accounts::password_hash(&state.db, person).await? {
        Some(stored) => prove(state, person, current, stored, "current").await?,
        None if !get(state, person).await?.verified => {
            return Err(AppError::refused("Confirm your address first: a password signs in by it."));
        }
        None => {}
    }
    let hash = password::hash(fresh).await?;
    let (person, id) = (person.clone(), person.id);
    let here = session::current(&state.config, &context::headers());
    let written = state.db.write(move |tx| {
        Box::pin(async move {
            db::accounts::set_password(tx, person.id, &hash).await?;
            db::sessions::end_all(tx, person.id, here.as_deref()).await
        })
    });
    written.await?;
    context::sign_in(state, id).await
}

/// Makes sure that who asks knows the password.
async fn prove(
    state: &AppState,
    person: &SignedIn,
    typed: String,
    stored: String,
    field: &str,
) -> Result<(), AppError> {
    state.limits.at(&person.email, context::seat(state, Some(person.id)).await?)?;
    match password::verify(typed, Some(stored)).await? {
        true => Ok(()),
        false => Err(AppError::invalid(field, "This is not your password.")),
    }
}

pub async fn end_session(state: &AppState, person: &SignedIn, id: SessionId) -> Result<(), AppError> {
    let person = person.clone();
    state.db.write(move |tx| Box::pin(async move { db::accounts::end_session(tx, &person, id).await })).await
}

pub async fn end_other_sessions(state: &AppState, person: &SignedIn) -> Result<(), AppError> {
    let (id, here) = (person.id, session::current(&state.config, &context::headers()));
    state.db.write(move |tx| Box::pin(async move { db::sessions::end_all(tx, id, here.as_deref()).await })).await
}

/// Deletes the account of whoever shows that they mean it.
pub async fn delete(state: &AppState, person: &SignedIn, typed: String, email: &str) -> Result<(), AppError> {
    match db::accounts::password_hash(&state.db, person).await? {
        Some(stored) => prove(state, person, typed, stored, "password").await?,
        None if email.trim().to_lowercase() != person.email.to_lowercase() => {
            return Err(AppError::invalid("email", "This is not the e-mail of this account."));
        }
        None => {}
    }
    let person = person.clone();
    state.db.write(move |tx| Box::pin(async move { db::roles::delete_own(tx, &person).await })).await
}

/// Makes somebody an admin by another one's link, once.
pub async fn join_as_admin(state: &AppState, person: &SignedIn, token: &str) -> Result<(), AppError> {
    let (person, hash) = (person.clone(), secret::hash(token));
    let joined = state.db.write(move |tx| Box::pin(async move { db::roles::join(tx, &person, &hash).await }));
    match joined.await? {
        true => Ok(()),
        false => Err(AppError::refused("This link has been used, or is too old. Ask for another one.")),
    }
}
