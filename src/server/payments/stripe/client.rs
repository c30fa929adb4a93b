//! Calls of Stripe's interface over HTTPS, and what becomes of those that are not answered.

use super::super::gateway::GatewayError;
use super::objects::ErrorBody;
use crate::server::fault;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// The version of Stripe's interface that answers are read in, whatever the account's own is.
const VERSION: &str = "2026-10-28.endive";
/// For one try. All of them and their pauses fit into the time that a request has.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Before the second and the third try.
const PAUSES: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(1_200)];

#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    /// Where Stripe is, without a slash at its end.
    base: String,
    key: SecretString,
}

impl Client {
    /// The error is a sentence.
    pub fn new(base: String, key: SecretString) -> Result<Self, String> {
        _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(Duration::from_secs(4))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("Lectern/", env!("CARGO_PKG_VERSION")));
        // What stands in for Stripe on this machine is not behind a proxy.
        let http = if base.starts_with("http://") { http.no_proxy() } else { http };
        let http = http.build().map_err(|error| format!("no connection to Stripe can be made: {error}"))?;
        Ok(Self { http, base, key })
    }

    /// One call, tried again where it was not answered, or answered with "later". What writes is tried again only where
    /// a key makes the tries one.
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        parameters: &[(&str, String)],
        key: Option<&str>,
    ) -> Result<T, GatewayError> {
        let again = method == Method::GET || key.is_some();
        let mut pauses = PAUSES.iter().filter(|_| again);
        loop {
            match (self.attempt(&method, path, parameters, key).await, pauses.next()) {
                (Err(GatewayError::Away(_)), Some(pause)) => tokio::time::sleep(*pause).await,
                (outcome, _) => return outcome,
            }
        }
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        parameters: &[(&str, String)],
        key: Option<&str>,
    ) -> Result<T, GatewayError> {
        let away = |error: reqwest::Error| GatewayError::Away(format!("{method} {path}: {}", error.without_url()));
        let mut request = self
            .http
            .request(method.clone(), format!("{}{path}", self.base))
            .bearer_auth(self.key.expose_secret())
            .header("stripe-version", VERSION);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        request = if *method == Method::GET { request.query(parameters) } else { request.form(parameters) };
        fault::point()?;
        let answer = request.send().await.map_err(away)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(away)?;
        fault::point()?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| {
                // It did what it was asked. What, is to be asked again.
                GatewayError::Away(format!("{method} {path}: the answer is not understood: {error}"))
            });
        }
        let told = serde_json::from_slice::<ErrorBody>(&body).ok().map(|body| body.error);
        let (code, message) = told.map_or((None, None), |error| (error.code, error.message));
        let why = format!("{method} {path}: {status}: {}", message.or_else(|| code.clone()).unwrap_or_default());
        match status {
            StatusCode::NOT_FOUND => Err(GatewayError::NotFound),
            // 409 is another try with the same key that is still under way.
            StatusCode::TOO_MANY_REQUESTS | StatusCode::CONFLICT | StatusCode::REQUEST_TIMEOUT => {
                Err(GatewayError::Away(why))
            }
            _ if status.is_server_error() => Err(GatewayError::Away(why)),
            _ => Err(GatewayError::Refused(why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use serde_json::Value;
    use std::sync::{Arc, Mutex};

    /// What becomes of a call that is answered by these in turn, and how many of them it took.
    async fn called(answers: &[u16], method: Method, key: Option<&str>) -> (&'static str, usize) {
        let left = Arc::new(Mutex::new(answers.to_vec()));
        let served = left.clone();
        let answer = move || async move {
            let status = served.lock().expect("is free").remove(0);
            (axum::http::StatusCode::from_u16(status).expect("is a status"), "{}")
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
        let base = format!("http://{}", listener.local_addr().expect("is bound"));
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        let client = Client::new(base, "sk_test_1".into()).expect("is made");
        let outcome = match client.call::<Value>(method, "/v1/x", &[], key).await {
            Ok(_) => "done",
            Err(GatewayError::NotFound) => "not found",
            Err(GatewayError::Refused(_)) => "refused",
            Err(GatewayError::Away(_)) => "away",
            Err(GatewayError::Ours(_)) => "ours",
        };
        let left = left.lock().expect("is free").len();
        (outcome, answers.len() - left)
    }

    #[tokio::test]
    async fn what_is_answered_with_later_is_asked_again_where_that_is_safe() {
        for later in [408, 409, 429, 500, 503] {
            assert_eq!(called(&[later, 200], Method::GET, None).await, ("done", 2), "{later}");
            assert_eq!(called(&[later, later, 200], Method::POST, Some("key")).await, ("done", 3), "{later}");
            assert_eq!(called(&[later, 200], Method::POST, None).await, ("away", 1), "{later}");
        }
        assert_eq!(called(&[500, 500, 500, 200], Method::GET, None).await, ("away", 3));
        for (final_answer, outcome) in [(400, "refused"), (402, "refused"), (404, "not found")] {
            assert_eq!(called(&[final_answer, 200], Method::GET, None).await, (outcome, 1), "{final_answer}");
        }
    }
}
