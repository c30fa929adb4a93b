//! A plan, written into its course.

use super::deletions::Gone;
use super::files::{self, NewFile};
use super::{Db, captions, deletions, exports, imports, order, positions, versions};
use crate::domain::id::{CourseId, FileId, LessonId, SectionId};
use crate::domain::lesson::LessonStatus;
use crate::domain::section::SectionStatus;
use crate::error::AppError;
use crate::server::auth::Author;
use crate::server::updating::{Plan, PlannedLesson, PlannedSection};
use sqlx::PgConnection;
use uuid::Uuid;

/// Learners' completions of a course's lessons, of those that have any.
pub async fn completions(db: &Db, course: CourseId) -> sqlx::Result<Vec<(LessonId, i64)>> {
    let rows = sqlx::query!(
        r#"select u.lesson_id as "lesson_id: LessonId", count(*) as "completions!"
        from user_lesson_complete u
        join lessons l on l.id = u.lesson_id
        join course_sections s on s.id = l.section_id
        where s.course_id = $1
        group by u.lesson_id"#,
        course as CourseId
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(|row| (row.lesson_id, row.completions)).collect())
}

/// Writes a plan with the files that were brought for it; returns those that go. Nothing is written where the course
/// is no longer what the plan was made on: all of it is locked and read again first.
pub async fn apply(
    tx: &mut PgConnection,
    author: &Author,
    plan: &Plan,
    brought: &[NewFile],
) -> Result<Vec<FileId>, AppError> {
    let course = plan.on.id;
    lock(tx, course).await?;
    if exports::read(&mut *tx, course).await?.as_ref() != Some(&plan.on) {
        return Err(AppError::refused(
            "Somebody changed this course meanwhile, so nothing was brought in. Look at the changes again.",
        ));
    }
    let new: Vec<Uuid> = plan.new_ids().collect();
    if imports::any_known(tx, &new).await? {
        return Err(AppError::refused(
            "lectern.toml gives something new an id that something of another course has, or that was deleted and can \
            still be restored. Restore it first, or take those ids out.",
        ));
    }
    sqlx::query!(
        "update courses set title = $2, description = $3 where id = $1 and (title, description) <> ($2, $3)",
        course as CourseId,
        plan.title,
        plan.description
    )
    .execute(&mut *tx)
    .await?;
    for section in &plan.sections {
        put_section(tx, course, section).await?;
    }
    for lesson in &plan.lessons {
        put_lesson(tx, author, lesson).await?;
    }
    for section in &plan.sections {
        order::write_lessons(tx, section.id, &uuids(&section.lessons, |id| id.0)).await?;
    }
    clear(tx, author, plan).await?;
    let mut gone = Vec::new();
    gone.extend(plan.lessons.iter().flat_map(|lesson| &lesson.pieces.drop));
    order::write_sections(tx, &uuids(&plan.sections, |section| section.id.0)).await?;
    for file in brought {
        files::add(tx, file).await?;
    }
    Ok(gone)
}

/// Takes every turn there is to change something of a course, in the order in which editors take theirs.
async fn lock(tx: &mut PgConnection, course: CourseId) -> Result<(), AppError> {
    order::lock_course(tx, course).await?;
    order::sections_of(tx, course).await?;
    // Files and captions hang on their lesson by a key: whoever adds one waits here, too.
    sqlx::query!(
        "select l.id
        from lessons l
        join course_sections s on s.id = l.section_id
        where s.course_id = $1
        order by l.id
        for update of l",
        course as CourseId
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

async fn put_section(tx: &mut PgConnection, course: CourseId, section: &PlannedSection) -> Result<(), AppError> {
    // Its place is given to it with the others'.
    sqlx::query!(
        r#"insert into course_sections as s (id, course_id, name, status, "order") values ($1, $2, $3, $4, 0)
        on conflict (id) do update
        set name = excluded.name, status = excluded.status
        where (s.name, s.status) <> (excluded.name, excluded.status)"#,
        section.id as SectionId,
        course as CourseId,
        section.fields.name,
        section.fields.status as SectionStatus
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn put_lesson(tx: &mut PgConnection, author: &Author, lesson: &PlannedLesson) -> Result<(), AppError> {
    let (id, fields, pieces) = (lesson.id, &lesson.fields, &lesson.pieces);
    if !lesson.is_new {
        // What it was before states were noted, or was imported as.
        versions::note_by(tx, id, None).await?;
    }
    // Its place is given to it with the others'.
    sqlx::query!(
        r#"insert into lessons (id, section_id, name, description, video_url, status, completes_by_watching, "order")
        values ($1, $2, $3, $4, $5, $6, $7, 0)
        on conflict (id) do update
        set name = excluded.name, description = excluded.description, video_url = excluded.video_url,
          status = excluded.status, completes_by_watching = excluded.completes_by_watching"#,
        id as LessonId,
        lesson.section as SectionId,
        fields.name,
        fields.markdown,
        fields.video_url,
        fields.status as LessonStatus,
        fields.completes_by_watching
    )
    .execute(&mut *tx)
    .await?;
    versions::note_by(tx, id, author.id()).await?;
    if lesson.other_video {
        positions::forget_played_of(tx, id).await?;
    }
    for (language, vtt) in &pieces.captions {
        captions::put_for(tx, id, language, vtt).await?;
    }
    sqlx::query!(
        "delete from lesson_captions where lesson_id = $1 and language = any($2)",
        id as LessonId,
        &pieces.drop_captions
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from lesson_files where lesson_id = $1 and id = any($2)",
        id as LessonId,
        &uuids(&pieces.drop, |file| file.0)
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Deletes what goes, lessons that moved elsewhere being elsewhere by now. It can be restored for a day, its files too.
async fn clear(tx: &mut PgConnection, author: &Author, plan: &Plan) -> Result<(), AppError> {
    if plan.gone_lessons.is_empty() && plan.gone_sections.is_empty() {
        return Ok(());
    }
    let gone = Gone { sections: &plan.gone_sections, lessons: &plan.gone_lessons };
    deletions::set_aside(tx, plan.on.id, deletions::fresh(), author.id(), &gone).await
}

fn uuids<T>(items: &[T], uuid: impl Fn(&T) -> Uuid) -> Vec<Uuid> {
    items.iter().map(uuid).collect()
}
