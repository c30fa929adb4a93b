use crate::domain::course::MyCourse;
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

/// A lesson that the viewer may open.
#[server(endpoint = "get_lesson")]
pub async fn get_lesson(course: CourseId, lesson: LessonId) -> Result<LessonPage, AppError> {
    use crate::server::{context, player};
    player::lesson(&context::state()?, &context::viewer(), course, lesson).await
}

/// Keeps the second at which a lesson's video was left.
#[server(endpoint = "save_position")]
pub async fn save_position(course: CourseId, lesson: LessonId, seconds: u32) -> Result<(), AppError> {
    use crate::server::{context, player};
    player::save_position(&context::state()?, context::viewer().signed_in()?, course, lesson, seconds).await
}

/// Marks a lesson completed, or not; answers what is stored.
#[server(endpoint = "complete_lesson")]
pub async fn complete_lesson(course: CourseId, lesson: LessonId, done: bool) -> Result<bool, AppError> {
    use crate::server::{context, player};
    player::complete(&context::state()?, context::viewer().signed_in()?, course, lesson, done).await
}
