//! Hearing what triggers tell (PostgreSQL's LISTEN and NOTIFY), on a connection apart from the pool that requests use.

use super::Db;
use sqlx::postgres::{PgListener, PgPoolOptions};

/// What the triggers of outlines tell: a course, a blank, and what its transaction said of its author.
const CHANNEL: &str = "outline";

pub struct Listener(PgListener);

impl Listener {
    pub async fn open(db: &Db) -> sqlx::Result<Self> {
        let options = db.pool().connect_options().as_ref().clone();
        let own = PgPoolOptions::new().max_connections(1).connect_lazy_with(options);
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(CHANNEL).await?;
        Ok(Self(listener))
    }

    /// The next payload; none where the connection was lost and made anew, and some may have been missed.
    pub async fn next(&mut self) -> sqlx::Result<Option<String>> {
        Ok(self.0.try_recv().await?.map(|told| told.payload().to_owned()))
    }
}
