use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Response, header};
use futures::StreamExt;
use lectern::error::AppError;
use serde::de::DeserializeOwned;

/// A response that was read to its end; of a stream of events, to the first one.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let events = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let body = if events {
            body.into_data_stream().next().await.expect("something is told").expect("is read").to_vec()
        } else {
            to_bytes(body, usize::MAX).await.expect("the body ends").to_vec()
        };
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What the server function answered.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        self.ok();
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    #[track_caller]
    pub fn error(&self) -> AppError {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no error but {}: {}", self.status, self.text()))
    }

    /// Fails where the request was not answered with success.
    #[track_caller]
    pub fn ok(&self) -> &Self {
        self.is(200)
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        let start: String = self.text().chars().take(400).collect();
        assert_eq!(self.status, status, "{start}");
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn location(&self) -> &str {
        self.header(header::LOCATION.as_str())
    }

    /// The last part of where it leads: the id of what was made.
    #[track_caller]
    pub fn led_to(&self, prefix: &str) -> &str {
        let rest = self.location().strip_prefix(prefix);
        rest.unwrap_or_else(|| panic!("{} leads to {:?}, not {prefix}", self.status, self.location()))
    }

    pub fn set_cookie(&self) -> Option<&str> {
        self.headers.get(header::SET_COOKIE).and_then(|value| value.to_str().ok())
    }

    /// Every byte that went out: headers and body.
    pub fn bytes(&self) -> String {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        format!("{}\n{}\n\n{}", self.status, headers.join("\n"), self.text())
    }

    /// Every byte but those that differ from request to request: the nonce, the request's id, and the ids given.
    pub fn normal(&self, ids: &[&dyn std::fmt::Display]) -> String {
        let mut text = self.bytes();
        let policy = self.header("content-security-policy").to_owned();
        if let Some(nonce) = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()) {
            text = text.replace(nonce, "NONCE");
        }
        let request = self.header("x-request-id").to_owned();
        if !request.is_empty() {
            text = text.replace(&request, "REQUEST");
        }
        for id in ids {
            text = text.replace(&id.to_string(), "ID");
        }
        text
    }
}
