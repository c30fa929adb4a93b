use crate::domain::account::{Account, PasswordForm, ProfileForm};
use crate::domain::id::{PasskeyId, SessionId};
use crate::error::AppError;
use leptos::prelude::*;

/// One's own account.
#[server(endpoint = "get_account")]
pub async fn get_account() -> Result<Account, AppError> {
    use crate::server::{account, context};
    account::get(&context::state()?, &context::viewer().signed_in()?).await
}

/// Changes what one is called.
#[server(endpoint = "update_profile")]
pub async fn update_profile(form: ProfileForm) -> Result<(), AppError> {
    use crate::server::{account, context};
    let person = context::viewer().signed_in()?;
    account::rename(&context::state()?, &person, form.validate()?).await?;
    context::back_without_script("/account");
    Ok(())
}

/// Removes one's picture.
#[server(endpoint = "remove_picture")]
pub async fn remove_picture() -> Result<(), AppError> {
    use crate::server::{account, context};
    account::remove_picture(&context::state()?, &context::viewer().signed_in()?).await?;
    context::back_without_script("/account");
    Ok(())
}

/// Writes the letter by which one's address is confirmed once more.
#[server(endpoint = "send_confirmation")]
pub async fn send_confirmation() -> Result<(), AppError> {
    use crate::server::{account, context};
    account::send_confirmation(&context::state()?, &context::viewer().signed_in()?).await?;
    context::redirect("/sign-in/sent", "/account")
}

/// Gives one another password. Every other browser is signed out, and this one gets another secret.
#[server(endpoint = "change_password")]
pub async fn change_password(form: PasswordForm) -> Result<(), AppError> {
    use crate::server::{account, context};
    let person = context::viewer().signed_in()?;
    account::change_password(&context::state()?, &person, form).await?;
    context::back_without_script("/account");
    Ok(())
}

/// Takes a way in by another provider from one's account; not the one that it was made for.
#[server(endpoint = "remove_way")]
pub async fn remove_way(id: String) -> Result<(), AppError> {
    use crate::server::{account, context};
    account::remove_way(&context::state()?, &context::viewer().signed_in()?, id).await?;
    context::back_without_script("/account");
    Ok(())
}

/// Signs another browser of one's own out.
#[server(endpoint = "end_session")]
pub async fn end_session(id: SessionId) -> Result<(), AppError> {
    use crate::server::{account, context};
    account::end_session(&context::state()?, &context::viewer().signed_in()?, id).await?;
    context::back_without_script("/account");
    Ok(())
}

/// Signs every other browser of one's own out.
#[server(endpoint = "end_other_sessions")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    use crate::server::{account, context};
    account::end_other_sessions(&context::state()?, &context::viewer().signed_in()?).await?;
    context::back_without_script("/account");
    Ok(())
}

/// Removes a passkey of one's own.
#[server(endpoint = "remove_passkey")]
pub async fn remove_passkey(id: PasskeyId) -> Result<(), AppError> {
    use crate::server::auth::passkeys;
    use crate::server::context;
    let (state, person) = (context::state()?, context::viewer().signed_in()?);
    passkeys::remove(&state.db, &state.config, &person, id).await?;
    context::back_without_script("/account");
    Ok(())
}

/// Deletes one's own account. Who has a password types it; who has none types the e-mail.
#[server(endpoint = "delete_account")]
pub async fn delete_account(
    #[server(default)] password: String,
    #[server(default)] email: String,
) -> Result<(), AppError> {
    use crate::server::{account, context};
    let state = context::state()?;
    account::delete(&state, &context::viewer().signed_in()?, password, &email).await?;
    context::sign_out(&state).await?;
    context::redirect("/", "/")
}

/// Makes oneself the site's first admin, by the secret that it printed when it first started.
#[server(endpoint = "become_admin")]
pub async fn become_admin(#[server(default)] secret: String) -> Result<(), AppError> {
    use crate::server::auth::first_admin;
    use crate::server::context;
    let (state, person) = (context::state()?, context::viewer().signed_in()?);
    context::attempt(&state)?;
    first_admin::claim(&state.db, &person, &secret).await?;
    context::redirect("/admin", "/admin")
}

/// Makes oneself an admin by the link that another one made.
#[server(endpoint = "join_as_admin")]
pub async fn join_as_admin(token: String) -> Result<(), AppError> {
    use crate::server::{account, context};
    let (state, person) = (context::state()?, context::viewer().signed_in()?);
    context::attempt(&state)?;
    account::join_as_admin(&state, &person, &token).await?;
    context::redirect("/admin", "/admin")
}
