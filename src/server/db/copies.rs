//! Copies of what an author wrote: a lesson, a section, a course. What learners did on the original stays with that.

use super::{Db, order, versions};
use crate::domain::id::{CourseId, FileId, LessonId, SectionId};
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;
use uuid::Uuid;

/// What is added to the name of a copy.
const COPY: &str = " (copy)";

/// What is copied.
#[derive(Debug, Clone, Copy)]
pub enum Original {
    Course(CourseId),
    Section(SectionId),
    Lesson(LessonId),
}

/// Rows with the ids that their copies get.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    sections: Vec<(Uuid, Uuid)>,
    lessons: Vec<(Uuid, Uuid)>,
    pub files: Vec<(FileId, FileId)>,
}

/// What belongs to an original, with fresh ids.
pub async fn plan(db: &Db, _: &Admin, of: Original) -> sqlx::Result<Plan> {
    let (course, section, lesson) = match of {
        Original::Course(id) => (Some(id.0), None, None),
        Original::Section(id) => (None, Some(id.0), None),
        Original::Lesson(id) => (None, None, Some(id.0)),
    };
    let rows = sqlx::query!(
        r#"select s.id as "section: Uuid", l.id as "lesson?: Uuid", f.id as "file?: FileId"
        from course_sections s
        left join lessons l on l.section_id = s.id
        left join lesson_files f on f.lesson_id = l.id
        where s.course_id = $1 or s.id = $2 or l.id = $3
        order by s."order", l."order""#,
        course,
        section,
        lesson
    )
    .fetch_all(db.pool())
    .await?;
    let mut plan = Plan::default();
    for row in rows {
        if lesson.is_none() && plan.sections.last().is_none_or(|(last, _)| *last != row.section) {
            plan.sections.push((row.section, Uuid::new_v4()));
        }
        if let Some(id) = row.lesson.filter(|id| plan.lessons.last().is_none_or(|(last, _)| last != id)) {
            plan.lessons.push((id, Uuid::new_v4()));
        }
        plan.files.extend(row.file.map(|file| (file, FileId(Uuid::new_v4()))));
    }
    Ok(plan)
}

/// Writes the copies of a plan whose files are in the store; returns the course that they are in. A lesson's copy is a
/// draft behind it, a section's is private behind it, and a course's is in no product.
pub async fn write(tx: &mut PgConnection, admin: &Admin, of: Original, plan: &Plan) -> Result<CourseId, AppError> {
    let course = match of {
        Original::Course(id) => course(tx, id, plan).await?,
        Original::Section(id) => section(tx, id, plan).await?,
        Original::Lesson(id) => lesson(tx, id, plan).await?,
    };
    for (_, copy) in &plan.lessons {
        versions::note(tx, admin, LessonId(*copy), Some(admin.id)).await?;
    }
    Ok(course)
}

async fn course(tx: &mut PgConnection, id: CourseId, plan: &Plan) -> Result<CourseId, AppError> {
    let copy = sqlx::query_scalar!(
        "insert into courses (title, description)
        select left(title, 200 - length($2)) || $2, description from courses where id = $1
        returning id",
        id as CourseId,
        COPY
    )
    .fetch_one(&mut *tx)
    .await?;
    let (from, to) = unzip(&plan.sections);
    sqlx::query!(
        r#"insert into course_sections (id, course_id, name, status, "order")
        select m.copy, $3, s.name, s.status, m.position - 1
        from unnest($1::uuid[], $2::uuid[]) with ordinality as m (original, copy, position)
        join course_sections s on s.id = m.original"#,
        &from,
        &to,
        copy as CourseId
    )
    .execute(&mut *tx)
    .await?;
    lessons(tx, plan, "").await?;
    Ok(copy)
}

async fn section(tx: &mut PgConnection, id: SectionId, plan: &Plan) -> Result<CourseId, AppError> {
    let course = sqlx::query_scalar!("select course_id from course_sections where id = $1", id as SectionId)
        .fetch_one(&mut *tx)
        .await?;
    order::lock_course(tx, course).await?;
    let mut ids = order::sections_of(tx, course).await?;
    let at = ids.iter().position(|other| *other == id.0).ok_or(AppError::NotFound)?;
    let copy = plan.sections.first().map(|(_, copy)| *copy).ok_or(AppError::NotFound)?;
    sqlx::query!(
        r#"insert into course_sections (id, course_id, name, status, "order")
        select $2, course_id, left(name, 200 - length($3)) || $3, 'private', $4 from course_sections where id = $1"#,
        id as SectionId,
        copy,
        COPY,
        i32::try_from(ids.len()).unwrap_or(i32::MAX)
    )
    .execute(&mut *tx)
    .await?;
    lessons(tx, plan, "").await?;
    ids.insert(at + 1, copy);
    order::write_sections(tx, &ids).await?;
    Ok(course)
}

async fn lesson(tx: &mut PgConnection, id: LessonId, plan: &Plan) -> Result<CourseId, AppError> {
    let section =
        sqlx::query_scalar!("select section_id from lessons where id = $1", id as LessonId).fetch_one(&mut *tx).await?;
    let courses = order::lock_sections(tx, &[section]).await?;
    let mut lists = order::lessons_of_all(tx, &[section.0]).await?;
    let ids = lists.entry(section).or_default();
    let at = ids.iter().position(|other| *other == id).ok_or(AppError::NotFound)?;
    let copy = plan.lessons.first().map(|(_, copy)| LessonId(*copy)).ok_or(AppError::NotFound)?;
    lessons(tx, plan, COPY).await?;
    sqlx::query!(
        r#"update lessons set status = 'private', "order" = $2 where id = $1"#,
        copy as LessonId,
        i32::try_from(ids.len()).unwrap_or(i32::MAX)
    )
    .execute(&mut *tx)
    .await?;
    ids.insert(at + 1, copy);
    order::write_lists(tx, &lists.into_iter().collect::<Vec<_>>()).await?;
    courses.first().copied().ok_or(AppError::NotFound)
}

/// Lessons with captions and files, into the copies of their sections, or into their own.
async fn lessons(tx: &mut PgConnection, plan: &Plan, suffix: &str) -> Result<(), AppError> {
    let ((from, to), (sections, copies)) = (unzip(&plan.lessons), unzip(&plan.sections));
    sqlx::query!(
        r#"insert into lessons (id, section_id, name, description, status, video_url, completes_by_watching, "order")
        select m.copy, coalesce(s.copy, l.section_id), left(l.name, 200 - length($5)) || $5, l.description, l.status,
          l.video_url, l.completes_by_watching, l."order"
        from unnest($1::uuid[], $2::uuid[]) as m (original, copy)
        join lessons l on l.id = m.original
        left join unnest($3::uuid[], $4::uuid[]) as s (original, copy) on s.original = l.section_id"#,
        &from,
        &to,
        &sections,
        &copies,
        suffix
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into lesson_captions (lesson_id, language, vtt)
        select m.copy, c.language, c.vtt
        from unnest($1::uuid[], $2::uuid[]) as m (original, copy)
        join lesson_captions c on c.lesson_id = m.original
        order by c.created_at, c.id",
        &from,
        &to
    )
    .execute(&mut *tx)
    .await?;
    let originals: Vec<Uuid> = plan.files.iter().map(|(original, _)| original.0).collect();
    let fresh: Vec<Uuid> = plan.files.iter().map(|(_, copy)| copy.0).collect();
    let copied = sqlx::query!(
        "insert into lesson_files (id, lesson_id, kind, name, content_type, bytes)
        select m.copy, l.copy, f.kind, f.name, f.content_type, f.bytes
        from unnest($1::uuid[], $2::uuid[]) as m (original, copy)
        join lesson_files f on f.id = m.original
        join unnest($3::uuid[], $4::uuid[]) as l (original, copy) on l.original = f.lesson_id",
        &originals,
        &fresh,
        &from,
        &to
    )
    .execute(tx)
    .await?;
    // What was deleted or moved since the plan was made makes it another one.
    if copied.rows_affected() == plan.files.len() as u64 {
        Ok(())
    } else {
        Err(AppError::refused("This changed while it was being copied. Try again."))
    }
}

fn unzip(pairs: &[(Uuid, Uuid)]) -> (Vec<Uuid>, Vec<Uuid>) {
    pairs.iter().copied().unzip()
}
