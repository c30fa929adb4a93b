//! Changes of an outline, as its editor sends them: each is made whole or not at all, on what it was made on.

use super::{deletions, order, versions};
use crate::domain::id::{CourseId, LessonId, SectionId};
use crate::domain::lesson::LessonStatus;
use crate::domain::outline_edit::{OutlineChange, Places, Row, Statuses};
use crate::domain::section::SectionStatus;
use crate::domain::validate;
use crate::error::{AppError, Conflict};
use crate::server::auth::Admin;
use sqlx::PgConnection;
use uuid::Uuid;

/// Most rows that one change of an order names.
const ROWS_MAX: usize = 10_000;

/// Makes one change of a course's outline. `author` is what others who look at the course are told of who did it.
pub async fn apply(
    tx: &mut PgConnection,
    admin: &Admin,
    course: CourseId,
    author: &str,
    change: OutlineChange,
) -> Result<(), AppError> {
    take_turn(tx, course, author).await?;
    match change {
        OutlineChange::Arrange { seen, wanted } => arrange(tx, course, &seen, &wanted).await,
        OutlineChange::Rename { row: Row::Section(id), seen, wanted } => {
            rename_section(tx, course, id, &seen, name(wanted)?).await
        }
        OutlineChange::Rename { row: Row::Lesson(id), seen, wanted } => {
            rename_lesson(tx, admin, course, id, &seen, name(wanted)?).await
        }
        OutlineChange::SetStatus { seen, wanted } => set_status(tx, course, &seen, &wanted).await,
        OutlineChange::AddSection { id, name: text } => add_section(tx, course, id, name(text)?).await,
        OutlineChange::AddLesson { id, section, after, name: text } => {
            add_lesson(tx, admin, course, id, section, after, name(text)?).await
        }
        OutlineChange::Delete { deletion, sections, lessons } => {
            deletions::delete(tx, admin, course, deletion, &sections, &lessons).await
        }
        OutlineChange::Restore { deletion } => deletions::restore(tx, admin, course, deletion).await,
    }
}

fn name(text: String) -> Result<String, AppError> {
    validate::name(text).map_err(|sentence| AppError::invalid("name", sentence))
}

fn stale() -> AppError {
    AppError::Conflict(Conflict::Stale(Vec::new()))
}

/// Locks the course against other changes of its outline, and says whose this one is.
async fn take_turn(tx: &mut PgConnection, course: CourseId, author: &str) -> Result<(), AppError> {
    sqlx::query!(
        "select set_config('lectern.author', $2, true) from courses where id = $1 for no key update",
        course as CourseId,
        author
    )
    .fetch_one(tx)
    .await?;
    Ok(())
}

async fn arrange(tx: &mut PgConnection, course: CourseId, seen: &Places, wanted: &Places) -> Result<(), AppError> {
    if seen.len().max(wanted.len()) > ROWS_MAX {
        return Err(AppError::invalid("order", "This is more than can be moved at once."));
    }
    if !wanted.holds_the_same(seen) {
        return Err(AppError::invalid("order", "The order must name every row once, and no other."));
    }
    let sections = order::sections_of(tx, course).await?;
    let lists: Vec<Uuid> = seen.lessons.iter().map(|(section, _)| section.0).collect();
    if lists.iter().any(|id| !sections.contains(id)) {
        return Err(stale());
    }
    let stored = order::lessons_of_all(tx, &lists).await?;
    let is = |places: &Places| {
        places.sections.as_ref().is_none_or(|ids| ids.iter().map(|id| id.0).eq(sections.iter().copied()))
            && places.lessons.iter().all(|(section, lessons)| {
                let ids = stored.get(section).map(Vec::as_slice).unwrap_or_default();
                ids == lessons.as_slice()
            })
    };
    if is(wanted) {
        return Ok(());
    }
    if !is(seen) {
        return Err(AppError::Conflict(Conflict::Stale(sections)));
    }
    if let Some(ids) = &wanted.sections {
        order::write_sections(tx, &ids.iter().map(|id| id.0).collect::<Vec<_>>()).await?;
    }
    order::write_lists(tx, &wanted.lessons).await
}

async fn rename_section(
    tx: &mut PgConnection,
    course: CourseId,
    id: SectionId,
    seen: &str,
    wanted: String,
) -> Result<(), AppError> {
    let done = sqlx::query!(
        "update course_sections set name = $4 where id = $1 and course_id = $2 and name in ($3, $4)",
        id as SectionId,
        course as CourseId,
        seen,
        wanted
    )
    .execute(tx)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(stale()) }
}

async fn rename_lesson(
    tx: &mut PgConnection,
    admin: &Admin,
    course: CourseId,
    id: LessonId,
    seen: &str,
    wanted: String,
) -> Result<(), AppError> {
    // What it was before states were noted, or was imported as.
    versions::note(tx, admin, id, None).await?;
    let done = sqlx::query!(
        "update lessons l
        set name = $4
        from course_sections s
        where l.id = $1 and s.id = l.section_id and s.course_id = $2 and l.name in ($3, $4)",
        id as LessonId,
        course as CourseId,
        seen,
        wanted
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() != 1 {
        return Err(stale());
    }
    versions::note(tx, admin, id, Some(admin.id)).await
}

/// Rows of one kind whose status is to change: ids, and what they were seen as and are wanted as.
type Wanted<'a> = (Vec<Uuid>, Vec<&'a str>, Vec<&'a str>);

fn unzip<'a, I: Copy + Eq, S: Copy>(
    seen: &'a [(I, S)],
    wanted: &'a [(I, S)],
    id: impl Fn(I) -> Uuid,
    value: impl Fn(S) -> &'static str,
) -> Result<Wanted<'a>, AppError> {
    if !seen.iter().map(|(id, _)| *id).eq(wanted.iter().map(|(id, _)| *id)) {
        return Err(AppError::invalid("status", "What is seen and what is wanted must be of the same rows."));
    }
    let ids = seen.iter().map(|(row, _)| id(*row)).collect();
    let values = |rows: &[(I, S)]| rows.iter().map(|(_, status)| value(*status)).collect();
    Ok((ids, values(seen), values(wanted)))
}

async fn set_status(
    tx: &mut PgConnection,
    course: CourseId,
    seen: &Statuses,
    wanted: &Statuses,
) -> Result<(), AppError> {
    // Lessons are locked behind their sections, as by whoever moves one.
    order::sections_of(tx, course).await?;
    let (ids, from, to) = unzip(&seen.sections, &wanted.sections, |id| id.0, SectionStatus::value)?;
    if !ids.is_empty() {
        let done = sqlx::query!(
            "update course_sections s
            set status = w.wanted::course_section_status
            from unnest($2::uuid[], $3::text[], $4::text[]) as w (id, seen, wanted)
            where s.id = w.id and s.course_id = $1 and s.status::text in (w.seen, w.wanted)",
            course as CourseId,
            &ids,
            &from as &[&str],
            &to as &[&str]
        )
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() != ids.len() as u64 {
            return Err(stale());
        }
    }
    let (ids, from, to) = unzip(&seen.lessons, &wanted.lessons, |id| id.0, LessonStatus::value)?;
    if !ids.is_empty() {
        let done = sqlx::query!(
            "update lessons l
            set status = w.wanted::lesson_status
            from unnest($2::uuid[], $3::text[], $4::text[]) as w (id, seen, wanted), course_sections s
            where l.id = w.id and s.id = l.section_id and s.course_id = $1 and l.status::text in (w.seen, w.wanted)",
            course as CourseId,
            &ids,
            &from as &[&str],
            &to as &[&str]
        )
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() != ids.len() as u64 {
            return Err(stale());
        }
    }
    Ok(())
}

async fn add_section(tx: &mut PgConnection, course: CourseId, id: SectionId, name: String) -> Result<(), AppError> {
    sqlx::query!(
        r#"insert into course_sections (id, course_id, name, "order")
        values ($1, $2, $3, (select count(*) from course_sections where course_id = $2))
        on conflict (id) do nothing"#,
        id as SectionId,
        course as CourseId,
        name
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn add_lesson(
    tx: &mut PgConnection,
    admin: &Admin,
    course: CourseId,
    id: LessonId,
    section: SectionId,
    after: Option<LessonId>,
    name: String,
) -> Result<(), AppError> {
    match order::lock_sections(tx, &[section]).await {
        Ok(courses) if courses == [course] => {}
        Ok(_) | Err(AppError::NotFound) => return Err(stale()),
        Err(error) => return Err(error),
    }
    let lists = order::lessons_of_all(tx, &[section.0]).await?;
    let mut ids = lists.get(&section).cloned().unwrap_or_default();
    let added = sqlx::query!(
        r#"insert into lessons (id, section_id, name, "order") values ($1, $2, $3, $4) on conflict (id) do nothing"#,
        id as LessonId,
        section as SectionId,
        name,
        i32::try_from(ids.len()).unwrap_or(i32::MAX)
    )
    .execute(&mut *tx)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(());
    }
    let after = ids.iter().position(|lesson| Some(*lesson) == after);
    ids.insert(after.map_or(ids.len(), |after| after + 1), id);
    order::write_lists(tx, &[(section, ids)]).await?;
    versions::note(tx, admin, id, Some(admin.id)).await
}
