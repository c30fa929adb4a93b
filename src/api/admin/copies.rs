use crate::domain::id::{CourseId, LessonId, SectionId};
use crate::error::AppError;
use leptos::prelude::*;

/// Copies a course with all that is in it, into no product, and leads to the copy.
#[server(endpoint = "admin/copy_course")]
pub async fn copy_course(id: CourseId) -> Result<(), AppError> {
    use crate::server::db::copies::Original;
    copy(Original::Course(id)).await
}

/// Copies a section with its lessons, private, behind it; leads to its course.
#[server(endpoint = "admin/copy_section")]
pub async fn copy_section(id: SectionId) -> Result<(), AppError> {
    use crate::server::db::copies::Original;
    copy(Original::Section(id)).await
}

/// Copies a lesson as a draft behind it; leads to its course.
#[server(endpoint = "admin/copy_lesson")]
pub async fn copy_lesson(id: LessonId) -> Result<(), AppError> {
    use crate::server::db::copies::Original;
    copy(Original::Lesson(id)).await
}

#[cfg(feature = "ssr")]
async fn copy(of: crate::server::db::copies::Original) -> Result<(), AppError> {
    use crate::server::{context, copying};
    let admin = context::viewer().admin()?;
    let course = copying::copy(&context::state()?, &admin, of).await?;
    leptos_axum::redirect(&format!("/admin/courses/{course}/edit"));
    Ok(())
}
