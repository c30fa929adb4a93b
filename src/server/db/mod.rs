//! SQL lives here and nowhere else: a file a noun. Reads take the pool; writes go through [`Db::write`].

pub mod access;
pub mod account_exports;
pub mod accounts;
pub mod audit;
pub mod bulk_reports;
pub mod captions;
pub mod checkouts;
pub mod completions;
pub mod copies;
pub mod coupons;
pub mod courses;
pub mod covers;
pub mod deletions;
pub mod demo_learners;
pub mod demo_payments;
pub mod disputes;
pub mod drafts;
pub mod drop_off;
pub mod exports;
pub mod figures;
pub mod files;
pub mod first_admin;
pub mod identities;
pub mod imports;
pub mod ledger;
pub mod lessons;
pub mod letter_tokens;
pub mod listen;
pub mod mails;
pub mod notes;
pub mod order;
pub mod outbox;
pub mod outline_changes;
pub mod outlines;
pub mod payment_events;
pub mod payment_flags;
pub mod people;
pub mod persons;
pub mod positions;
pub mod products;
pub mod purchases;
pub mod refunds;
pub mod roles;
pub mod sales;
pub mod secrets;
pub mod sections;
pub mod sessions;
pub mod trends;
pub mod updates;
pub mod users;
pub mod versions;
pub mod waiting_grants;
pub mod waiting_imports;

use super::fault;
use crate::error::AppError;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// Connections kept at most: each costs PostgreSQL a process, and two cores are not made faster by more.
pub const MAX_CONNECTIONS: u32 = 12;

/// What a write does inside its transaction.
pub type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send + 'c>>;

#[derive(Clone)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    /// Makes a pool that connects when it is first asked, so that the server can start before its database does.
    pub fn connect(options: PgConnectOptions) -> Self {
        // The rollback below is refused with a warning where nothing is open, which is nearly always.
        let options = options.options([("client_min_messages", "error")]).application_name("lectern");
        let pool = PgPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(Duration::from_secs(5))
            .after_release(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql("rollback").execute(connection).await?;
                    Ok(true)
                })
            })
            .connect_lazy_with(options);
        Self { pool }
    }

    /// Wraps a pool that a test made, without the helper's guards at release.
    pub fn from_pool(pool: PgPool) -> Self {
        Self { pool }
    }

    /// For single statements that only read.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Runs `work` in a transaction and commits it if it succeeded: the only way to a write.
    ///
    /// A request is dropped when its client hangs up. Dropped while a transaction begins, sqlx gives the connection
    /// back with the transaction open, and the next user's acknowledged write is rolled back with it. So the work
    /// is a task of its own that runs to its end whoever listens, and the pool rolls back whatever comes home open.
    pub async fn write<T, F>(&self, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut PgConnection) -> Work<'c, T> + Send + 'static,
    {
        let pool = self.pool.clone();
        let task = tokio::spawn(async move {
            let mut transaction = pool.begin().await?;
            let value = work(&mut transaction).await?;
            fault::point()?;
            transaction.commit().await?;
            fault::point()?;
            Ok(value)
        });
        task.await.unwrap_or(Err(AppError::Internal))
    }

    /// Applies the migrations; servers that start together take turns by sqlx's advisory lock.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        MIGRATIONS.run(&self.pool).await
    }
}

/// Whether the database answers.
pub async fn answers(db: &Db) -> sqlx::Result<()> {
    sqlx::raw_sql("select 1").execute(db.pool()).await.map(|_| ())
}
