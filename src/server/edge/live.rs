//! What changes while an author looks at it, as server-sent events (HTML Standard, 9.2).

use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::context::AppState;
use crate::server::db;
use crate::server::live::Told;
use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::StreamExt;
use std::convert::Infallible;
use std::time::Duration;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/admin/courses/{course}/changes"];

/// How long a reader is told things before it has to ask again, and its right to be told is looked at anew.
const SITTING: Duration = Duration::from_secs(5 * 60);

pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/courses/{course}/changes", get(changes))
}

/// An event for every change of a course's outline: its data is what the change says of its author.
async fn changes(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(course): Path<String>,
) -> Response {
    let course = async {
        let id = super::course_of_admin(viewer, &course)?;
        if db::courses::is_there(&state.db, id).await? { Ok(id) } else { Err(AppError::NotFound) }
    };
    let course = match course.await {
        Ok(course) => course,
        Err(error) => return super::no_course(&error),
    };
    let told = state.live.of(&state.db, course).await.take_until(tokio::time::sleep(SITTING));
    let events = told.map(|told| {
        let author = match told {
            Told::Changed(_, author) if !author.is_empty() => author,
            // An event without data is none (HTML Standard, 9.2.6).
            Told::Changed(..) | Told::Missed => "- ".to_owned(),
        };
        // A line end would begin another field.
        Ok::<_, Infallible>(Event::default().event("outline").data(author.replace(['\r', '\n'], " ")))
    });
    // The first bytes at once: a browser counts the stream as open by them.
    let hello = futures::stream::once(async { Ok(Event::default().comment("")) });
    let stream = Sse::new(hello.chain(events)).keep_alive(KeepAlive::default());
    ([(header::CACHE_CONTROL, "no-store")], stream).into_response()
}
