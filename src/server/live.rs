//! Who looks at an outline is told when it changes. One connection to the database hears it for every reader of this
//! process, and is there only while there are any.

use super::auth::Admin;
use super::db::Db;
use super::db::listen::Listener;
use crate::domain::id::CourseId;
use futures::{Stream, StreamExt, stream};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, broadcast, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Changes that a slow reader may be behind; one that is further behind is told that it missed some.
const BEHIND: usize = 64;
/// How often it is looked whether anybody reads still, and the pause before a lost database is asked again.
const PAUSE: Duration = Duration::from_secs(5);

/// What a reader is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Somebody changed this outline. The words are those of [`author`]; empty where nobody said who it was.
    Changed(CourseId, String),
    /// Something may have changed unheard.
    Missed,
}

#[derive(Clone)]
pub struct Live {
    told: broadcast::Sender<Told>,
    listening: Arc<Mutex<Option<JoinHandle<()>>>>,
    stopped: watch::Sender<bool>,
}

/// What a change says of who made it: the page that it came from, a blank, and a name.
pub fn author(admin: &Admin, tab: Uuid) -> String {
    format!("{tab} {}", admin.name)
}

impl Default for Live {
    fn default() -> Self {
        Self { told: broadcast::channel(BEHIND).0, listening: Arc::default(), stopped: watch::channel(false).0 }
    }
}

impl Live {
    /// What is told of one outline from now on, until the server stops.
    pub async fn of(&self, db: &Db, course: CourseId) -> impl Stream<Item = Told> + Send + use<> {
        let heard = self.told.subscribe();
        let mut listening = self.listening.lock().await;
        if listening.as_ref().is_none_or(JoinHandle::is_finished) {
            let (ready, is_ready) = tokio::sync::oneshot::channel();
            *listening = Some(tokio::spawn(listen(db.clone(), self.told.clone(), ready)));
            // What happens from here on is heard. Without a database it is heard later, and said to have been missed.
            _ = tokio::time::timeout(PAUSE, is_ready).await;
        }
        let mut stopped = self.stopped.subscribe();
        let told = stream::unfold(heard, |mut heard| async move {
            match heard.recv().await {
                Ok(told) => Some((told, heard)),
                Err(broadcast::error::RecvError::Lagged(_)) => Some((Told::Missed, heard)),
                Err(broadcast::error::RecvError::Closed) => None,
            }
        });
        told.filter(move |told| {
            std::future::ready(match told {
                Told::Changed(changed, _) => *changed == course,
                Told::Missed => true,
            })
        })
        .take_until(async move { _ = stopped.wait_for(|stopped| *stopped).await })
    }

    /// Ends what is being told: a server that stops waits for no reader.
    pub fn stop(&self) {
        self.stopped.send_replace(true);
    }
}

/// Passes on what is heard, for as long as anybody reads.
async fn listen(db: Db, told: broadcast::Sender<Told>, ready: tokio::sync::oneshot::Sender<()>) {
    let mut ready = Some(ready);
    while told.receiver_count() > 0 {
        match Listener::open(&db).await {
            Ok(listener) => {
                if ready.take().is_none_or(|ready| ready.send(()).is_err()) {
                    _ = told.send(Told::Missed);
                }
                pass_on(listener, &told).await;
            }
            Err(error) => {
                tracing::warn!(%error, "changes of outlines are not heard");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Until nobody reads, or the connection fails.
async fn pass_on(mut listener: Listener, told: &broadcast::Sender<Told>) {
    loop {
        match tokio::time::timeout(PAUSE, listener.next()).await {
            // Readers may be gone: an error says no more than that.
            Ok(Ok(Some(payload))) => _ = told.send(read(&payload)),
            Ok(Ok(None)) => _ = told.send(Told::Missed),
            Ok(Err(error)) => {
                tracing::warn!(%error, "changes of outlines are not heard");
                return;
            }
            Err(_) if told.receiver_count() == 0 => return,
            Err(_) => {}
        }
    }
}

fn read(payload: &str) -> Told {
    let (course, author) = payload.split_once(' ').unwrap_or((payload, ""));
    course.parse().map_or(Told::Missed, |course| Told::Changed(course, author.to_owned()))
}
