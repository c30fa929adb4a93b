//! Counts the SQL statements that a request runs.
//!
//! The count is the process's: run tests that use it in a process each, as nextest does.

use std::future::Future;
use std::sync::{Mutex, Once, PoisonError};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LISTEN: Once = Once::new();

/// Transaction control, and what sqlx asks of its own accord, once a connection, about types it does not know yet.
const UNCOUNTED: [&str; 7] = ["begin", "commit", "rollback", "set ", "savepoint", "release", "select pg_type.oid"];

struct Counter;

#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => self.summary = value.to_owned(),
            "db.statement" => self.whole = value.trim().to_owned(),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

impl<S: Subscriber> Layer<S> for Counter {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut statement = Statement::default();
        event.record(&mut statement);
        let text = if statement.whole.is_empty() { statement.summary } else { statement.whole };
        let lower = text.to_lowercase();
        if !UNCOUNTED.iter().any(|control| lower.starts_with(control)) {
            SEEN.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        }
    }
}

/// The statements that ran while the future did.
pub async fn during<T>(work: impl Future<Output = T>) -> (T, Vec<String>) {
    LISTEN.call_once(|| {
        let only = Targets::new().with_target("sqlx::query", Level::DEBUG);
        tracing_subscriber::registry().with(Counter.with_filter(only)).init();
    });
    SEEN.lock().unwrap_or_else(PoisonError::into_inner).clear();
    let value = work.await;
    let seen = std::mem::take(&mut *SEEN.lock().unwrap_or_else(PoisonError::into_inner));
    (value, seen)
}
