use crate::domain::user::{SignInForm, SignUpForm, Visit};
use crate::error::AppError;
use leptos::prelude::*;

/// Who is signed in, if anyone.
#[server(endpoint = "current_viewer")]
pub async fn current_viewer() -> Result<Visit, AppError> {
    use crate::server::context;
    Ok(context::visit(&context::state()?.config))
}

/// Makes a local account, signs it in and leads to `next`.
#[server(endpoint = "sign_up")]
pub async fn sign_up(form: SignUpForm, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::server::auth::password;
    use crate::server::{context, db};
    let state = context::state()?;
    context::attempt(&state)?;
    state.config.local_accounts()?;
    let mut fields = form.validate()?;
    let hash = password::hash(std::mem::take(&mut fields.password)).await?;
    let sends = state.mailer.is_some();
    let user = state
        .db
        .write(move |tx| Box::pin(async move { db::users::create_local(tx, fields, hash, sends).await }))
        .await?;
    context::sign_in(&state, user).await?;
    context::remember_browser(&state, user).await?;
    context::redirect(&next, "/")
}

/// Signs in with e-mail and password and leads to `next`. An unknown e-mail and a wrong password get one answer.
#[server(endpoint = "sign_in")]
pub async fn sign_in(form: SignInForm, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::server::auth::password;
    use crate::server::{context, db};
    let state = context::state()?;
    context::attempt(&state)?;
    state.config.local_accounts()?;
    if form.email.contains('\0') || form.password.contains('\0') {
        return Err(AppError::invalid("email", "This holds a NUL character."));
    }
    let (user, hash) = db::users::credentials(&state.db, form.email.trim()).await?.unzip();
    state.limits.at(&form.email, context::seat(&state, user).await?)?;
    let fits = password::verify(form.password, hash).await?;
    match user.filter(|_| fits) {
        Some(user) => {
            context::sign_in(&state, user).await?;
            context::remember_browser(&state, user).await?;
            context::redirect(&next, "/courses")
        }
        None => Err(AppError::invalid("email", "This e-mail and password do not fit together.")),
    }
}

/// Signs in as the demo's author or learner; there is nobody to be outside a demo.
#[server(endpoint = "sign_in_demo")]
pub async fn sign_in_demo(r#as: String, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::server::demo::Persona;
    use crate::server::{context, demo};
    let state = context::state()?;
    let persona = Persona::parse(&r#as).ok_or(AppError::NotFound)?;
    let user = demo::user(&state, persona).await?;
    context::sign_in(&state, user).await?;
    context::redirect(&next, if persona == Persona::Author { "/admin" } else { "/courses" })
}

#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::server::context;
    let state = context::state()?;
    let from_clerk = context::sign_out(&state).await?;
    // Clerk's script is on that page alone, and signs out there, too: whoever sits down next is nobody.
    let next = if from_clerk && state.clerk.is_some() { "/sign-in?signed-out" } else { "/" };
    context::redirect(next, "/")
}
