//! Forms with files, sent without script or with it: their bytes go to the disk as they come, and what is to be said
//! of them is said by the form's own page.

use crate::domain::typed::OwnAddress;
use crate::error::AppError;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use std::error::Error;
use std::path::Path;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tower::ServiceExt;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutError};

/// A body that brings nothing for this long has broken off. However slow it is, one that goes on goes on.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Gives a body up that brings nothing for so long, wherever it is read.
pub fn patient<S: Clone + Send + Sync + 'static>(routes: Router<S>, patience: Duration) -> Router<S> {
    routes.layer(RequestBodyTimeoutLayer::new(patience))
}

/// Whether a body was given up because nothing came.
pub fn is_stalled(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| (*error).source()).any(|error| error.is::<TimeoutError>())
}

/// Why a form was not taken: the status of the answer, and what its page says.
#[derive(Debug)]
pub struct Refusal(pub StatusCode, pub String);

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self(super::answers::status(&error), sentence(&error))
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        AppError::from(error).into()
    }
}

impl From<MultipartError> for Refusal {
    fn from(error: MultipartError) -> Self {
        let status = if is_stalled(&error) { StatusCode::REQUEST_TIMEOUT } else { StatusCode::BAD_REQUEST };
        Self(status, "This did not come whole, so nothing was kept of it. Send it again.".to_owned())
    }
}

/// The pages, to answer with one of them.
#[derive(Clone)]
pub struct Pages(pub Router);

impl Pages {
    /// The page at `path` as whoever sent the form sees it, under this status; `said` is its context.
    pub async fn answer<T: Clone + Send + Sync + 'static>(
        self,
        path: &str,
        mut headers: HeaderMap,
        status: StatusCode,
        said: T,
    ) -> Response {
        headers.remove(header::CONTENT_TYPE);
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::TRANSFER_ENCODING);
        let mut again = Request::new(Body::empty());
        match path.parse() {
            Ok(uri) => *again.uri_mut() = uri,
            Err(_) => return super::text(StatusCode::NOT_FOUND, "There is nothing here.\n"),
        }
        *again.headers_mut() = headers;
        again.extensions_mut().insert(said);
        again.extensions_mut().insert(OwnAddress(path.to_owned()));
        let Ok(mut page) = self.0.oneshot(again).await;
        if page.status().is_success() {
            *page.status_mut() = status;
        }
        page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        page
    }
}

/// What became of a field's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Whole(u64),
    /// There were more than were wanted: none is kept.
    TooLarge,
}

/// Writes what comes of a field to a new file, at most so many bytes. Where there are more it is read to its end only
/// if other fields matter (`on`).
pub async fn keep(field: &mut Field<'_>, path: &Path, most: u64, on: bool) -> Result<Kept, Refusal> {
    let mut file = File::create_new(path).await.map_err(super::super::files::broken)?;
    let mut bytes = 0_u64;
    while let Some(chunk) = field.chunk().await? {
        bytes = bytes.saturating_add(chunk.len() as u64);
        if bytes <= most {
            file.write_all(&chunk).await.map_err(super::super::files::broken)?;
        } else if on {
            // What is too large keeps no room meanwhile.
            file.set_len(0).await.map_err(super::super::files::broken)?;
        } else {
            return Ok(Kept::TooLarge);
        }
    }
    file.flush().await.map_err(super::super::files::broken)?;
    Ok(if bytes <= most { Kept::Whole(bytes) } else { Kept::TooLarge })
}

/// An error as one sentence.
pub fn sentence(error: &AppError) -> String {
    match error {
        AppError::Invalid(fields) => fields.iter().map(|(_, sentence)| sentence).collect::<Vec<_>>().join(" "),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use axum::extract::Multipart;
    use axum::routing::post;
    use futures::{StreamExt, stream};
    use std::sync::{Arc, Mutex};

    const START: &str = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";

    /// What a form is answered whose parts come in these milliseconds after one another, `on` saying whether it ends
    /// then; and what is left of its file.
    async fn answered(parts: &[(u64, &'static str)], on: bool) -> (u16, usize) {
        let folder = tempfile::tempdir().expect("there is room");
        let (path, steps) = (folder.path().join("file"), Arc::new(Mutex::new(0)));
        let (to, said) = (path.clone(), steps.clone());
        let take = move |mut form: Multipart| async move {
            let taken = async {
                while let Some(mut field) = form.next_field().await? {
                    *said.lock().expect("is free") += 1;
                    keep(&mut field, &to, 1_000, true).await?;
                }
                Ok::<_, Refusal>(())
            };
            taken.await.map_or_else(|refusal| refusal.0, |()| StatusCode::OK)
        };
        let come = stream::iter(parts.to_vec()).then(|(pause, part)| async move {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            Ok::<_, std::io::Error>(Bytes::from(part))
        });
        let body = match on {
            true => Body::from_stream(come.chain(stream::pending())),
            false => Body::from_stream(come),
        };
        let request = Request::post("/")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(body)
            .expect("is a request");
        let routes = patient(Router::new().route("/", post(take)), Duration::from_millis(200));
        let answer = tokio::time::timeout(Duration::from_secs(5), routes.oneshot(request)).await;
        let Ok(answer) = answer.expect("is answered at all");
        let fields = *steps.lock().expect("is free");
        (answer.status().as_u16(), fields)
    }

    #[tokio::test]
    async fn in10_a_form_that_brings_nothing_for_a_while_is_given_up_wherever_it_stands() {
        for (parts, fields) in [
            (&[][..], 0),
            (&[(0, "--b\r\ncontent-dis")], 0),
            (&[(0, START), (0, "some")], 1),
            (&[(0, START), (0, "all\r\n--b\r\n")], 1),
        ] {
            assert_eq!(answered(parts, true).await, (408, fields), "{parts:?}");
        }
    }

    #[tokio::test]
    async fn in10_a_body_that_is_no_form_is_given_up_as_well() {
        let take = |body: Body| async move {
            match body.into_data_stream().next().await {
                Some(Err(error)) if is_stalled(&error) => StatusCode::REQUEST_TIMEOUT,
                _ => StatusCode::OK,
            }
        };
        let routes = patient(Router::new().route("/", post(take)), Duration::from_millis(50));
        let nothing = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let Ok(answer) = routes.oneshot(Request::post("/").body(nothing).expect("is a request")).await;
        assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
    }

    #[tokio::test]
    async fn a_form_that_is_slow_and_goes_on_is_taken_and_one_that_ends_too_soon_is_not() {
        let slow = [(90, START), (90, "a"), (90, "b"), (90, "c"), (90, "\r\n--b--\r\n")];
        assert_eq!(answered(&slow, false).await, (200, 1));
        assert_eq!(answered(&slow[..3], false).await, (400, 1));
    }
}
