//! A PostgreSQL of the server's own, for when no `DATABASE_URL` is set.
//!
//! The cluster lives in `DATA_DIR/postgres` and listens on a Unix socket only, in a folder that nobody but its owner may
//! enter. The server owns the process: it is stopped on shutdown, and the kernel stops it where the server is killed.
//!
//! PostgreSQL refuses to run as root. A server that runs as root therefore starts it as another user (`postgres`, else
//! `nobody`). Where that user cannot reach `DATA_DIR` (say, below `/root`), the cluster is placed in
//! `/var/lib/lectern/<hash of DATA_DIR>` and `DATA_DIR/postgres` becomes a symbolic link to it.

mod binaries;
mod cluster;
mod leftovers;
mod postmaster;
mod socket;
#[cfg(test)]
mod tests;

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

use postmaster::Postmaster;

/// The superuser that `initdb` makes; the socket folder's permissions are what keeps others out.
pub const USER: &str = "lectern";
const DATABASE: &str = "lectern";
/// Locked by the server that runs on the data; holds the URL of its database.
const LOCK: &str = "lectern.lock";
/// Only part of the socket's file name: nothing listens on the network.
const PORT: u16 = 5432;
/// Generous, because replaying the log after a crash may take minutes.
const START_DEADLINE: Duration = Duration::from_secs(300);

/// Why the local PostgreSQL did not start or stop.
#[derive(Debug, thiserror::Error)]
pub enum LocalPostgresError {
    #[error(
        "PostgreSQL's server binaries (version 14 or newer) were not found: install the package postgresql, or set \
         PG_BINDIR or DATABASE_URL"
    )]
    BinariesNotFound,
    #[error("PG_BINDIR={0} does not hold initdb and postgres of PostgreSQL 14 or newer: correct it, or unset it")]
    BadBindir(PathBuf),
    #[error(
        "the database in {cluster} was made by PostgreSQL {wanted}, whose binaries were not found: install \
         postgresql-{wanted}, or move the database to a newer version with pg_upgrade"
    )]
    VersionMissing { cluster: PathBuf, wanted: u32 },
    #[error("another Lectern server is using {0}: stop it, or set another DATA_DIR")]
    InUse(PathBuf),
    #[error(
        "PostgreSQL does not run as root and there is no user \"postgres\" or \"nobody\" to run it as: create one, start \
         the server as an ordinary user, or set DATABASE_URL"
    )]
    NoUnprivilegedUser,
    #[error(
        "{path} belongs to the user with id {owner}: start the server as that user or as root, or change the owner"
    )]
    WrongOwner { path: PathBuf, owner: u32 },
    #[error(
        "the user that PostgreSQL runs as cannot reach and write {0}: let it enter the folders above, or set another \
         DATA_DIR or DATABASE_URL"
    )]
    Unreachable(PathBuf),
    #[error("{0} is too long for a Unix socket and no short folder could be used instead: set a shorter DATA_DIR")]
    NoSocketDir(PathBuf),
    #[error("initdb could not make the database: {0}")]
    Initdb(String),
    #[error("PostgreSQL ended while starting ({status}): {log}")]
    Exited { status: String, log: String },
    #[error("PostgreSQL did not accept connections within {} s: {log}", START_DEADLINE.as_secs())]
    StartTimeout { log: String },
    #[error("PostgreSQL (process {0}) did not stop in time: look into its log, then stop it by hand")]
    StopTimeout(i32),
    #[error("PostgreSQL is running but does not answer as expected: {0}")]
    Connect(#[from] sqlx::Error),
    #[error("{action} {path}: {source}")]
    Io { action: &'static str, path: PathBuf, source: io::Error },
}

/// Names what was attempted, because the operating system's own message does not.
fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> LocalPostgresError {
    move |source| LocalPostgresError::Io { action, path: path.to_owned(), source }
}

/// A running PostgreSQL that belongs to this process.
///
/// Dropping it asks PostgreSQL to shut down without waiting for it; [`LocalPostgres::stop`] waits.
#[derive(Debug)]
pub struct LocalPostgres {
    postmaster: Postmaster,
    socket_dir: PathBuf,
    /// Held for as long as the cluster is ours; the kernel releases it however this process ends.
    _lock: File,
}

impl LocalPostgres {
    /// Starts PostgreSQL with its data below `data_dir`, and returns once the database `lectern` accepts connections.
    ///
    /// Makes the cluster on first use. A PostgreSQL that an earlier, killed server left running on the same data is
    /// stopped first.
    pub async fn start(data_dir: &Path) -> Result<Self, LocalPostgresError> {
        std::fs::create_dir_all(data_dir).map_err(failed("could not create", data_dir))?;
        let data_dir = std::fs::canonicalize(data_dir).map_err(failed("could not open", data_dir))?;
        let lock = lock(&data_dir)?;

        let place = cluster::place(&data_dir).await?;
        let binaries = binaries::find(&place.data(), cluster::version(&place.data())).await?;
        cluster::create_if_missing(&place, &binaries).await?;
        leftovers::clear(&place.data()).await?;
        let socket_dir = socket::dir(&place)?;
        let log = postmaster::Log::open(&data_dir)?;
        let postmaster = Postmaster::spawn(&place, &binaries, &socket_dir, &log).await?;

        let postgres = Self { postmaster, socket_dir, _lock: lock };
        if let Err(error) = postgres.make_ready(&log).await {
            // The reason for not starting is worth more than a failure to stop.
            let _ = postgres.stop().await;
            return Err(error);
        }
        let file = data_dir.join(LOCK);
        std::fs::write(&file, postgres.url()).map_err(failed("could not write", &file))?;
        tracing::info!(data = %place.data().display(), major = binaries.major, "local PostgreSQL is running");
        Ok(postgres)
    }

    /// The URL of the database on this data, where a server runs on it now: another command of the same user can use
    /// it beside that server.
    pub fn running(data_dir: &Path) -> Option<String> {
        std::fs::read_to_string(data_dir.join(LOCK)).ok().filter(|url| !url.is_empty())
    }

    /// The folder of the Unix socket.
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The database user, a superuser of this cluster.
    pub fn user(&self) -> &str {
        USER
    }

    /// The database that is sure to exist.
    pub fn database(&self) -> &str {
        DATABASE
    }

    /// A URL for sqlx and for `psql`.
    pub fn url(&self) -> String {
        self.url_of(DATABASE)
    }

    /// Shuts PostgreSQL down: open transactions are rolled back, everything committed is written out.
    pub async fn stop(self) -> Result<(), LocalPostgresError> {
        self.postmaster.stop().await
    }

    /// Port and TLS mode are spelt out so that `PGPORT` and `PGSSLMODE` of the environment cannot change them.
    fn url_of(&self, database: &str) -> String {
        let socket_dir = socket::percent_encode(&self.socket_dir);
        format!("postgres://{USER}@localhost:{PORT}/{database}?host={socket_dir}&sslmode=disable")
    }

    async fn make_ready(&self, log: &postmaster::Log) -> Result<(), LocalPostgresError> {
        let mut connection = self.first_connection(log).await?;
        let exists: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = 'lectern'")
            .fetch_optional(&mut connection)
            .await?;
        if exists.is_none() {
            sqlx::query("CREATE DATABASE lectern").execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(())
    }

    async fn first_connection(&self, log: &postmaster::Log) -> Result<PgConnection, LocalPostgresError> {
        let options: PgConnectOptions = self.url_of("postgres").parse()?;
        let deadline = Instant::now() + START_DEADLINE;
        loop {
            if let Some(status) = self.postmaster.wait(Duration::from_millis(50)).await {
                return Err(LocalPostgresError::Exited { status: status.to_string(), log: log.tail() });
            }
            let attempt = tokio::time::timeout(Duration::from_secs(5), PgConnection::connect_with(&options)).await;
            match attempt {
                Ok(Ok(connection)) => return Ok(connection),
                Ok(Err(error)) if !is_starting_up(&error) => return Err(error.into()),
                _ if Instant::now() >= deadline => {
                    return Err(LocalPostgresError::StartTimeout { log: log.tail() });
                }
                _ => {}
            }
        }
    }
}

/// True for the answers of a PostgreSQL that is not there yet: no socket, or still replaying its log.
fn is_starting_up(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error.code().as_deref() == Some("57P03"),
        _ => false,
    }
}

/// Takes the data folder for this process. An advisory lock, because it ends with the process and never goes stale.
fn lock(data_dir: &Path) -> Result<File, LocalPostgresError> {
    let path = data_dir.join(LOCK);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed("could not open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LocalPostgresError::InUse(data_dir.to_owned())),
        Err(TryLockError::Error(source)) => Err(failed("could not lock", &path)(source)),
    }
}
