use super::{Db, order, positions, versions};
use crate::domain::access::Standing;
use crate::domain::file::LessonFile;
use crate::domain::id::{CaptionsId, CourseId, LessonId, SectionId};
use crate::domain::lesson::{Lesson, LessonFields, LessonMove, LessonStatus};
use crate::domain::section::SectionStatus;
use crate::error::{AppError, Conflict};
use crate::server::auth::{Admin, Viewer};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

/// A lesson with everything that decides who may open it. It is not for a viewer's eyes before the rule was asked.
pub struct Stored {
    pub name: String,
    pub status: LessonStatus,
    pub section_status: SectionStatus,
    pub standing: Standing,
    pub markdown: Option<String>,
    pub video_url: Option<String>,
    /// Addresses of videos in its course that may be streams.
    pub streams: Vec<String>,
    pub updated_at: DateTime<Utc>,
    pub completed: bool,
    /// Where its video was left, in seconds.
    pub position: Option<i32>,
    /// How far its text was read, in thousandths.
    pub read: Option<i32>,
    /// The viewer's own notes.
    pub note: Option<String>,
    /// What was uploaded to it.
    pub files: Vec<LessonFile>,
    /// Captions by id: language, and when they were last changed.
    pub captions: Vec<(CaptionsId, String, DateTime<Utc>)>,
}

/// A lesson of this course, and how the viewer stands to it: one statement.
pub async fn stored(db: &Db, course: CourseId, id: LessonId, viewer: &Viewer) -> sqlx::Result<Option<Stored>> {
    let row = sqlx::query!(
        r#"select l.name, l.status, l.description, l.video_url, l.updated_at, s.status as section_status,
          exists (select from user_course_access a where a.course_id = s.course_id and a.user_id = $3) as "entitled!",
          exists (
            select
            from course_products cp
            join products p on p.id = cp.product_id
            where cp.course_id = s.course_id and p.status = 'public'
          ) as "sold!",
          exists (select from user_lesson_complete u where u.lesson_id = l.id and u.user_id = $3) as "completed!",
          p.seconds as "position?", p.read as "read?",
          array(
            select v.video_url
            from lessons v
            join course_sections w on w.id = v.section_id
            where w.course_id = s.course_id and v.video_url ilike '%.m3u8%'
          ) as "streams!: Vec<String>",
          (select n.body from lesson_notes n where n.lesson_id = l.id and n.user_id = $3) as note,
          (
            select json_agg(json_build_object('id', f.id, 'kind', f.kind, 'name', f.name, 'bytes', f.bytes) order by f.name)
            from lesson_files f
            where f.lesson_id = l.id
          ) as "files: Json<Vec<LessonFile>>",
          (
            select json_agg(json_build_array(t.id, t.language, t.updated_at) order by t.created_at, t.id)
            from lesson_captions t
            where t.lesson_id = l.id
          ) as "captions: Json<Vec<(CaptionsId, String, DateTime<Utc>)>>"
        from lessons l
        join course_sections s on s.id = l.section_id
        left join lesson_positions p on p.lesson_id = l.id and p.user_id = $3
        where l.id = $1 and s.course_id = $2"#,
        id as LessonId,
        course as CourseId,
        viewer.id().map(|user| user.0)
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| Stored {
        name: row.name,
        status: row.status,
        section_status: row.section_status,
        standing: viewer.standing(row.entitled, row.sold),
        markdown: row.description,
        video_url: row.video_url,
        streams: row.streams,
        updated_at: row.updated_at,
        completed: row.completed,
        position: row.position,
        read: row.read,
        note: row.note,
        files: row.files.map(|files| files.0).unwrap_or_default(),
        captions: row.captions.map(|captions| captions.0).unwrap_or_default(),
    }))
}

pub async fn get(db: &Db, _: &Admin, id: LessonId) -> sqlx::Result<Option<Lesson>> {
    let row = sqlx::query!(
        r#"select s.course_id, c.title as course_title, l.section_id, s.name as section_name, l.name, l.status,
          l.video_url, l.description, l.completes_by_watching, md5(row(l.name, l.status, l.video_url, l.description, l.completes_by_watching)::text) as "version!",
          (
            select json_agg(json_build_object('id', f.id, 'kind', f.kind, 'name', f.name, 'bytes', f.bytes) order by f.kind, f.name)
            from lesson_files f
            where f.lesson_id = l.id
          ) as "files: Json<Vec<LessonFile>>",
          (
            select json_agg(json_build_array(t.id, t.language) order by t.created_at, t.id)
            from lesson_captions t
            where t.lesson_id = l.id
          ) as "captions: Json<Vec<(CaptionsId, String)>>"
        from lessons l
        join course_sections s on s.id = l.section_id
        join courses c on c.id = s.course_id
        where l.id = $1"#,
        id as LessonId
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| Lesson {
        course_id: row.course_id,
        course_title: row.course_title,
        section_id: row.section_id,
        section_name: row.section_name,
        name: row.name,
        status: row.status,
        video_url: row.video_url,
        completes_by_watching: row.completes_by_watching,
        markdown: row.description,
        files: row.files.map(|files| files.0).unwrap_or_default(),
        captions: row.captions.map(|captions| captions.0).unwrap_or_default(),
        version: row.version,
    }))
}

/// Appends a lesson to its section.
pub async fn create(
    tx: &mut PgConnection,
    admin: &Admin,
    section: SectionId,
    fields: LessonFields,
) -> Result<LessonId, AppError> {
    order::lock_sections(tx, &[section]).await?;
    let id = sqlx::query_scalar!(
        r#"insert into lessons (section_id, name, description, video_url, status, completes_by_watching, "order")
        values ($1, $2, $3, $4, $5, $6, (select count(*) from lessons where section_id = $1))
        returning id"#,
        section as SectionId,
        fields.name,
        fields.markdown,
        fields.video_url,
        fields.status as LessonStatus,
        fields.completes_by_watching
    )
    .fetch_one(&mut *tx)
    .await?;
    versions::note(tx, admin, id, Some(admin.id)).await?;
    Ok(id)
}

/// Saves a lesson if it still is what was edited. The version is made of what the form edits, so that moving a
/// lesson meanwhile is no conflict.
pub async fn update(
    tx: &mut PgConnection,
    admin: &Admin,
    id: LessonId,
    version: &str,
    fields: LessonFields,
) -> Result<String, AppError> {
    let stored = sqlx::query!(
        r#"select video_url, md5(row(name, status, video_url, description, completes_by_watching)::text) as "version!"
        from lessons
        where id = $1
        for no key update"#,
        id as LessonId
    )
    .fetch_one(&mut *tx)
    .await?;
    if stored.version != version {
        return Err(AppError::Conflict(Conflict::Edited));
    }
    // What it was before states were noted, or was imported as.
    versions::note(tx, admin, id, None).await?;
    if stored.video_url != fields.video_url {
        positions::forget_played(tx, admin, id).await?;
    }
    let version = sqlx::query_scalar!(
        r#"update lessons
        set name = $2, description = $3, video_url = $4, status = $5, completes_by_watching = $6
        where id = $1
        returning md5(row(name, status, video_url, description, completes_by_watching)::text) as "version!""#,
        id as LessonId,
        fields.name,
        fields.markdown,
        fields.video_url,
        fields.status as LessonStatus,
        fields.completes_by_watching
    )
    .fetch_one(&mut *tx)
    .await?;
    versions::note(tx, admin, id, Some(admin.id)).await?;
    Ok(version)
}

/// A lesson's place, and the sections of every course.
pub async fn places(db: &Db, _: &Admin, id: LessonId) -> sqlx::Result<Option<LessonMove>> {
    let rows = sqlx::query!(
        r#"select l.name, l.section_id, s.course_id, c.title, o.id as other_id, o.name as other_name,
          row_number() over (partition by c.id order by o."order") = 1 as "begins!"
        from lessons l
        join course_sections s on s.id = l.section_id
        cross join courses c
        join course_sections o on o.course_id = c.id
        where l.id = $1
        order by c.id <> s.course_id, lower(c.title), c.id, o."order""#,
        id as LessonId
    )
    .fetch_all(db.pool())
    .await?;
    let mut places: Option<LessonMove> = None;
    for row in rows {
        let places = places.get_or_insert_with(|| LessonMove {
            course_id: row.course_id,
            name: row.name,
            section_id: row.section_id,
            courses: Vec::new(),
        });
        if row.begins {
            places.courses.push((row.title, Vec::new()));
        }
        if let Some((_, sections)) = places.courses.last_mut() {
            sections.push((row.other_id, row.other_name));
        }
    }
    Ok(places)
}

/// The course that a lesson is in, and its name.
pub async fn course_of(db: &Db, _: &Admin, id: LessonId) -> sqlx::Result<Option<(CourseId, String)>> {
    let row = sqlx::query!(
        "select s.course_id, l.name from lessons l join course_sections s on s.id = l.section_id where l.id = $1",
        id as LessonId
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| (row.course_id, row.name)))
}
