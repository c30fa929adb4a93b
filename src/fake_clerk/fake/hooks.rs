//! Signed webhooks, as well-behaved as the switches say, and what drives the stand-in from outside.

use super::{Act, Fake, id, lock, now};
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Router, response::IntoResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;

/// How the stand-in misbehaves.
#[derive(Debug, Clone, Default, Deserialize, Args)]
#[serde(default)]
pub struct Switches {
    /// How many times more each webhook is sent
    #[arg(long, default_value_t = 0)]
    pub duplicates: u32,
    /// Milliseconds that each webhook waits at most: a random time, so that they come in any order
    #[arg(long, default_value_t = 0)]
    pub shuffle: u64,
    /// Of a hundred webhooks, how many are never sent
    #[arg(long, default_value_t = 0)]
    pub lose: u8,
    /// How often a webhook that was not taken is sent again
    #[arg(long, default_value_t = 8)]
    pub retries: u32,
    /// Whether the interfaces answer with 503
    #[arg(long)]
    pub down: bool,
}

pub struct Hooks {
    key: Vec<u8>,
    webhook: Option<String>,
    client: reqwest::Client,
}

impl Hooks {
    pub fn new(secret: &str, webhook: Option<String>) -> Self {
        _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).no_proxy().build();
        let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap_or_default();
        Self { key, webhook, client: client.unwrap_or_default() }
    }

    pub fn signature(&self, id: &str, body: &str, time: i64) -> [(&'static str, String); 3] {
        let code = Hmac::<Sha256>::new_from_slice(&self.key).map(|mut mac| {
            mac.update(format!("{id}.{time}.{body}").as_bytes());
            STANDARD.encode(mac.finalize().into_bytes())
        });
        [
            ("svix-id", id.to_owned()),
            ("svix-timestamp", time.to_string()),
            ("svix-signature", format!("v1,{}", code.unwrap_or_default())),
        ]
    }

    /// Posts an event in the background, again where it was not taken.
    pub fn send(&self, fake: &Fake, event: &Value, switches: &Switches) {
        let Some(webhook) = &self.webhook else { return };
        let message = id("msg");
        for _ in 0..=switches.duplicates {
            if rand::random_range(0..100) < switches.lose {
                continue;
            }
            let wait = Duration::from_millis(rand::random_range(0..=switches.shuffle));
            let (client, webhook, body) = (self.client.clone(), webhook.clone(), event.to_string());
            let (fake, message, retries) = (fake.clone(), message.clone(), switches.retries);
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                for attempt in 0..=retries {
                    // Each attempt is signed at its own time.
                    let signed = fake.signature(&message, &body, now());
                    let request = client.post(&webhook).header("content-type", "application/json").body(body.clone());
                    let request =
                        signed.into_iter().fold(request, |request, (name, value)| request.header(name, value));
                    if request.send().await.is_ok_and(|answer| answer.status().is_success()) {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(250 << attempt.min(6))).await;
                }
            });
        }
    }
}

/// What a test wants a token for.
#[derive(Deserialize)]
struct Wanted {
    session: String,
    origin: String,
}

/// `/fake/…`: for tests and for the curious. Clerk has none of it.
pub fn routes() -> Router<Fake> {
    Router::new()
        .route("/fake/events", get(async |State(fake): State<Fake>| Json(fake.events())))
        .route("/fake/switches", post(switch))
        .route("/fake/act", post(act))
        .route("/fake/key.pem", get(async |State(fake): State<Fake>| fake.key().pem().to_owned()))
        .route("/fake/token", post(token))
}

async fn switch(State(fake): State<Fake>, Json(switches): Json<Switches>) -> StatusCode {
    *lock(&fake.0.switches) = switches;
    StatusCode::NO_CONTENT
}

async fn act(State(fake): State<Fake>, Json(act): Json<Act>) -> impl IntoResponse {
    match fake.act(act) {
        Ok(id) => (StatusCode::OK, Json(json!({ "id": id }))),
        Err(why) => (StatusCode::CONFLICT, Json(json!({ "error": why }))),
    }
}

async fn token(State(fake): State<Fake>, Json(wanted): Json<Wanted>) -> Result<String, StatusCode> {
    fake.token(&wanted.session, &wanted.origin).ok_or(StatusCode::NOT_FOUND)
}
