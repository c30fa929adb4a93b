//! The order of sections in a course and of lessons in a section: dense from 0, unique in each parent.
//!
//! Every write here first locks the parent's row, so that two editors take turns and the second one compares what
//! it saw with what the first one left.

use crate::domain::id::{CourseId, LessonId, SectionId};
use crate::domain::step::Step;
use crate::error::{AppError, Conflict};
use crate::server::auth::Admin;
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Lists of lessons by section.
pub(super) type Lists = HashMap<SectionId, Vec<LessonId>>;

/// Where a lesson is to go.
#[derive(Debug, Clone)]
pub struct Placement {
    pub lesson: LessonId,
    pub from: SectionId,
    pub to: SectionId,
    /// Whether it becomes the first there, and not the last.
    pub first: bool,
}

/// Moves a lesson into another section, of its course or of another one, whatever is there. It keeps its id, and so
/// everyone's progress.
pub async fn place(tx: &mut PgConnection, _: &Admin, placement: Placement) -> Result<(), AppError> {
    let Placement { lesson, from, to, first } = placement;
    if from == to {
        return Err(AppError::invalid("section", "Choose another section."));
    }
    lock_sections(tx, &[from, to]).await?;
    let (mut source, mut target) = (lessons_of(tx, from).await?, lessons_of(tx, to).await?);
    if !source.contains(&lesson.0) {
        return Err(AppError::Conflict(Conflict::Stale(source)));
    }
    source.retain(|id| *id != lesson.0);
    target.insert(if first { 0 } else { target.len() }, lesson.0);
    write_lessons(tx, to, &target).await?;
    write_lessons(tx, from, &source).await
}

/// Moves a lesson of this course past the neighbour that was seen beside it.
pub async fn swap_lesson(tx: &mut PgConnection, _: &Admin, course: CourseId, step: Step) -> Result<(), AppError> {
    let section = sqlx::query_scalar!(
        "select l.section_id
        from lessons l
        join course_sections s on s.id = l.section_id
        where l.id = $1 and s.course_id = $2",
        step.row,
        course as CourseId
    )
    .fetch_one(&mut *tx)
    .await?;
    lock_sections(tx, &[section]).await?;
    let mut stored = lessons_of(tx, section).await?;
    swap(&mut stored, step)?;
    write_lessons(tx, section, &stored).await
}

/// Moves a section past the neighbour that was seen beside it.
pub async fn swap_section(tx: &mut PgConnection, _: &Admin, course: CourseId, step: Step) -> Result<(), AppError> {
    lock_course(tx, course).await?;
    let mut stored = sections_of(tx, course).await?;
    swap(&mut stored, step)?;
    write_sections(tx, &stored).await
}

/// Takes the turn to change a course's list of sections.
pub(super) async fn lock_course(tx: &mut PgConnection, course: CourseId) -> Result<(), AppError> {
    let found = sqlx::query!("select id from courses where id = $1 for no key update", course as CourseId)
        .fetch_optional(tx)
        .await?;
    found.map(|_| ()).ok_or(AppError::NotFound)
}

/// Takes the turn to change some sections' lists of lessons, in the order of ids, so that two editors who want the
/// same two never wait for each other. Returns their courses.
pub(super) async fn lock_sections(tx: &mut PgConnection, sections: &[SectionId]) -> Result<Vec<CourseId>, AppError> {
    let ids: HashSet<Uuid> = sections.iter().map(|section| section.0).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let courses = sqlx::query_scalar!(
        "select course_id from course_sections where id = any($1) order by id for no key update",
        &ids
    )
    .fetch_all(tx)
    .await?;
    if courses.len() == ids.len() { Ok(courses) } else { Err(AppError::NotFound) }
}

/// A course's sections in order. Their rows are locked in the order of ids, as whoever moves a lesson between two of
/// them does: else the two would wait for each other.
pub(super) async fn sections_of(tx: &mut PgConnection, course: CourseId) -> sqlx::Result<Vec<Uuid>> {
    let mut rows = sqlx::query!(
        r#"select id as "id: Uuid", "order" from course_sections where course_id = $1 order by id for no key update"#,
        course as CourseId
    )
    .fetch_all(tx)
    .await?;
    rows.sort_by_key(|row| row.order);
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn lessons_of(tx: &mut PgConnection, section: SectionId) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select id as "id: Uuid" from lessons where section_id = $1 order by "order""#,
        section as SectionId
    )
    .fetch_all(tx)
    .await
}

/// The lessons of some sections, in order: one statement.
pub(super) async fn lessons_of_all(tx: &mut PgConnection, sections: &[Uuid]) -> sqlx::Result<Lists> {
    let rows = sqlx::query!(
        r#"select id, section_id from lessons where section_id = any($1) order by section_id, "order""#,
        sections
    )
    .fetch_all(tx)
    .await?;
    let mut lists = Lists::new();
    for row in rows {
        lists.entry(row.section_id).or_default().push(row.id);
    }
    Ok(lists)
}

/// Gives a course's sections the places of this list, which names each.
pub(super) async fn write_sections(tx: &mut PgConnection, ids: &[Uuid]) -> Result<(), AppError> {
    sqlx::query!(
        r#"update course_sections s
        set "order" = wanted.position - 1
        from unnest($1::uuid[]) with ordinality as wanted (id, position)
        where s.id = wanted.id and s."order" <> wanted.position - 1"#,
        ids
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes some sections hold these lessons in this order: one statement.
pub(super) async fn write_lists(tx: &mut PgConnection, lists: &[(SectionId, Vec<LessonId>)]) -> Result<(), AppError> {
    let (mut lessons, mut sections, mut orders) = (Vec::new(), Vec::new(), Vec::new());
    for (section, list) in lists {
        for (order, lesson) in (0_i32..).zip(list) {
            lessons.push(lesson.0);
            sections.push(section.0);
            orders.push(order);
        }
    }
    if lessons.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"update lessons l
        set "order" = wanted.position, section_id = wanted.section_id
        from unnest($1::uuid[], $2::uuid[], $3::integer[]) as wanted (id, section_id, position)
        where l.id = wanted.id and (l."order" <> wanted.position or l.section_id <> wanted.section_id)"#,
        &lessons,
        &sections,
        &orders
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts these lessons into a section, in the places of this list.
pub(super) async fn write_lessons(tx: &mut PgConnection, section: SectionId, ids: &[Uuid]) -> Result<(), AppError> {
    sqlx::query!(
        r#"update lessons l
        set "order" = wanted.position - 1, section_id = $2
        from unnest($1::uuid[]) with ordinality as wanted (id, position)
        where l.id = wanted.id and (l."order" <> wanted.position - 1 or l.section_id <> $2)"#,
        ids,
        section as SectionId
    )
    .execute(tx)
    .await?;
    Ok(())
}

fn swap(ids: &mut [Uuid], step: Step) -> Result<(), AppError> {
    let neighbour = step.neighbour.ok_or_else(|| AppError::refused("It is at the end of its list already."))?;
    let pair = if step.up { [neighbour, step.row] } else { [step.row, neighbour] };
    match ids.windows(2).position(|stored| stored == pair) {
        Some(at) => {
            ids.swap(at, at + 1);
            Ok(())
        }
        None => Err(AppError::Conflict(Conflict::Stale(ids.to_vec()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u128]) -> Vec<Uuid> {
        numbers.iter().copied().map(Uuid::from_u128).collect()
    }

    #[test]
    fn a_swap_needs_the_neighbour_that_was_seen() {
        let mut stored = ids(&[1, 2, 3]);
        let (one, two, three) = (stored[0], stored[1], stored[2]);
        let mut step = |row, neighbour, up| swap(&mut stored, Step { row, neighbour, up });
        assert!(step(one, Some(three), false).is_err());
        assert!(step(three, Some(two), false).is_err());
        assert!(step(one, None, true).is_err());
        assert_eq!(step(three, Some(two), true), Ok(()));
        assert_eq!(stored, ids(&[1, 3, 2]));
    }
}
