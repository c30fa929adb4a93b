use crate::domain::course::MyCourse;
use crate::domain::grant::AccessReason;
use crate::domain::id::{CourseId, LessonId};
use crate::domain::lesson::LessonPage;
use crate::domain::outline::Outline;
use crate::error::AppError;
use leptos::prelude::*;

/// The courses that the viewer has access to, with progress.
#[server(endpoint = "list_my_courses")]
pub async fn list_my_courses() -> Result<Vec<MyCourse>, AppError> {
    use crate::server::{context, player};
    player::my_courses(&context::state()?, context::viewer().signed_in()?).await
}

/// A course's outline as the viewer may see it.
#[server(endpoint = "get_outline")]
pub async fn get_outline(course: CourseId) -> Result<Outline, AppError> {
    use crate::server::{context, db};
    db::outlines::one(&context::state()?.db, course, &context::viewer()).await?.ok_or(AppError::NotFound)
}

/// Why the viewer has access to a course.
#[server(endpoint = "get_access")]
pub async fn get_access(course: CourseId) -> Result<Vec<AccessReason>, AppError> {
    use crate::server::{context, db};
    let state = context::state()?;
    let learner = context::viewer().signed_in()?.entitled(&state.db, course).await?;
    Ok(db::access::reasons(&state.db, &learner).await?)
}

/// A lesson that the viewer may open.
#[server(endpoint = "get_lesson")]
pub async fn get_lesson(course: CourseId, lesson: LessonId) -> Result<LessonPage, AppError> {
    use crate::server::{context, player};
    player::lesson(&context::state()?, &context::viewer(), course, lesson).await
}

/// Keeps where a lesson was left: the second of its video and how far its text was read in thousandths, each where it is
/// said, and the stretches of the video of `length` seconds that were played since the last time (`0-12 20-31`).
/// Answers whether the lesson was completed by this.
#[server(endpoint = "save_position")]
pub async fn save_position(
    course: CourseId,
    lesson: LessonId,
    #[server(default)] seconds: Option<u32>,
    #[server(default)] read: Option<u32>,
    #[server(default)] length: u32,
    #[server(default)] played: String,
) -> Result<bool, AppError> {
    use crate::domain::watched::Watched;
    use crate::server::{context, db::positions::Left, player};
    let learner = context::viewer().signed_in()?;
    let played = Watched::read(&played).ok_or_else(|| AppError::invalid("played", "These are no stretches."))?;
    let left = Left {
        // No video is as long as 68 years.
        seconds: seconds.map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX)),
        read: read.map(|read| i32::try_from(read.min(1000)).unwrap_or_default()),
        played: played.multirange(),
        length,
    };
    player::save_position(&context::state()?, learner, course, lesson, left).await
}

/// Keeps the viewer's own words on a lesson.
#[server(endpoint = "save_note")]
pub async fn save_note(course: CourseId, lesson: LessonId, #[server(default)] note: String) -> Result<(), AppError> {
    use crate::domain::validate;
    use crate::server::{context, player};
    let learner = context::viewer().signed_in()?;
    let note = validate::note(note).map_err(|sentence| AppError::invalid("note", sentence))?;
    player::save_note(&context::state()?, learner, course, lesson, note).await
}

/// Marks a lesson completed, or not; answers what is stored.
#[server(endpoint = "complete_lesson")]
pub async fn complete_lesson(course: CourseId, lesson: LessonId, done: bool) -> Result<bool, AppError> {
    use crate::server::{context, player};
    player::complete(&context::state()?, context::viewer().signed_in()?, course, lesson, done).await
}
