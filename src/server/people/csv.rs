//! The roster as a file.

use crate::domain::people::{PeopleFilter, PersonRow};
use crate::error::AppError;
use crate::server::auth::Admin;
use crate::server::csv::{self, line};
use crate::server::db::{self, Db};
use axum::body::Bytes;
use futures::Stream;
use std::io;
use uuid::Uuid;

const HEAD: [&str; 9] = [
    "Name",
    "E-mail",
    "Joined (UTC)",
    "Courses",
    "Access",
    "Lessons completed",
    "Lessons",
    "Percent",
    "Last activity (UTC)",
];

/// The roster's lines. Their order is taken once, 16 bytes a person; whoever is deleted before their row is read is left
/// out.
pub async fn stream(
    db: Db,
    admin: Admin,
    filter: PeopleFilter,
) -> Result<impl Stream<Item = io::Result<Bytes>> + Send, AppError> {
    let order = db::people::order(&db, &admin, &filter, None, None).await?;
    let people: Vec<Uuid> = order.into_iter().map(|standing| standing.id.0).collect();
    Ok(csv::stream(line(HEAD), people, move |some| {
        let (db, admin, course) = (db.clone(), admin.clone(), filter.course);
        async move { Ok(db::people::rows(&db, &admin, &some, course).await?.iter().map(row).collect()) }
    }))
}

fn row(person: &PersonRow) -> String {
    line([
        &*person.name,
        &person.email,
        &person.joined.0,
        &person.courses.to_string(),
        &person.sources.words().join("; "),
        &person.progress.completed.to_string(),
        &person.progress.total.to_string(),
        &person.progress.percent().to_string(),
        person.active.as_ref().map_or("", |time| &time.0),
    ])
}
