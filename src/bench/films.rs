//! Films that are watched while pages are asked for: each player jumps to another second and again, and reads what
//! comes from there until it jumps.

use super::Result;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use futures::TryStreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tower::ServiceExt;

/// Of a film, to its end or to the next jump.
const READ: usize = 2_000_000;
/// Between two jumps of one player.
const PAUSE: Duration = Duration::from_millis(200);
/// Players at a time.
const PLAYERS: usize = 5;

/// Players that jump until they are dropped.
pub struct Films(JoinSet<Result<()>>);

impl Films {
    pub fn roll(router: &Router, requests: &Arc<[Request<Bytes>]>) -> Self {
        let mut players = JoinSet::new();
        for n in 0..PLAYERS {
            players.spawn(player(router.clone(), requests.clone(), n));
        }
        Self(players)
    }

    /// Ends them; the error of one that could not play.
    pub async fn stop(mut self) -> Result<()> {
        self.0.abort_all();
        while let Some(ended) = self.0.join_next().await {
            match ended {
                Ok(played) => played?,
                Err(error) if error.is_cancelled() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

async fn player(router: Router, requests: Arc<[Request<Bytes>]>, first: usize) -> Result<()> {
    for request in requests.iter().cycle().skip(first).step_by(PLAYERS) {
        let response = router.clone().oneshot(request.clone().map(Body::from)).await?;
        if response.status() != StatusCode::PARTIAL_CONTENT {
            return Err(format!("a film answered {}", response.status()).into());
        }
        let (mut body, mut read) = (response.into_body().into_data_stream(), 0);
        while let Some(chunk) = body.try_next().await? {
            read += chunk.len();
            if read >= READ {
                break;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
