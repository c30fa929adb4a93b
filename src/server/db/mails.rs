//! Letters, each written by the transaction that causes it, so that neither is there without the other; whose account is
//! gone gets none.

use crate::domain::account::Purpose;
use crate::domain::id::{GrantId, MailId, PurchaseId, UserId, WaitingGrantId};
use crate::domain::mail::{GivenCourse, Letter};
use crate::domain::money::TotalCents;
use crate::domain::purchase::PaymentMethod;
use crate::error::AppError;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// Whom a letter goes to, and what it is about.
struct To {
    cause: String,
    email: String,
    user: Option<UserId>,
    purchase: Option<PurchaseId>,
}

/// Writes a letter down; what was told before is not told again.
async fn write(tx: &mut PgConnection, to: To, letter: Letter) -> Result<(), AppError> {
    sqlx::query!(
        "insert into mails (cause, email, user_id, purchase_id, letter) values ($1, $2, $3, $4, $5)
        on conflict (cause) do nothing",
        to.cause,
        to.email,
        to.user as Option<UserId>,
        to.purchase as Option<PurchaseId>,
        Json(letter) as _
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Tells a buyer what they bought.
pub async fn receipt(tx: &mut PgConnection, purchase: PurchaseId) -> Result<(), AppError> {
    let row = sqlx::query!(
        r#"select p.user_id, u.email, p.product_details ->> 'name' as "product!", p.price_paid_in_cents as paid,
          p.stripe_session_id as session,
          array(
            select c.title
            from course_grants g
            join courses c on c.id = g.course_id
            where g.purchase_id = p.id
            order by c.title, c.id
          ) as "courses!"
        from purchases p
        join users u on u.id = p.user_id
        where p.id = $1 and u.deleted_at is null"#,
        purchase as PurchaseId
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let to = To {
        cause: format!("receipt:{purchase}"),
        email: row.email,
        user: Some(row.user_id),
        purchase: Some(purchase),
    };
    let method = PaymentMethod::of(&row.session);
    write(tx, to, Letter::Receipt { purchase, product: row.product, paid: row.paid, method, courses: row.courses })
        .await
}

/// Tells a buyer of every refund of a purchase that the provider has taken on; and where one came to nothing after all,
/// of that, or of neither where nobody was told.
pub async fn refunds(tx: &mut PgConnection, purchase: PurchaseId) -> Result<(), AppError> {
    let rows = sqlx::query!(
        r#"select r.id, r.amount_in_cents as amount, p.product_details ->> 'name' as "product!", p.user_id, u.email,
          p.refunded_at is not null as "ended!", p.stripe_session_id as session,
          r.status in ('failed', 'canceled') as "failed!",
          (select coalesce(sum(b.amount_in_cents), 0)::bigint from returns b where b.purchase_id = p.id) as "refunded!"
        from refunds r
        join purchases p on p.id = r.purchase_id
        join users u on u.id = p.user_id
        left join mails m on m.cause = 'refund:' || r.id
        where r.purchase_id = $1 and u.deleted_at is null
          and case
            when r.status in ('pending', 'succeeded') then m.id is null
            else r.status in ('failed', 'canceled') and m.sent_at is not null
          end
        order by r.created_at, r.id"#,
        purchase as PurchaseId
    )
    .fetch_all(&mut *tx)
    .await?;
    for row in rows {
        let to = |cause| To { cause, email: row.email, user: Some(row.user_id), purchase: Some(purchase) };
        let (product, amount) = (row.product, row.amount);
        if row.failed {
            let letter = Letter::RefundFailed { purchase, product, amount };
            write(tx, to(format!("refund_failed:{}", row.id)), letter).await?;
            continue;
        }
        let letter = Letter::Refunded {
            purchase,
            product,
            amount,
            method: PaymentMethod::of(&row.session),
            refunded: TotalCents(row.refunded),
            ended: row.ended,
        };
        write(tx, to(format!("refund:{}", row.id)), letter).await?;
    }
    sqlx::query!(
        "delete from mails m
        using refunds r
        where r.purchase_id = $1 and r.status in ('failed', 'canceled') and m.cause = 'refund:' || r.id
          and m.sent_at is null",
        purchase as PurchaseId
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Tells a person that what cost nothing was taken back.
pub async fn taken_back(tx: &mut PgConnection, purchase: PurchaseId) -> Result<(), AppError> {
    let row = sqlx::query!(
        r#"select p.user_id, u.email, p.product_details ->> 'name' as "product!"
        from purchases p
        join users u on u.id = p.user_id
        where p.id = $1 and u.deleted_at is null"#,
        purchase as PurchaseId
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let to = To {
        cause: format!("taken_back:{purchase}"),
        email: row.email,
        user: Some(row.user_id),
        purchase: Some(purchase),
    };
    write(tx, to, Letter::TakenBack { purchase, product: row.product }).await
}

/// Tells a person what they were given: one letter for all that was given to them at once.
pub async fn given(tx: &mut PgConnection, user: UserId, grants: &[GrantId]) -> Result<(), AppError> {
    let Some(first) = grants.iter().map(|grant| grant.0).min() else { return Ok(()) };
    let ids: Vec<Uuid> = grants.iter().map(|grant| grant.0).collect();
    let rows = sqlx::query!(
        "select g.id as grant_id, c.id, c.title, u.email
        from course_grants g
        join courses c on c.id = g.course_id
        join users u on u.id = g.user_id
        where g.id = any($1) and g.user_id = $2 and u.deleted_at is null
        order by c.title, c.id",
        &ids,
        user as UserId
    )
    .fetch_all(&mut *tx)
    .await?;
    let Some(email) = rows.first().map(|row| row.email.clone()) else { return Ok(()) };
    let courses =
        rows.into_iter().map(|row| GivenCourse { grant: row.grant_id, id: row.id, title: row.title }).collect();
    let to = To { cause: format!("given:{first}"), email, user: Some(user), purchase: None };
    write(tx, to, Letter::Given { courses }).await
}

/// Tells an address that a course waits for whoever is shown to have it.
pub async fn waiting(tx: &mut PgConnection, grant: WaitingGrantId) -> Result<(), AppError> {
    let row = sqlx::query!(
        "select w.email, c.title from waiting_grants w join courses c on c.id = w.course_id where w.id = $1",
        grant as WaitingGrantId
    )
    .fetch_one(&mut *tx)
    .await?;
    let to = To { cause: format!("waiting:{grant}"), email: row.email, user: None, purchase: None };
    write(tx, to, Letter::Waiting { course: row.title }).await
}

/// Writes to an account's address what lets its reader do something once. At most one such letter waits or was written
/// within five minutes, whoever presses how often.
pub async fn pass(tx: &mut PgConnection, user: UserId, purpose: Purpose) -> Result<(), AppError> {
    sqlx::query!(
        "insert into mails (cause, email, user_id, letter, give_up_at)
        select $3 || ':' || id || ':' || floor(extract(epoch from now()) / 300), email, id, $2,
          now() + interval '1 hour'
        from users
        where id = $1 and deleted_at is null
        on conflict (cause) do nothing",
        user as UserId,
        Json(Letter::Pass { purpose }) as _,
        purpose.value()
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes out of letters that were not sent what would be untrue by the time that they are read: courses that were given
/// and taken back since. What is left of them is sent.
pub async fn withdraw_given(tx: &mut PgConnection, user: UserId, grants: &[GrantId]) -> Result<(), AppError> {
    let rows = sqlx::query!(
        r#"select id, letter as "letter: Json<Letter>"
        from mails
        where user_id = $1 and sent_at is null and letter ->> 'kind' = 'given'
        order by id
        for no key update"#,
        user as UserId
    )
    .fetch_all(&mut *tx)
    .await?;
    for row in rows {
        let Letter::Given { courses } = row.letter.0 else { continue };
        let (before, left) =
            (courses.len(), courses.into_iter().filter(|course| !grants.contains(&course.grant)).collect::<Vec<_>>());
        if left.is_empty() {
            sqlx::query!("delete from mails where id = $1", row.id as MailId).execute(&mut *tx).await?;
        } else if left.len() < before {
            let letter = Json(Letter::Given { courses: left });
            sqlx::query!("update mails set letter = $2 where id = $1", row.id as MailId, letter as _)
                .execute(&mut *tx)
                .await?;
        }
    }
    Ok(())
}

/// The same for a course that waited.
pub async fn withdraw_waiting(tx: &mut PgConnection, grant: WaitingGrantId) -> Result<(), AppError> {
    sqlx::query!("delete from mails where cause = $1 and sent_at is null", format!("waiting:{grant}"))
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets where an account that is deleted had its letters, and sends none of those that wait.
pub async fn forget(tx: &mut PgConnection, user: UserId) -> Result<(), AppError> {
    sqlx::query!(
        "update mails m
        set email = u.email, send_at = null,
          error = case when m.sent_at is null then 'The account was deleted.' else m.error end
        from users u
        where u.id = $1 and m.user_id = u.id",
        user as UserId
    )
    .execute(tx)
    .await?;
    Ok(())
}
