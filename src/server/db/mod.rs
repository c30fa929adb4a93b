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
pub mod offers;
pub mod oidc_sign_ins;
pub mod order;
pub mod outbox;
pub mod outline_changes;
pub mod outlines;
pub mod passkeys;
pub mod payment_events;
pub mod payment_flags;
pub mod people;
pub mod persons;
pub mod positions;
pub mod products;
pub mod purchases;
pub mod refunds;
pub mod rights;
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
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// Connections kept at most: each costs PostgreSQL a process, and two cores are not made faster by more.
pub const MAX_CONNECTIONS: u32 = 12;
/// Those beside them that are kept for what must be answered whoever else asks: payment providers and health.
const RESERVED: u32 = 2;
/// What a statement may take, and wait for others' locks, before PostgreSQL gives it up. Longer than anything that a
/// page does, shorter than whoever waits for it.
const LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "25s"), ("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s")];

/// What a write does inside its transaction.
pub type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send + 'c>>;

#[derive(Clone)]
pub struct Db {
    pool: PgPool,
    reserved: PgPool,
    /// Who the tables belong to, where that is somebody else.
    owner: Option<Arc<PgConnectOptions>>,
}

impl Db {
    /// Makes a pool that connects when it is first asked, so that the server can start before its database does.
    pub fn connect(options: PgConnectOptions) -> Self {
        // The rollback below is refused with a warning where nothing is open, which is nearly always.
        let options = options.options([("client_min_messages", "error")]).options(LIMITS).application_name("lectern");
        let pool = |most| {
            PgPoolOptions::new()
                .max_connections(most)
                .acquire_timeout(Duration::from_secs(5))
                .after_release(|connection, _| {
                    Box::pin(async move {
                        sqlx::raw_sql("rollback").execute(connection).await?;
                        Ok(true)
                    })
                })
                .connect_lazy_with(options.clone())
        };
        Self { pool: pool(MAX_CONNECTIONS), reserved: pool(RESERVED), owner: None }
    }

    /// The same, where the tables belong to another role than the one that the application comes as.
    pub fn owned_by(self, owner: PgConnectOptions) -> Self {
        Self { owner: Some(Arc::new(owner)), ..self }
    }

    /// For what must be answered whoever else asks: where every connection is taken, those that are kept for it.
    pub fn reserved(&self) -> Self {
        match self.pool.num_idle() == 0 && self.pool.size() >= MAX_CONNECTIONS {
            true => Self { pool: self.reserved.clone(), ..self.clone() },
            false => self.clone(),
        }
    }

    /// Wraps a pool that a test made, without the helper's guards at release.
    pub fn from_pool(pool: PgPool) -> Self {
        Self { reserved: pool.clone(), pool, owner: None }
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

    /// Applies the migrations, as whoever the tables belong to; servers that start together take turns by sqlx's
    /// advisory lock.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        let application = self.pool.connect_options();
        let owner = rights::owner(self.owner.as_deref().unwrap_or(&application));
        let done = self.migrate_as(&owner, application.get_username()).await;
        owner.close().await;
        done
    }

    async fn migrate_as(&self, owner: &PgPool, application: &str) -> Result<(), MigrateError> {
        MIGRATIONS.run(owner).await?;
        let Some(options) = &self.owner else { return Ok(()) };
        // Only the superuser of our own cluster may make roles; elsewhere the operator has made it.
        if options.get_username() == crate::server::local_postgres::USER {
            rights::make(owner, application).await.map_err(MigrateError::Execute)?;
        }
        rights::grant(owner, application).await.map_err(MigrateError::Execute)
    }
}

/// Whether the database answers.
pub async fn answers(db: &Db) -> sqlx::Result<()> {
    sqlx::raw_sql("select 1").execute(db.pool()).await.map(|_| ())
}
