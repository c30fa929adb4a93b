//! Signed webhooks, as well-behaved as the switches say, and what drives the stand-in from outside.

use super::{Act, Fake, lock, now};
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Router, response::IntoResponse};
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
    /// Milliseconds that each answer takes
    #[arg(long, default_value_t = 0)]
    pub slow: u64,
    /// How many calls from now on are answered with 500, and have no effect
    #[arg(long, default_value_t = 0)]
    pub fail: u32,
    /// How many calls from now on have their effect, and are answered with 500 all the same
    #[arg(long, default_value_t = 0)]
    pub swallow: u32,
    /// How many calls from now on have their effect, and are answered with something that is no object
    #[arg(long, default_value_t = 0)]
    pub garble: u32,
}

pub struct Hooks {
    secret: String,
    webhook: Option<String>,
    client: reqwest::Client,
}

impl Hooks {
    pub fn new(secret: &str, webhook: Option<String>) -> Self {
        _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).no_proxy().build();
        Self { secret: secret.to_owned(), webhook, client: client.unwrap_or_default() }
    }

    pub fn signature(&self, body: &str, time: i64) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()) else { return String::new() };
        mac.update(format!("{time}.{body}").as_bytes());
        let code: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={time},v1={code}")
    }

    /// Posts an event in the background, again where it was not taken.
    pub fn send(&self, fake: &Fake, event: &Value, switches: &Switches) {
        let Some(webhook) = &self.webhook else { return };
        for _ in 0..=switches.duplicates {
            if rand::random_range(0..100) < switches.lose {
                continue;
            }
            let wait = Duration::from_millis(rand::random_range(0..=switches.shuffle));
            let (client, webhook, body) = (self.client.clone(), webhook.clone(), event.to_string());
            let (fake, event) = (fake.clone(), event.clone());
            let retries = switches.retries;
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                for attempt in 0..=retries {
                    // Each attempt is signed at its own time.
                    let request = client
                        .post(&webhook)
                        .header("content-type", "application/json; charset=utf-8")
                        .header("stripe-signature", fake.signature(&body, now()))
                        .body(body.clone());
                    if request.send().await.is_ok_and(|answer| answer.status().is_success()) {
                        fake.taken(&event);
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(250 << attempt.min(6))).await;
                }
            });
        }
    }
}

/// `/fake/…`: for tests and for the curious. Stripe has none of it.
pub fn routes() -> Router<Fake> {
    Router::new()
        .route("/fake/events", get(async |State(fake): State<Fake>| Json(fake.events())))
        .route("/fake/calls", get(async |State(fake): State<Fake>| Json(fake.ledger().calls.clone())))
        .route("/fake/switches", post(switch))
        .route("/fake/act", post(act))
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
