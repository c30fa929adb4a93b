use crate::domain::course::{CourseForm, CourseRow};
use crate::domain::deletion::Deletion;
use crate::domain::drop_off::DropOff;
use crate::domain::id::CourseId;
use crate::domain::outline::Outline;
use crate::error::AppError;
use leptos::prelude::*;

/// Every course with its counts, newest first.
#[server(endpoint = "admin/list_courses")]
pub async fn list_courses() -> Result<Vec<CourseRow>, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    Ok(db::courses::list(&context::state()?.db, &admin).await?)
}

/// How many of a course's learners got how far.
#[server(endpoint = "admin/get_drop_off")]
pub async fn get_drop_off(id: CourseId) -> Result<DropOff, AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    db::drop_off::read(&context::state()?.db, &admin, id).await?.ok_or(AppError::NotFound)
}

/// A course with its whole outline, drafts included.
#[server(endpoint = "admin/get_course")]
pub async fn get_course(id: CourseId) -> Result<Outline, AppError> {
    use crate::server::{context, db};
    let viewer = context::viewer();
    viewer.clone().admin()?;
    db::outlines::one(&context::state()?.db, id, &viewer).await?.ok_or(AppError::NotFound)
}

/// Makes a course and leads to its editor.
#[server(endpoint = "admin/create_course")]
pub async fn create_course(form: CourseForm) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    let id = state.db.write(move |tx| Box::pin(async move { db::courses::create(tx, &admin, fields).await })).await?;
    leptos_axum::redirect(&format!("/admin/courses/{id}/edit"));
    Ok(())
}

#[server(endpoint = "admin/update_course")]
pub async fn update_course(id: CourseId, form: CourseForm) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let fields = form.validate()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::courses::update(tx, &admin, id, fields).await })).await
}

/// What goes with the course, or what forbids it.
#[server(endpoint = "admin/get_course_deletion")]
pub async fn get_course_deletion(id: CourseId) -> Result<Deletion, AppError> {
    use crate::domain::deletion::count;
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let found = db::courses::deletion(&context::state()?.db, &admin, id).await?.ok_or(AppError::NotFound)?;
    let product = |(id, name): (crate::domain::id::ProductId, String)| {
        (format!("The product “{name}” holds it"), format!("/admin/products/{id}/edit"))
    };
    Ok(Deletion {
        name: found.title,
        goes: vec![
            count(found.sections, "section", "sections"),
            count(found.lessons, "lesson", "lessons"),
            count(found.completions, "completion of a learner", "completions of learners"),
            format!("the access of {}", count(found.learners, "learner", "learners")),
        ],
        forbidden_by: found.products.into_iter().map(product).collect(),
        back: format!("/admin/courses/{id}/edit"),
        restorable: false,
    })
}

/// Deletes a course with all that is in it and leads to the list.
#[server(endpoint = "admin/delete_course")]
pub async fn delete_course(id: CourseId) -> Result<(), AppError> {
    use crate::server::{context, db};
    let admin = context::viewer().admin()?;
    let state = context::state()?;
    state.db.write(move |tx| Box::pin(async move { db::courses::delete(tx, &admin, id).await })).await?;
    leptos_axum::redirect("/admin/courses");
    Ok(())
}
