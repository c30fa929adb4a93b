use crate::error::AppError;
use leptos::prelude::*;

/// Writes to an address that has an account: a link to sign in (`sign_in`), or one to choose another password (`reset`).
/// Whether it has one is not told.
#[server(endpoint = "ask_for_letter")]
pub async fn ask_for_letter(
    #[server(default)] email: String,
    #[server(default)] purpose: String,
) -> Result<(), AppError> {
    use crate::domain::account::Purpose;
    use crate::server::account;
    account::ask(email, if purpose == Purpose::Reset.value() { Purpose::Reset } else { Purpose::SignIn })
}

/// Signs in whoever holds the letter, once.
#[server(endpoint = "sign_in_by_link")]
pub async fn sign_in_by_link(token: String) -> Result<(), AppError> {
    use crate::server::auth::passes;
    use crate::server::context;
    let state = context::state()?;
    context::attempt(&state)?;
    state.config.local_accounts()?;
    let user = passes::enter(&state.db, &token).await?;
    context::sign_in(&state, user).await?;
    context::redirect("/courses", "/courses")
}

/// Gives the account of whoever holds the letter another password, ends its sessions, and signs them in.
#[server(endpoint = "reset_password")]
pub async fn reset_password(token: String, #[server(default)] password: String) -> Result<(), AppError> {
    use crate::server::auth::passes;
    use crate::server::context;
    let state = context::state()?;
    context::attempt(&state)?;
    state.config.local_accounts()?;
    let user = passes::reset(&state.db, &token, password).await?;
    context::sign_in(&state, user).await?;
    context::remember_browser(&state, user).await?;
    context::redirect("/courses", "/courses")
}

/// Confirms that one's address is one's own.
#[server(endpoint = "confirm_my_address")]
pub async fn confirm_my_address(token: String) -> Result<(), AppError> {
    use crate::server::auth::passes;
    use crate::server::context;
    let person = context::viewer().signed_in()?;
    passes::confirm(&context::state()?.db, &person, &token).await?;
    context::redirect("/account", "/account")
}
