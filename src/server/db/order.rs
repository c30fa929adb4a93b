//! The order of sections in a course and of lessons in a section: dense from 0, unique in each parent.
//!
//! Every write here first locks the parent's row, so that two editors take turns and the second one compares what
//! it saw with what the first one left.

use crate::domain::id::{CourseId, LessonId, SectionId};
use crate::domain::step::Step;
use crate::error::{AppError, Conflict};
use crate::server::auth::Admin;
use sqlx::PgConnection;
use std::collections::HashSet;
use uuid::Uuid;

/// Puts a course's sections into the wanted order, if they are still in the order seen.
pub async fn sections(
    tx: &mut PgConnection,
    _: &Admin,
    course: CourseId,
    seen: &[SectionId],
    wanted: &[SectionId],
) -> Result<(), AppError> {
    lock_course(tx, course).await?;
    let stored = sections_of(tx, course).await?;
    let wanted = permutation(&stored, &uuids(seen, |id| id.0), uuids(wanted, |id| id.0))?;
    write_sections(tx, &wanted).await
}

/// Puts a section's lessons into the wanted order, if they are still in the order seen.
pub async fn lessons(
    tx: &mut PgConnection,
    _: &Admin,
    section: SectionId,
    seen: &[LessonId],
    wanted: &[LessonId],
) -> Result<(), AppError> {
    lock_sections(tx, &[section]).await?;
    let stored = lessons_of(tx, section).await?;
    let wanted = permutation(&stored, &uuids(seen, |id| id.0), uuids(wanted, |id| id.0))?;
    write_lessons(tx, section, &wanted).await
}

/// Where a lesson is to go.
#[derive(Debug, Clone)]
pub struct Placement {
    pub lesson: LessonId,
    pub from: SectionId,
    pub to: SectionId,
    /// Position in `to`, from 0; past its end means at the end.
    pub index: usize,
    /// The lessons of `to` as they were seen; none where the move is meant whatever is there.
    pub seen: Option<Vec<LessonId>>,
}

/// Moves a lesson into another section of the same course. It keeps its id, and so everyone's progress.
pub async fn place(tx: &mut PgConnection, _: &Admin, placement: Placement) -> Result<(), AppError> {
    let Placement { lesson, from, to, index, seen } = placement;
    let courses = lock_sections(tx, &[from, to]).await?;
    if from == to || courses.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(AppError::invalid("section", "Choose another section of the same course."));
    }
    let (mut source, mut target) = (lessons_of(tx, from).await?, lessons_of(tx, to).await?);
    if !source.contains(&lesson.0) {
        return Err(AppError::Conflict(Conflict::Stale(source)));
    }
    if seen.is_some_and(|seen| uuids(&seen, |id| id.0) != target) {
        return Err(AppError::Conflict(Conflict::Stale(target)));
    }
    source.retain(|id| *id != lesson.0);
    target.insert(index.min(target.len()), lesson.0);
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

/// Closes the gap that a deleted section left.
pub(super) async fn close_sections(tx: &mut PgConnection, course: CourseId) -> Result<(), AppError> {
    let stored = sections_of(tx, course).await?;
    write_sections(tx, &stored).await
}

/// Closes the gap that a deleted lesson left.
pub(super) async fn close_lessons(tx: &mut PgConnection, section: SectionId) -> Result<(), AppError> {
    let stored = lessons_of(tx, section).await?;
    write_lessons(tx, section, &stored).await
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

fn uuids<T: Copy>(ids: &[T], uuid: impl Fn(T) -> Uuid) -> Vec<Uuid> {
    ids.iter().copied().map(uuid).collect()
}

/// The wanted list, where the stored one is what was seen and the wanted one holds the same ids, each once.
fn permutation(stored: &[Uuid], seen: &[Uuid], wanted: Vec<Uuid>) -> Result<Vec<Uuid>, AppError> {
    if stored != seen {
        return Err(AppError::Conflict(Conflict::Stale(stored.to_vec())));
    }
    let unique: HashSet<&Uuid> = wanted.iter().collect();
    if wanted.len() != stored.len() || unique.len() != stored.len() || !stored.iter().all(|id| unique.contains(id)) {
        return Err(AppError::invalid("order", "The order must name every row once, and no other."));
    }
    Ok(wanted)
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
    fn a_wanted_order_must_be_the_same_ids_once_each() {
        let stored = ids(&[1, 2, 3]);
        assert_eq!(permutation(&stored, &stored, ids(&[3, 1, 2])), Ok(ids(&[3, 1, 2])));
        for wrong in [ids(&[1, 2]), ids(&[1, 2, 2]), ids(&[1, 2, 4]), ids(&[1, 2, 3, 3]), ids(&[])] {
            assert!(matches!(permutation(&stored, &stored, wrong), Err(AppError::Invalid(_))));
        }
        let stale = permutation(&stored, &ids(&[2, 1, 3]), ids(&[3, 1, 2]));
        assert_eq!(stale, Err(AppError::Conflict(Conflict::Stale(stored))));
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
