//! Drafts of lessons: what is typed and not saved yet, one a person.

use super::Db;
use crate::domain::draft::{Draft, DraftMark, OtherDraft};
use crate::domain::id::LessonId;
use crate::domain::lesson::LessonForm;
use crate::domain::time::Timestamp;
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;
use sqlx::types::Json;

/// Days after which somebody's draft is no sign that they are still at it.
const RECENT_DAYS: i32 = 7;

/// Keeps what somebody has typed, and answers which revision that is. What the lesson was is kept with the first of it.
/// Refused where there is a draft that another hand of theirs wrote and this one has not seen.
pub async fn put(
    tx: &mut PgConnection,
    admin: &Admin,
    lesson: LessonId,
    version: &str,
    mark: &DraftMark,
    form: &LessonForm,
) -> Result<i64, AppError> {
    let kept = sqlx::query_scalar!(
        "insert into lesson_drafts as d (lesson_id, user_id, form, version, hand, base)
        select l.id, $2, $3, $4, $5,
          case
            when md5(row(l.name, l.status, l.video_url, l.description, l.completes_by_watching)::text) = $4
              then coalesce(l.description, '')
          end
        from lessons l
        where l.id = $1
        on conflict (lesson_id, user_id) do update
        set form = excluded.form, version = excluded.version, hand = excluded.hand, revision = excluded.revision,
          base = case when d.version = excluded.version then d.base else excluded.base end
        where d.hand = $5 or d.revision <= $6
        returning revision",
        lesson as LessonId,
        admin.id.0,
        Json(form) as _,
        version,
        mark.hand,
        mark.seen
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(revision) = kept {
        return Ok(revision);
    }
    let there =
        sqlx::query_scalar!(r#"select exists (select from lessons where id = $1) as "there!""#, lesson as LessonId);
    match there.fetch_one(tx).await? {
        true => Err(AppError::refused("You wrote this in another tab or on another device, too.")),
        false => Err(AppError::NotFound),
    }
}

/// Forgets somebody's draft of a lesson, which was saved or is not wanted, as far as a hand knows of it.
pub async fn discard(tx: &mut PgConnection, admin: &Admin, lesson: LessonId, mark: &DraftMark) -> Result<(), AppError> {
    sqlx::query!(
        "delete from lesson_drafts where lesson_id = $1 and user_id = $2 and (hand = $3 or revision <= $4)",
        lesson as LessonId,
        admin.id.0,
        mark.hand,
        mark.seen
    )
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
        r#"select form as "form: Json<LessonForm>", version, base, updated_at, hand, revision
        from lesson_drafts
        where lesson_id = $1 and user_id = $2"#,
        lesson as LessonId,
        admin.id.0
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| Own {
        draft: Draft {
            form: row.form.0,
            version: row.version,
            at: row.updated_at.into(),
            hand: row.hand,
            revision: row.revision,
        },
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
