use crate::domain::id::{CourseId, LessonId, SectionId};
use crate::error::AppError;
use leptos::prelude::*;

/// Copies a course with all that is in it, into no product, and leads to the copy.
#[server(endpoint = "admin/copy_course")]
pub async fn copy_course(id: CourseId) -> Result<(), AppError> {
    use crate::server::db::copies::Original;
    use crate::server::{context, copying};
    let admin = context::viewer().admin()?;
    let copy = copying::copy(&context::state()?, &admin, Original::Course(id)).await?;
    leptos_axum::redirect(&format!("/admin/courses/{copy}/edit"));
    Ok(())
}

/// Copies a section with its lessons, private, behind it; leads to its course.
#[server(endpoint = "admin/copy_section")]
pub async fn copy_section(id: SectionId) -> Result<(), AppError> {
    use crate::server::db::copies::Original;
    use crate::server::{context, copying};
    let admin = context::viewer().admin()?;
    let course = copying::copy(&context::state()?, &admin, Original::Section(id)).await?;
    leptos_axum::redirect(&format!("/admin/courses/{course}/edit"));
    Ok(())
}

/// Copies a lesson as a draft behind it; leads to its course.
#[server(endpoint = "admin/copy_lesson")]
pub async fn copy_lesson(id: LessonId) -> Result<(), AppError> {
    use crate::server::db::copies::Original;
    use crate::server::{context, copying};
    let admin = context::viewer().admin()?;
    let course = copying::copy(&context::state()?, &admin, Original::Lesson(id)).await?;
    leptos_axum::redirect(&format!("/admin/courses/{course}/edit"));
    Ok(())
}
