//! The roster, page by page and as a file.

mod csv;

pub use csv::stream;

use super::auth::Admin;
use super::db::{self, Db};
use crate::domain::people::{PeopleFilter, Place, Roster};
use crate::error::AppError;
use uuid::Uuid;

/// People of a page.
pub const PAGE: usize = 50;

/// A page of the roster. A course that is not there has none.
pub async fn roster(db: &Db, admin: &Admin, filter: PeopleFilter, after: Option<Place>) -> Result<Roster, AppError> {
    let courses = db::courses::titles(db, admin).await?;
    if filter.course.is_some_and(|course| courses.iter().all(|(id, _)| *id != course)) {
        return Err(AppError::NotFound);
    }
    // One more than is shown says whether there is another page.
    let mut standings = db::people::order(db, admin, &filter, after.as_ref(), Some(PAGE as i64 + 1)).await?;
    let more = standings.len() > PAGE;
    standings.truncate(PAGE);
    let last = standings.last().filter(|_| more).map(db::people::Standing::place);
    let people: Vec<Uuid> = standings.iter().map(|standing| standing.id.0).collect();
    Ok(Roster {
        total: standings.first().map_or(0, |standing| standing.total),
        rows: db::people::rows(db, admin, &people, filter.course).await?,
        next: last.map(|place| filter.query(Some(&place))),
        query: filter.query(None),
        waiting: db::waiting_grants::list(db, admin, filter.course).await?,
        courses,
    })
}
