//! One's own data to take along.

use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::context::AppState;
use crate::server::db;
use axum::Router;
use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// The paths that [`routes`] serves, for the policy list.
pub const PATHS: &[&str] = &["/account/export.json", "/account/notes.md"];

pub fn routes() -> Router<AppState> {
    Router::new().route("/account/export.json", get(everything)).route("/account/notes.md", get(notes))
}

/// All that is kept of whoever asks.
async fn everything(State(state): State<AppState>, Extension(viewer): Extension<Viewer>) -> Response {
    let data = async {
        let person = viewer.signed_in()?;
        Ok::<_, AppError>(db::account_exports::everything(&state.db, &person).await?)
    };
    answer(data.await, "application/json", "lectern-account.json")
}

/// All of one's notes, course by course.
async fn notes(State(state): State<AppState>, Extension(viewer): Extension<Viewer>) -> Response {
    let text = async {
        let person = viewer.signed_in()?;
        let notes = db::account_exports::notes(&state.db, &person).await?;
        let mut text = "# Notes\n".to_owned();
        let (mut course, mut section) = (String::new(), String::new());
        for note in notes {
            if note.course != course {
                text.push_str(&format!("\n## {}\n", note.course));
                (course, section) = (note.course, String::new());
            }
            if note.section != section {
                text.push_str(&format!("\n### {}\n", note.section));
                section = note.section;
            }
            text.push_str(&format!("\n#### {}\n\n{}\n", note.lesson, note.body));
        }
        Ok::<_, AppError>(text)
    };
    answer(text.await, "text/markdown; charset=utf-8", "notes.md")
}

fn answer(data: Result<String, AppError>, kind: &'static str, name: &str) -> Response {
    match data {
        Ok(data) => {
            let headers = [
                (header::CONTENT_TYPE, kind.to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename={name}")),
            ];
            (headers, data).into_response()
        }
        Err(error) => super::text(super::answers::status(&error), "There is nothing here.\n"),
    }
}
