use crate::domain::audit::AuditPage;
use crate::domain::grant::{EmailGrantForm, GrantForm};
use crate::domain::id::{GrantId, UserId, WaitingGrantId};
use crate::domain::people::Roster;
use crate::domain::person::Person;
use crate::domain::user::Role;
use crate::error::AppError;
use leptos::prelude::*;

/// A page of the people of a course or of all, found by name or e-mail, in one of [`crate::domain::people::PeopleSort`]'s
/// orders, from after a place on. What the address says and cannot be is not found.
#[server(endpoint = "admin/list_people")]
pub async fn list_people(
    #[server(default)] course: String,
    #[server(default)] q: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
) -> Result<Roster, AppError> {
    use crate::domain::people::PeopleForm;
    use crate::server::{context, people};
    let admin = context::viewer().admin()?;
    let (filter, after) = PeopleForm { course, q, sort, after }.parse().ok_or(AppError::NotFound)?;
    people::roster(&context::state()?.db, &admin, filter, after).await
}

/// A person, and every source of access that they have or had.
#[server(endpoint = "admin/get_person")]
pub async fn get_person(id: UserId) -> Result<Person, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    db::persons::get(&context::state()?.db, &admin, id).await?.ok_or(AppError::NotFound)
}

/// Gives a person a course by hand.
#[server(endpoint = "admin/grant_course")]
pub async fn grant_course(person: UserId, form: GrantForm) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::access::grant_by_hand(tx, &admin, person, fields).await })).await
}

/// Takes back one grant that an admin gave; what else gives the course stays.
#[server(endpoint = "admin/revoke_grant")]
pub async fn revoke_grant(id: GrantId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::access::revoke_by_hand(tx, &admin, id).await })).await
}

/// Gives a course to whoever an address is. Where that is known it leads to the person; else the grant waits.
#[server(endpoint = "admin/grant_by_email")]
pub async fn grant_by_email(form: EmailGrantForm) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    let person =
        state.db.write(move |tx| Box::pin(async move { db::waiting_grants::grant(tx, &admin, fields).await })).await?;
    if let Some(person) = person {
        leptos_axum::redirect(&format!("/admin/people/{person}"));
    }
    Ok(())
}

/// Takes back a grant that waits.
#[server(endpoint = "admin/revoke_waiting_grant")]
pub async fn revoke_waiting_grant(id: WaitingGrantId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::waiting_grants::revoke(tx, &admin, id).await })).await
}

/// The author's word that a person's e-mail is theirs: what waits for it is given at once.
#[server(endpoint = "admin/confirm_address")]
pub async fn confirm_address(person: UserId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::waiting_grants::confirm(tx, &admin, person).await })).await
}

/// Makes somebody an admin, or one of them not any more.
#[server(endpoint = "admin/set_role")]
pub async fn set_role(person: UserId, role: Role) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::roles::set_role(tx, &admin, person, role).await })).await
}

/// Signs somebody out everywhere and lets them in no more, or again.
#[server(endpoint = "admin/suspend_person")]
pub async fn suspend_person(person: UserId, suspended: bool) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::roles::suspend(tx, &admin, person, suspended).await })).await
}

/// Deletes somebody's account as they could themselves.
#[server(endpoint = "admin/delete_person")]
pub async fn delete_person(person: UserId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::roles::delete(tx, &admin, person).await })).await?;
    context::redirect("/admin/people", "/admin/people")
}

/// Makes a link by which somebody becomes an admin, once, and leads to the page that shows it. The secret goes there in a
/// cookie of a minute: no address that is logged on the way holds it.
#[server(endpoint = "admin/invite_admin")]
pub async fn invite_admin() -> Result<(), AppError> {
    use crate::server::auth::secret;
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    let fresh = secret::fresh()?;
    let hash = secret::hash(&fresh);
    state.db.write(move |tx| Box::pin(async move { db::roles::invite(tx, &admin, &hash).await })).await?;
    context::show_invitation(&state, &fresh)?;
    context::redirect("/admin/people/invite", "/admin/people")
}

/// The secret of the invitation that this browser made a moment ago.
#[server(endpoint = "admin/get_invitation")]
pub async fn get_invitation() -> Result<Option<String>, AppError> {
    use crate::server::context;
    context::viewer().admin()?;
    Ok(context::invitation(&context::state()?))
}

/// What admins did to people, found by who or what.
#[server(endpoint = "admin/search_audit")]
pub async fn search_audit(
    #[server(default)] q: String,
    #[server(default)] after: String,
) -> Result<AuditPage, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let after = match after.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::NotFound)?),
    };
    if q.contains('\0') {
        return Err(AppError::NotFound);
    }
    Ok(db::audit::search(&context::state()?.db, &admin, q.trim(), after).await?)
}
