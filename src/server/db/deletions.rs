//! What is deleted from an outline. Its rows, and all that hangs on them, wait apart from everything that is read,
//! until they are restored or their time is over.

use super::{Db, order};
use crate::domain::deletion::DeletedRows;
use crate::domain::id::{CourseId, DeletionId, LessonId, SectionId, UserId};
use crate::error::{AppError, Conflict};
use crate::server::auth::Admin;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// How long what was deleted can be restored.
pub const HOURS: i32 = 24;

/// The tables whose rows wait, those first that others hang on; how each hangs on lessons; and which of its columns
/// names a person who may be gone by then: a row that is theirs is not restored (`Owner`), one that they made is.
const RELATIONS: [(&str, &str, Person); 9] = [
    ("course_sections", "t.id = any($2)", Person::None),
    ("lessons", "t.id = any($3)", Person::None),
    ("lesson_files", LESSON, Person::None),
    ("lesson_captions", LESSON, Person::None),
    ("lesson_versions", LESSON, Person::Author("author_id")),
    ("lesson_positions", LESSON, Person::Owner("user_id")),
    ("lesson_drafts", LESSON, Person::Owner("user_id")),
    ("lesson_notes", LESSON, Person::Owner("user_id")),
    ("user_lesson_complete", LESSON, Person::Owner("user_id")),
];
const LESSON: &str = "t.lesson_id = any($3)";

enum Person {
    None,
    Owner(&'static str),
    Author(&'static str),
}

/// The tables whose rows wait.
pub fn relations() -> impl Iterator<Item = &'static str> {
    RELATIONS.iter().map(|(table, ..)| *table)
}

/// The id of another deletion.
pub fn fresh() -> DeletionId {
    DeletionId(Uuid::new_v4())
}

/// Deletes sections with their lessons, and lessons, of one course. Stale where one of them is gone.
pub async fn delete(
    tx: &mut PgConnection,
    admin: &Admin,
    course: CourseId,
    id: DeletionId,
    sections: &[SectionId],
    lessons: &[LessonId],
) -> Result<(), AppError> {
    order::lock_course(tx, course).await?;
    let all = order::sections_of(tx, course).await?;
    let lists = order::lessons_of_all(tx, &all).await?;
    let inside: Vec<LessonId> = sections.iter().flat_map(|id| lists.get(id).cloned().unwrap_or_default()).collect();
    let there = sections.iter().all(|id| all.contains(&id.0))
        && lessons.iter().all(|id| lists.values().any(|list| list.contains(id)));
    match made_in(tx, id).await? {
        Some(other) if other != course => return Err(AppError::NotFound),
        Some(_) => return Ok(()),
        None if !there => return Err(AppError::Conflict(Conflict::Stale(Vec::new()))),
        None => {}
    }
    let outside = lessons.iter().filter(|id| !inside.contains(id)).copied();
    let gone = Gone { sections, lessons: &outside.chain(inside.iter().copied()).collect::<Vec<_>>() };
    set_aside(tx, course, id, Some(admin.id), &gone).await?;
    let left = lists.into_iter().filter(|(section, _)| !sections.contains(section));
    let left = left.map(|(section, list)| (section, list.into_iter().filter(|id| !lessons.contains(id)).collect()));
    order::write_lists(tx, &left.collect::<Vec<_>>()).await?;
    let stay = |id: &Uuid| !sections.iter().any(|gone| gone.0 == *id);
    order::write_sections(tx, &all.into_iter().filter(stay).collect::<Vec<_>>()).await
}

/// The course of a deletion that was made already.
async fn made_in(tx: &mut PgConnection, id: DeletionId) -> Result<Option<CourseId>, AppError> {
    let course = sqlx::query_scalar!("select course_id from outline_deletions where id = $1", id as DeletionId)
        .fetch_optional(tx)
        .await?;
    Ok(course)
}

/// Rows that go together: every lesson that goes is named, those of the sections too.
pub struct Gone<'a> {
    pub sections: &'a [SectionId],
    pub lessons: &'a [LessonId],
}

/// Takes rows out of a course, with all that hangs on them, to where they wait to be restored. What stays keeps its
/// places: to close the gaps is the caller's.
pub async fn set_aside(
    tx: &mut PgConnection,
    course: CourseId,
    id: DeletionId,
    author: Option<UserId>,
    gone: &Gone<'_>,
) -> Result<(), AppError> {
    let sections: Vec<Uuid> = gone.sections.iter().map(|id| id.0).collect();
    let lessons: Vec<Uuid> = gone.lessons.iter().map(|id| id.0).collect();
    sqlx::query!(
        "insert into outline_deletions (id, course_id, author_id, name, sections, lessons, expires_at)
        select $1, $2, $3,
          coalesce((select name from course_sections where id = $4), (select name from lessons where id = $5), ''),
          $6, $7, now() + make_interval(hours => $8)",
        id as DeletionId,
        course as CourseId,
        author.map(|author| author.0),
        sections.first().copied(),
        lessons.first().copied(),
        i32::try_from(sections.len()).unwrap_or(i32::MAX),
        i32::try_from(lessons.len()).unwrap_or(i32::MAX),
        HOURS
    )
    .execute(&mut *tx)
    .await?;
    // Whoever is about to save, complete or attach something there comes before this, or finds nothing any more.
    sqlx::query!("select id from lessons where id = any($1) order by id for update", &lessons)
        .fetch_all(&mut *tx)
        .await?;
    let copies = RELATIONS
        .iter()
        .map(|(table, which, _)| format!("select $1::uuid, '{table}', to_jsonb(t) from {table} t where {which}"));
    let copies = copies.collect::<Vec<_>>().join(" union all ");
    let copy = format!("insert into deleted_rows (deletion_id, relation, data) {copies}");
    sqlx::query(AssertSqlSafe(copy)).bind(id.0).bind(&sections).bind(&lessons).execute(&mut *tx).await?;
    sqlx::query!("delete from lessons where id = any($1)", &lessons).execute(&mut *tx).await?;
    sqlx::query!("delete from course_sections where id = any($1)", &sections).execute(tx).await?;
    Ok(())
}

/// Puts back what was deleted together, ids, completions and files included: each row where it was, or at the end of
/// what became shorter since.
pub async fn restore(tx: &mut PgConnection, _: &Admin, course: CourseId, id: DeletionId) -> Result<(), AppError> {
    order::lock_course(tx, course).await?;
    let found = sqlx::query!(
        r#"select restored_at is not null as "restored!"
        from outline_deletions
        where id = $1 and course_id = $2 and (expires_at > now() or restored_at is not null)
        for update"#,
        id as DeletionId,
        course as CourseId
    )
    .fetch_optional(&mut *tx)
    .await?;
    let found = found.ok_or_else(|| AppError::refused("The time to restore this is over."))?;
    if found.restored {
        return Ok(());
    }
    let mut sections = order::sections_of(tx, course).await?;
    let rows = sqlx::query!(
        r#"select relation, (data ->> 'id')::uuid as "id!: Uuid", (data ->> 'section_id')::uuid as "section: SectionId",
          (data ->> 'order')::integer as "order!"
        from deleted_rows
        where deletion_id = $1 and relation in ('course_sections', 'lessons')
        order by 4"#,
        id as DeletionId
    )
    .fetch_all(&mut *tx)
    .await?;
    let of = |relation: &'static str| rows.iter().filter(move |row| row.relation == relation);
    let back: Vec<Uuid> = of("course_sections").map(|row| row.id).collect();
    let homes: Vec<Uuid> =
        of("lessons").filter_map(|row| row.section).map(|id| id.0).filter(|id| !back.contains(id)).collect();
    if homes.iter().any(|home| !sections.contains(home)) {
        return Err(AppError::refused("The section that this was in was deleted, too. Restore that first."));
    }
    let mut lists = order::lessons_of_all(tx, &homes).await?;
    for row in of("course_sections") {
        sections.insert(position(row.order, sections.len()), row.id);
    }
    for row in of("lessons") {
        if let Some(list) = row.section.filter(|id| homes.contains(&id.0)).map(|id| lists.entry(id).or_default()) {
            list.insert(position(row.order, list.len()), LessonId(row.id));
        }
    }
    put_back(tx, id).await?;
    order::write_sections(tx, &sections).await?;
    order::write_lists(tx, &lists.into_iter().collect::<Vec<_>>()).await
}

fn position(order: i32, length: usize) -> usize {
    usize::try_from(order).unwrap_or(0).min(length)
}

async fn put_back(tx: &mut PgConnection, id: DeletionId) -> Result<(), AppError> {
    for (table, _, person) in &RELATIONS {
        let there = |column| format!("exists (select from users u where u.id = (data ->> '{column}')::uuid)");
        let (data, only) = match person {
            Person::None => ("data".to_owned(), "true".to_owned()),
            Person::Owner(column) => ("data".to_owned(), there(*column)),
            Person::Author(column) => {
                (format!("case when {} then data else data - '{column}' end", there(*column)), "true".to_owned())
            }
        };
        let insert = format!(
            "insert into {table}
            select (jsonb_populate_record(null::{table}, {data})).*
            from deleted_rows
            where deletion_id = $1 and relation = '{table}' and {only}"
        );
        sqlx::query(AssertSqlSafe(insert)).bind(id.0).execute(&mut *tx).await?;
    }
    sqlx::query!("update outline_deletions set restored_at = now() where id = $1", id as DeletionId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from deleted_rows where deletion_id = $1", id as DeletionId).execute(tx).await?;
    Ok(())
}

/// What of a course can be restored, what was deleted last first.
pub async fn list(db: &Db, _: &Admin, course: CourseId) -> sqlx::Result<Vec<DeletedRows>> {
    let rows = sqlx::query!(
        "select id, name, sections, lessons, expires_at
        from outline_deletions
        where course_id = $1 and restored_at is null and expires_at > now()
        order by created_at desc, id
        limit 100",
        course as CourseId
    )
    .fetch_all(db.pool())
    .await?;
    let rows = rows.into_iter().map(|row| DeletedRows {
        id: row.id,
        name: row.name,
        sections: row.sections,
        lessons: row.lessons,
        until: row.expires_at.into(),
    });
    Ok(rows.collect())
}

/// Deletes for good what nobody restored in time.
pub async fn expire(tx: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!("delete from outline_deletions where expires_at <= now()").execute(tx).await?;
    Ok(())
}

/// How many lessons, and completions of them, hang on some rows.
pub struct Consequences {
    pub lessons: i64,
    pub completions: i64,
}

pub async fn consequences(
    db: &Db,
    _: &Admin,
    course: CourseId,
    sections: &[SectionId],
    lessons: &[LessonId],
) -> sqlx::Result<Consequences> {
    let sections: Vec<Uuid> = sections.iter().map(|id| id.0).collect();
    let lessons: Vec<Uuid> = lessons.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Consequences,
        r#"with gone as (
          select l.id
          from lessons l
          join course_sections s on s.id = l.section_id
          where s.course_id = $1 and (l.id = any($2) or s.id = any($3))
        )
        select (select count(*) from gone) as "lessons!",
          (select count(*) from user_lesson_complete u join gone on gone.id = u.lesson_id) as "completions!""#,
        course as CourseId,
        &lessons,
        &sections
    )
    .fetch_one(db.pool())
    .await
}
