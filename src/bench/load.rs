//! Load, and what is seen of it.

use super::Result;
use super::cases::Case;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use futures::TryStreamExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tower::ServiceExt;

/// When a load ends.
#[derive(Clone, Copy)]
pub enum Until {
    Asked(usize),
    Passed(Instant),
}

/// What one side of a case showed.
#[derive(Default)]
pub struct Seen {
    latencies: Vec<Duration>,
    elapsed: Duration,
    bytes: usize,
}

impl Seen {
    pub fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.elapsed += other.elapsed;
        self.bytes += other.bytes;
    }
}

/// What is told of it: answers a second, latencies in milliseconds, the mean answer in kilobytes.
pub struct Figures {
    pub rate: f64,
    pub p50: f64,
    pub p99: f64,
    pub size: f64,
}

impl Figures {
    pub fn of(mut seen: Seen) -> Self {
        seen.latencies.sort_unstable();
        let count = seen.latencies.len();
        let percentile = |percent: usize| {
            let latency = seen.latencies.get(count * percent / 100);
            latency.map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e3)
        };
        Self {
            rate: count as f64 / seen.elapsed.as_secs_f64(),
            p50: percentile(50),
            p99: percentile(99),
            size: seen.bytes as f64 / 1e3 / count as f64,
        }
    }
}

/// Keeps `concurrency` requests of the case under way, answers read to their ends.
pub async fn load(router: &Router, case: &Case, concurrency: usize, until: Until) -> Result<Seen> {
    let (next, from) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut clients: JoinSet<Result<Seen>> = JoinSet::new();
    for _ in 0..concurrency {
        clients.spawn(client(router.clone(), case.requests.clone(), next.clone(), until));
    }
    let mut seen = Seen::default();
    while let Some(client) = clients.join_next().await {
        seen.add(client?.map_err(|error| format!("{}: {error}", case.name))?);
    }
    seen.elapsed = from.elapsed();
    Ok(seen)
}

async fn client(router: Router, requests: Arc<[Request<Bytes>]>, next: Arc<AtomicUsize>, until: Until) -> Result<Seen> {
    let mut seen = Seen::default();
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let over = match until {
            Until::Asked(count) => n >= count,
            Until::Passed(end) => Instant::now() >= end,
        };
        if over {
            return Ok(seen);
        }
        let request = requests[n % requests.len()].clone().map(Body::from);
        let (from, path) = (Instant::now(), request.uri().path().to_owned());
        let response = router.clone().oneshot(request).await?;
        let status = response.status();
        let mut body = response.into_body().into_data_stream();
        while let Some(chunk) = body.try_next().await? {
            seen.bytes += chunk.len();
        }
        if !status.is_success() {
            return Err(format!("{path} answered {status}").into());
        }
        seen.latencies.push(from.elapsed());
    }
}
