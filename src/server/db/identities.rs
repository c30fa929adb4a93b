//! Ways in by other providers, each of them one person's.

use super::{Db, users, waiting_grants};
use crate::domain::id::UserId;
use crate::error::AppError;
use crate::server::auth::SignedIn;
use crate::server::auth::external::External;
use sqlx::PgConnection;

/// What is known of an external identity.
struct Known {
    user: Option<UserId>,
    version: i64,
    /// Its provider deleted it, or its account is deleted: it leads nowhere any more.
    gone: bool,
}

/// Makes everything that concerns an external identity take turns until the transaction ends: there may be no row yet
/// to lock.
async fn lock(tx: &mut PgConnection, id: &str) -> Result<Option<Known>, AppError> {
    sqlx::query!(r#"select pg_advisory_xact_lock(hashtextextended('identity ' || $1, 0)) as "locked!: ()""#, id)
        .fetch_one(&mut *tx)
        .await?;
    let known = sqlx::query!(
        r#"select i.user_id, i.version, i.gone_at is not null or u.deleted_at is not null as "gone!"
        from identities i
        left join users u on u.id = i.user_id
        where i.external_id = $1"#,
        id
    )
    .fetch_optional(tx)
    .await?;
    Ok(known.map(|row| Known { user: row.user_id, version: row.version, gone: row.gone }))
}

/// The account that an external identity leads to, made or brought up to date.
pub async fn enter(tx: &mut PgConnection, external: &External) -> Result<UserId, AppError> {
    let user = match lock(tx, &external.id).await? {
        Some(Known { gone: true, .. }) => return Err(AppError::SignInRequired),
        Some(Known { user: Some(user), version, .. }) => {
            if external.version == 0 || external.version > version {
                update(tx, user, external).await?;
            }
            user
        }
        _ => create(tx, external).await?,
    };
    sqlx::query!("update identities set last_used_at = now() where external_id = $1", external.id)
        .execute(&mut *tx)
        .await?;
    Ok(user)
}

/// As told by the provider, in no order and any number of times.
pub async fn learn(tx: &mut PgConnection, external: &External) -> Result<(), AppError> {
    match lock(tx, &external.id).await? {
        Some(Known { user: Some(user), version, gone: false }) if external.version > version => {
            update(tx, user, external).await
        }
        Some(_) => Ok(()),
        None => create(tx, external).await.map(|_| ()),
    }
}

/// The provider deleted the identity, perhaps before it was ever heard of.
pub async fn forget(tx: &mut PgConnection, provider: &str, id: &str) -> Result<(), AppError> {
    lock(tx, id).await?;
    sqlx::query!(
        "insert into identities (external_id, provider, gone_at) values ($1, $2, now())
        on conflict (external_id) do update set gone_at = coalesce(identities.gone_at, now())",
        id,
        provider
    )
    .execute(&mut *tx)
    .await?;
    let own = sqlx::query_scalar!(r#"select id from users where clerk_user_id = $1 and deleted_at is null"#, id)
        .fetch_optional(&mut *tx)
        .await?;
    match own {
        Some(user) => users::delete_softly(tx, user).await,
        None => Ok(()),
    }
}

/// Adds a way in to somebody's account.
pub async fn add(tx: &mut PgConnection, person: &SignedIn, external: &External) -> Result<(), AppError> {
    match lock(tx, &external.id).await? {
        Some(Known { gone: true, .. }) => Err(AppError::SignInRequired),
        Some(Known { user: Some(user), .. }) if user == person.id => Ok(()),
        Some(Known { user: Some(user), .. }) => match take_over(tx, user, person, external).await? {
            true => Ok(()),
            false => {
                Err(AppError::refused("That sign-in belongs to another account here. Sign in with it to see which."))
            }
        },
        _ => insert(tx, person.id, external).await,
    }
}

/// Moves an identity from the account that was made for it, which nobody ever came in to or was given anything in, and
/// which goes by that: a provider tells of its people before they come. Returns whether it was such a one.
async fn take_over(
    tx: &mut PgConnection,
    from: UserId,
    person: &SignedIn,
    external: &External,
) -> Result<bool, AppError> {
    let unused = sqlx::query_scalar!(
        r#"select true as "unused!"
        from users u
        join identities i on i.user_id = u.id
        where u.id = $1 and u.clerk_user_id = $2 and u.role = 'user' and u.suspended_at is null and u.deleted_at is null
          and i.external_id = $2 and i.last_used_at is null
          and not exists (select from identities other where other.user_id = u.id and other.external_id <> $2)
          and not exists (select from credentials c where c.user_id = u.id)
          and not exists (select from sessions s where s.user_id = u.id)
          and not exists (select from purchases p where p.user_id = u.id)
          and not exists (select from checkouts c where c.user_id = u.id)
          and not exists (select from course_grants g where g.user_id = u.id)
          and not exists (select from user_course_access a where a.user_id = u.id)
        for update of u"#,
        from as UserId,
        external.id
    )
    .fetch_optional(&mut *tx)
    .await?;
    if unused.is_none() {
        return Ok(false);
    }
    sqlx::query!("update identities set user_id = $2 where external_id = $1", external.id, person.id as UserId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from users where id = $1", from as UserId).execute(tx).await?;
    Ok(true)
}

async fn insert(tx: &mut PgConnection, user: UserId, external: &External) -> Result<(), AppError> {
    sqlx::query!(
        "insert into identities (external_id, user_id, provider, version) values ($1, $2, $3, $4)",
        external.id,
        user as UserId,
        external.provider,
        external.version
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes the account of an identity, or finds the one that the owner's own table has under it.
async fn create(tx: &mut PgConnection, external: &External) -> Result<UserId, AppError> {
    // Receipts go there, and a payment asks for it.
    if external.email.is_empty() {
        return Err(AppError::refused("Your sign-in has no e-mail address. Add one to it, then come back."));
    }
    let user = sqlx::query_scalar!(
        r#"insert into users (clerk_user_id, name, email, image_url) values ($1, $2, $3, $4)
        on conflict (clerk_user_id) do update set name = excluded.name
        returning id"#,
        external.id,
        external.name,
        external.email,
        external.image_url
    )
    .fetch_one(&mut *tx)
    .await?;
    insert(tx, user, external).await?;
    update(tx, user, external).await?;
    Ok(user)
}

/// Takes over name, address and picture from the provider that the account was made for; another one vouches for the
/// person and is not asked what they are called.
async fn update(tx: &mut PgConnection, user: UserId, external: &External) -> Result<(), AppError> {
    sqlx::query!("update identities set version = $2 where external_id = $1", external.id, external.version)
        .execute(&mut *tx)
        .await?;
    let own = sqlx::query!(
        "update users
        set name = $3, image_url = $5, email = $4,
          email_verified_at = case when lower(email) = lower($4) then email_verified_at end
        where id = $1 and clerk_user_id = $2 and deleted_at is null",
        user as UserId,
        external.id,
        external.name,
        external.email,
        external.image_url
    )
    .execute(&mut *tx)
    .await?;
    if own.rows_affected() > 0 && external.email_verified {
        waiting_grants::verify_unless_anothers(tx, user).await?;
    }
    Ok(())
}

/// A way in by another provider, as its person sees it.
pub struct Identity {
    pub external_id: String,
    pub provider: String,
    /// Whether the account was made for it: then it stays as long as the account.
    pub first: bool,
}

/// A person's ways in by other providers, the oldest first.
pub async fn list(db: &Db, person: &SignedIn) -> sqlx::Result<Vec<Identity>> {
    sqlx::query_as!(
        Identity,
        r#"select i.external_id, i.provider, u.clerk_user_id = i.external_id as "first!"
        from identities i
        join users u on u.id = i.user_id
        where i.user_id = $1 and i.gone_at is null
        order by i.created_at, i.external_id"#,
        person.id as UserId
    )
    .fetch_all(db.pool())
    .await
}

/// Takes away a way in that was added; not the one that the account was made for.
pub async fn remove(tx: &mut PgConnection, person: &SignedIn, external_id: &str) -> Result<(), AppError> {
    let done = sqlx::query!(
        "delete from identities i
        using users u
        where i.external_id = $2 and i.user_id = $1 and u.id = i.user_id and u.clerk_user_id <> i.external_id",
        person.id as UserId,
        external_id
    )
    .execute(tx)
    .await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}
