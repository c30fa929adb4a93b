use super::{Db, courses, waiting_grants};
use crate::domain::grant::Source;
use crate::domain::id::{CourseId, PurchaseId, UserId};
use crate::domain::person::{Grant, Person, PersonCourse};
use crate::domain::progress::Progress;
use crate::domain::user::Role;
use crate::server::auth::Admin;

/// A person with every source of access that they have or had, and why.
pub async fn get(db: &Db, admin: &Admin, id: UserId) -> sqlx::Result<Option<Person>> {
    let user = sqlx::query!(
        "select id, name, email, role, email_verified_at, suspended_at, created_at
        from users
        where id = $1 and deleted_at is null",
        id as UserId
    )
    .fetch_optional(db.pool())
    .await?;
    let Some(user) = user else { return Ok(None) };
    // What waits for an address that is theirs is theirs already: only unconfirmed ones can have something waiting.
    let waiting = match user.email_verified_at {
        None => waiting_grants::of_address(db, admin, &user.email).await?,
        Some(_) => Vec::new(),
    };
    Ok(Some(Person {
        id: user.id,
        name: user.name,
        email: user.email,
        admin: user.role == Role::Admin,
        myself: user.id == admin.id,
        suspended_at: user.suspended_at.map(Into::into),
        verified_at: user.email_verified_at.map(Into::into),
        joined: user.created_at.into(),
        courses: of_person(db, id).await?,
        waiting,
        choices: courses::titles(db, admin).await?,
    }))
}

/// Every course that anything ever gave a person: with access first, then by title.
async fn of_person(db: &Db, id: UserId) -> sqlx::Result<Vec<PersonCourse>> {
    let mut courses: Vec<PersonCourse> = Vec::new();
    let progress = sqlx::query!(
        r#"select c.id, c.title, f.completed_at as "finished_at?",
          count(l.id) filter (where s.status = 'public' and l.status <> 'private') as "lessons!",
          count(d.lesson_id) filter (where s.status = 'public' and l.status <> 'private') as "completed!",
          greatest(max(d.created_at), max(p.updated_at)) as active
        from courses c
        left join course_sections s on s.course_id = c.id
        left join lessons l on l.section_id = s.id
        left join user_lesson_complete d on d.lesson_id = l.id and d.user_id = $1
        left join lesson_positions p on p.lesson_id = l.id and p.user_id = $1
        left join course_completions f on f.course_id = c.id and f.user_id = $1
        where exists (select from course_grants g where g.course_id = c.id and g.user_id = $1)
        group by c.id, c.title, f.completed_at
        order by exists (select from user_course_access a where a.course_id = c.id and a.user_id = $1) desc, c.title, c.id"#,
        id as UserId
    )
    .fetch_all(db.pool())
    .await?;
    courses.extend(progress.into_iter().map(|row| PersonCourse {
        id: row.id,
        title: row.title,
        progress: Progress::new(
            usize::try_from(row.completed).unwrap_or_default(),
            usize::try_from(row.lessons).unwrap_or_default(),
        ),
        active: row.active.map(Into::into),
        finished_at: row.finished_at.map(Into::into),
        grants: Vec::new(),
    }));
    for (course, grant) in grants(db, id).await? {
        if let Some(course) = courses.iter_mut().find(|known| known.id == course) {
            course.grants.push(grant);
        }
    }
    Ok(courses)
}

/// A person's grants, newest first.
async fn grants(db: &Db, id: UserId) -> sqlx::Result<Vec<(CourseId, Grant)>> {
    let rows = sqlx::query!(
        r#"select g.id, g.course_id, g.note, g.created_at, g.revoked_at, h.name as "by?",
          b.id as "purchase?: PurchaseId", b.product_details->>'name' as product, b.created_at as "bought_at?",
          b.refunded_at
        from course_grants g
        left join users h on h.id = g.granted_by
        left join purchases b on b.id = g.purchase_id
        where g.user_id = $1
        order by g.created_at desc, g.id"#,
        id as UserId
    )
    .fetch_all(db.pool())
    .await?;
    let grants = rows.into_iter().map(|row| {
        let source = match (row.purchase, row.bought_at) {
            (Some(id), Some(bought_at)) => Source::Purchase {
                id,
                product: row.product.unwrap_or_default(),
                bought_at: bought_at.into(),
                refunded: row.refunded_at.is_some(),
            },
            _ => Source::Hand { by: row.by, note: row.note.filter(|note| !note.is_empty()) },
        };
        let grant =
            Grant { id: row.id, source, created_at: row.created_at.into(), revoked_at: row.revoked_at.map(Into::into) };
        (row.course_id, grant)
    });
    Ok(grants.collect())
}
