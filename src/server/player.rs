//! Courses and lessons as a learner sees them.

use super::auth::{SignedIn, Viewer};
use super::context::AppState;
use super::db;
use super::db::positions::Left;
use super::files::address;
use crate::domain::access::LessonAccess;
use crate::domain::captions::{self, Cue};
use crate::domain::course::MyCourse;
use crate::domain::file::{FileKind, LessonFile, size};
use crate::domain::id::{CaptionsId, CourseId, LessonId};
use crate::domain::language;
use crate::domain::lesson::{Captions, LessonPage};
use crate::domain::outline::Outline;
use crate::domain::video::{Video, clock, is_stream};
use crate::error::AppError;
use chrono::{DateTime, Utc};

/// Most bytes of transcripts in a page: what is said in further languages is left out of a page that would be larger.
const TRANSCRIPTS_MAX: usize = 256 << 10;

pub async fn my_courses(state: &AppState, learner: SignedIn) -> Result<Vec<MyCourse>, AppError> {
    let courses = db::courses::of_user(&state.db, learner.id).await?;
    let outlines = db::outlines::load(&state.db, &courses, &Viewer::SignedIn(learner)).await?;
    let card = |outline: &Outline| MyCourse {
        id: outline.course_id,
        title: outline.title.clone(),
        description: outline.description.clone(),
        progress: outline.progress(),
        continue_at: outline.continue_at().map(|lesson| lesson.id),
        started: outline.lessons().any(|lesson| lesson.completed),
    };
    Ok(outlines.iter().map(card).collect())
}

/// A lesson that the viewer may open. A locked one asks the anonymous to sign in; to anyone else it is not there,
/// like one that is hidden.
pub async fn lesson(state: &AppState, viewer: &Viewer, course: CourseId, id: LessonId) -> Result<LessonPage, AppError> {
    let stored = db::lessons::stored(&state.db, course, id, viewer).await?.ok_or(AppError::NotFound)?;
    match LessonAccess::of(stored.standing, stored.section_status, stored.status) {
        LessonAccess::Open => {}
        LessonAccess::Locked if viewer.id().is_none() => return Err(AppError::SignInRequired),
        LessonAccess::Locked | LessonAccess::Hidden => return Err(AppError::NotFound),
    }
    let html = match stored.markdown {
        Some(text) => state.rendered.lesson(id, stored.updated_at, text).await.to_string(),
        None => String::new(),
    };
    let video = match stored.files.iter().find(|file| file.kind == FileKind::Video) {
        Some(file) => {
            let key = state.files.key(&state.db).await?;
            Some(Video::File { src: address::sign(key, file.id, viewer.id(), chrono::Utc::now().timestamp()) })
        }
        None => stored.video_url.as_deref().and_then(Video::parse),
    };
    let mut transcripts = Vec::new();
    for (captions, language, changed) in &stored.captions {
        let said = said(state, *captions, *changed).await?;
        let all: usize = transcripts.iter().map(|(_, said): &(_, String)| said.len()).sum();
        if all == 0 || all + said.len() <= TRANSCRIPTS_MAX {
            transcripts.push((language.clone(), said));
        }
    }
    Ok(LessonPage {
        id,
        name: stored.name,
        html,
        video,
        streams: stored.streams.iter().any(|address| is_stream(address)),
        transcripts,
        captions: stored.captions.iter().map(|(id, language, _)| listed(*id, language)).collect(),
        attachments: attachments(&stored.files),
        completed: stored.completed,
        position: stored.position.and_then(|seconds| seconds.try_into().ok()).unwrap_or_default(),
        read: stored.read.and_then(|read| read.try_into().ok()).unwrap_or_default(),
        note: stored.note.unwrap_or_default(),
    })
}

fn listed(id: CaptionsId, language: &str) -> Captions {
    Captions {
        label: language::name(language).to_owned(),
        language: language.to_owned(),
        src: format!("/captions/{id}"),
    }
}

/// The transcript of captions, made once a version.
async fn said(state: &AppState, id: CaptionsId, changed: DateTime<Utc>) -> Result<String, AppError> {
    if let Some(html) = state.rendered.kept(id.0, changed) {
        return Ok(html.to_string());
    }
    let vtt = db::captions::vtt(&state.db, id).await?.unwrap_or_default();
    Ok(state.rendered.kept_or(id.0, changed, move || transcript(&vtt)).await.to_string())
}

/// What is said, a button a cue that leads to its time.
fn transcript(vtt: &str) -> String {
    let Ok(cues) = captions::parse(vtt) else { return String::new() };
    let line = |cue: &Cue| {
        let said = escaped(&cue.text.replace('\n', " "));
        let (at, time) = (cue.start, clock(cue.start / 1000));
        format!(r#"<li><button type="button" data-at="{at}"><span>{time}</span> {said}</button></li>"#)
    };
    cues.iter().map(line).collect()
}

/// The files to download, a link each.
fn attachments(files: &[LessonFile]) -> String {
    let link = |file: &LessonFile| {
        let (name, size) = (escaped(&file.name), size(file.bytes));
        format!(r#"<li><a href="{}" download><span>{name}</span><span>{size}</span></a></li>"#, address::path(file.id))
    };
    files.iter().filter(|file| file.kind == FileKind::Attachment).map(link).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Keeps where the learner left a lesson; returns whether it was completed by this, for nearly all of its video was
/// played.
pub async fn save_position(
    state: &AppState,
    learner: SignedIn,
    course: CourseId,
    lesson: LessonId,
    left: Left,
) -> Result<bool, AppError> {
    let learner = learner.entitled(&state.db, course).await?;
    state
        .db
        .write(move |tx| {
            Box::pin(async move {
                let watched = db::positions::set(tx, &learner, lesson, &left).await?;
                if watched {
                    db::completions::set(tx, &learner, lesson, true).await?;
                }
                Ok(watched)
            })
        })
        .await
}

/// Keeps the learner's own words on a lesson.
pub async fn save_note(
    state: &AppState,
    learner: SignedIn,
    course: CourseId,
    lesson: LessonId,
    body: String,
) -> Result<(), AppError> {
    let learner = learner.entitled(&state.db, course).await?;
    state.db.write(move |tx| Box::pin(async move { db::notes::set(tx, &learner, lesson, &body).await })).await
}

/// Marks a lesson completed or not; returns what is stored now.
pub async fn complete(
    state: &AppState,
    learner: SignedIn,
    course: CourseId,
    lesson: LessonId,
    done: bool,
) -> Result<bool, AppError> {
    let learner = learner.entitled(&state.db, course).await?;
    state.db.write(move |tx| Box::pin(async move { db::completions::set(tx, &learner, lesson, done).await })).await?;
    Ok(done)
}
