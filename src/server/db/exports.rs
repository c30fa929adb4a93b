use super::Db;
use crate::domain::file::FileKind;
use crate::domain::id::{CourseId, FileId, LessonId, SectionId};
use crate::server::export::{Course, File, Lesson, Section};
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
struct FileRow {
    id: FileId,
    kind: FileKind,
    name: String,
    bytes: i64,
}

/// The ids of the courses that an author may mean: by id, or by title.
pub async fn named(db: &Db, text: &str) -> sqlx::Result<Vec<CourseId>> {
    let id = Uuid::parse_str(text).ok();
    sqlx::query_scalar!(
        r#"select id as "id: CourseId" from courses where id = $1 or title = $2 order by created_at, id"#,
        id,
        text
    )
    .fetch_all(db.pool())
    .await
}

/// A course with all that is its author's, as of one moment.
pub async fn course(db: &Db, id: CourseId) -> sqlx::Result<Option<Course>> {
    read(db.pool(), id).await
}

/// The same on a connection of one's own: one statement.
pub(super) async fn read(on: impl sqlx::PgExecutor<'_>, id: CourseId) -> sqlx::Result<Option<Course>> {
    let rows = sqlx::query!(
        r#"select c.title, c.description, s.id as "section_id?: SectionId", s.name as "section_name?",
          s.status as "section_status?: crate::domain::section::SectionStatus",
          l.id as "id?: LessonId", l.name as "name?", l.status as "status?: crate::domain::lesson::LessonStatus",
          l.description as markdown, l.video_url, l.completes_by_watching as "completes_by_watching?",
          (
            select json_agg(json_build_object('id', f.id, 'kind', f.kind, 'name', f.name, 'bytes', f.bytes) order by f.name)
            from lesson_files f
            where f.lesson_id = l.id
          ) as "files: Json<Vec<FileRow>>",
          (
            select json_agg(json_build_array(t.language, t.vtt) order by t.language)
            from lesson_captions t
            where t.lesson_id = l.id
          ) as "captions: Json<Vec<(String, String)>>"
        from courses c
        left join course_sections s on s.course_id = c.id
        left join lessons l on l.section_id = s.id
        where c.id = $1
        order by s."order", l."order""#,
        id as CourseId
    )
    .fetch_all(on)
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let (title, description) = (first.title.clone(), first.description.clone());
    let mut sections: Vec<Section> = Vec::new();
    for row in rows {
        let (Some(section), Some(section_name), Some(section_status)) =
            (row.section_id, row.section_name, row.section_status)
        else {
            continue;
        };
        if sections.last().is_none_or(|last| last.id != section) {
            sections.push(Section { id: section, name: section_name, status: section_status, lessons: Vec::new() });
        }
        let (Some(id), Some(name), Some(status), Some(last)) = (row.id, row.name, row.status, sections.last_mut())
        else {
            continue;
        };
        let files = row.files.map(|files| files.0).unwrap_or_default();
        last.lessons.push(Lesson {
            id,
            name,
            status,
            markdown: row.markdown,
            video_url: row.video_url,
            completes_by_watching: row.completes_by_watching.unwrap_or(true),
            files: files.into_iter().map(|FileRow { id, kind, name, bytes }| File { id, kind, name, bytes }).collect(),
            captions: row.captions.map(|captions| captions.0).unwrap_or_default(),
        });
    }
    Ok(Some(Course { id, title, description, sections }))
}
