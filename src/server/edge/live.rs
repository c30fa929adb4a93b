//! What changes while an author looks at it, as server-sent events (HTML Standard, 9.2).

use crate::domain::id::CourseId;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::context::AppState;
use crate::server::live::Told;
use axum::Router;
use axum::extract::{Extension, Path, State};
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
    let course = viewer.admin().and_then(|_| course.parse::<CourseId>().map_err(|_| AppError::NotFound));
    let course = match course {
        Ok(course) => course,
        Err(error) => return super::text(super::answers::status(&error), "There is no such course.\n"),
    };
    let told = state.live.of(&state.db, course).await.take_until(tokio::time::sleep(SITTING));
    let events = told.map(|told| {
        let author = match told {
            Told::Changed(_, author) => author,
            Told::Missed => String::new(),
        };
        // A line end would begin another field.
        Ok::<_, Infallible>(Event::default().event("outline").data(author.replace(['\r', '\n'], " ")))
    });
    // The first bytes at once: a browser counts the stream as open by them.
    let hello = futures::stream::once(async { Ok(Event::default().comment("")) });
    Sse::new(hello.chain(events)).keep_alive(KeepAlive::default()).into_response()
}
