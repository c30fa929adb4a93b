//! Drafts of lessons: what is typed and not saved yet, one a person.

use super::Db;
use crate::domain::draft::{Draft, OtherDraft};
use crate::domain::id::LessonId;
use crate::domain::lesson::LessonForm;
use crate::domain::time::Timestamp;
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;
use sqlx::types::Json;

/// Days after which somebody's draft is no sign that they are still at it.
const RECENT_DAYS: i32 = 7;

/// Keeps what somebody has typed. What the lesson was is kept with the first of it.
pub async fn put(
    tx: &mut PgConnection,
    admin: &Admin,
    lesson: LessonId,
    version: &str,
    form: &LessonForm,
) -> Result<(), AppError> {
    let done = sqlx::query!(
        "insert into lesson_drafts (lesson_id, user_id, form, version, base)
        select l.id, $2, $3, $4,
          case
            when md5(row(l.name, l.status, l.video_url, l.description, l.completes_by_watching)::text) = $4
              then coalesce(l.description, '')
          end
        from lessons l
        where l.id = $1
        on conflict (lesson_id, user_id) do update
        set form = excluded.form, version = excluded.version,
          base = case when lesson_drafts.version = excluded.version then lesson_drafts.base else excluded.base end",
        lesson as LessonId,
        admin.id.0,
        Json(form) as _,
        version
    )
    .execute(tx)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(AppError::NotFound) }
}

/// Forgets somebody's draft of a lesson: it was saved, or is not wanted.
pub async fn discard(tx: &mut PgConnection, admin: &Admin, lesson: LessonId) -> Result<(), AppError> {
    sqlx::query!("delete from lesson_drafts where lesson_id = $1 and user_id = $2", lesson as LessonId, admin.id.0)
        .execute(tx)
        .await?;
    Ok(())
}

/// Somebody's own draft, and what the lesson's text was when it was begun, where that is known.
pub struct Own {
    pub draft: Draft,
    pub base: Option<String>,
}

pub async fn own(db: &Db, admin: &Admin, lesson: LessonId) -> sqlx::Result<Option<Own>> {
    let row = sqlx::query!(
        r#"select form as "form: Json<LessonForm>", version, base, updated_at
        from lesson_drafts
        where lesson_id = $1 and user_id = $2"#,
        lesson as LessonId,
        admin.id.0
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| Own {
        draft: Draft { form: row.form.0, version: row.version, at: row.updated_at.into() },
        base: row.base,
    }))
}

/// Who else has a draft of a lesson, whoever wrote last first.
pub async fn others(db: &Db, admin: &Admin, lesson: LessonId) -> sqlx::Result<Vec<OtherDraft>> {
    let rows = sqlx::query!(
        "select u.name, d.updated_at
        from lesson_drafts d
        join users u on u.id = d.user_id
        where d.lesson_id = $1 and d.user_id <> $2 and d.updated_at > now() - make_interval(days => $3)
        order by d.updated_at desc
        limit 5",
        lesson as LessonId,
        admin.id.0,
        RECENT_DAYS
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(|row| OtherDraft { by: row.name, at: row.updated_at.into() }).collect())
}

/// Who saved a lesson last, where that is known, and when.
pub async fn last_saved(db: &Db, _: &Admin, lesson: LessonId) -> sqlx::Result<(Option<String>, Option<Timestamp>)> {
    let row = sqlx::query!(
        r#"select u.name as "by?", v.created_at
        from lesson_versions v
        left join users u on u.id = v.author_id
        where v.lesson_id = $1
        order by v.created_at desc
        limit 1"#,
        lesson as LessonId
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map_or((None, None), |row| (row.by, Some(row.created_at.into()))))
}
