//! What `lectern` can be told to do. Errors are sentences for a terminal.

mod courses;
mod learners;
mod updates;

use super::auth::clerk::Clerk;
use super::auth::first_admin;
use super::auth::oidc::Oidc;
use super::config::Config;
use super::context::AppState;
use super::db::{self, Db};
use super::files::Files;
use super::live::Live;
use super::local_postgres::LocalPostgres;
use super::mail::{self, Mailer};
use super::payments::{Gateways, reconciler};
use super::rendered::Rendered;
use super::{demo, edge};
use axum_server::Handle;
use leptos::prelude::{LeptosOptions, get_configuration};
use secrecy::ExposeSecret;
use sqlx::postgres::PgConnectOptions;
use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

pub use courses::{export, import};
pub use learners::seed_demo;
pub use updates::{consent, update};

/// How long a client may take to send a request's headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// How long requests under way may take to end once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(12);
/// The pause between two looks for a database that is away at start.
const RETRY: Duration = Duration::from_secs(2);

/// The database of a command, and the PostgreSQL that was started for it.
struct Database {
    db: Db,
    local: Option<LocalPostgres>,
}

impl Database {
    async fn open(config: &Config) -> Result<Self, String> {
        if let Some(url) = &config.settings.database_url {
            let read = |name: &str, url: &str| {
                PgConnectOptions::from_str(url)
                    .map_err(|_| format!("{name} is not understood: it looks like postgres://user:password@host/name."))
            };
            let db = Db::connect(read("DATABASE_URL", url.expose_secret())?);
            let owner = config.settings.database_owner_url.as_ref();
            let db = match owner.map(|url| read("DATABASE_OWNER_URL", url.expose_secret())).transpose()? {
                Some(owner) => db.owned_by(owner),
                None => db,
            };
            return Ok(Self { db, local: None });
        }
        let local = LocalPostgres::start(&config.settings.data_dir).await.map_err(|error| error.to_string())?;
        Ok(Self { db: connect(&local.url())?, local: Some(local) })
    }

    /// For a command that may run beside a server: that one's database, where it runs one of its own.
    async fn open_beside(config: &Config) -> Result<Self, String> {
        let running =
            LocalPostgres::running(&config.settings.data_dir).filter(|_| config.settings.database_url.is_none());
        match (Self::open(config).await, running) {
            (Err(_), Some(url)) => Ok(Self { db: connect(&url)?, local: None }),
            (opened, _) => opened,
        }
    }

    async fn close(self) -> Result<(), String> {
        self.db.pool().close().await;
        match self.local {
            Some(local) => local.stop().await.map_err(|error| error.to_string()),
            None => Ok(()),
        }
    }
}

/// A PostgreSQL of our own, as the application: its owner does nothing but the schema.
fn connect(url: &str) -> Result<Db, String> {
    let owner = PgConnectOptions::from_str(url).map_err(|error| error.to_string())?;
    Ok(Db::connect(owner.clone().username(db::rights::APPLICATION)).owned_by(owner))
}

/// Opens the database, brings its schema up to date, does the work, and closes it whatever came of that.
async fn with_database<T>(config: &Config, work: impl AsyncFnOnce(&Db) -> Result<T, String>) -> Result<T, String> {
    let database = Database::open_beside(config).await?;
    let result = match database.db.migrate().await {
        Ok(()) => work(&database.db).await,
        Err(error) => Err(format!("the database's schema could not be brought up to date: {error}")),
    };
    database.close().await?;
    result
}

pub async fn migrate(config: Config) -> Result<(), String> {
    with_database(&config, async |_| Ok(())).await?;
    println!("The database's schema is up to date.");
    Ok(())
}

pub async fn grant_admin(config: Config, email: String) -> Result<(), String> {
    let address = email.clone();
    let found = with_database(&config, async |db| {
        db.write(move |tx| Box::pin(async move { db::users::make_admin(tx, &address).await }))
            .await
            .map_err(|error| error.to_string())
    })
    .await?;
    match found {
        false => Err(format!(
            "No account signs in as {email} or has confirmed it. Sign up with it first, then run this again."
        )),
        true => {
            println!("{email} is an admin now.");
            Ok(())
        }
    }
}

fn open_files(config: &Config) -> Result<Files, String> {
    let (folder, bucket) = (&config.settings.data_dir, config.settings.files_url.as_deref());
    Files::open(folder, bucket).map_err(|error| match bucket {
        Some(bucket) => format!("{bucket} cannot hold files: {error}"),
        None => format!("{} cannot hold files: {error}", folder.display()),
    })
}

/// Serves until it is told to stop (Ctrl-C, SIGTERM), then lets requests under way end.
pub async fn serve(config: Config) -> Result<(), String> {
    let options = leptos_options(&config)?;
    let database = Database::open(&config).await?;
    let served = listen(config, options, database.db.clone()).await;
    database.close().await?;
    served
}

async fn listen(config: Config, options: LeptosOptions, db: Db) -> Result<(), String> {
    let address = options.site_addr;
    let gateways = Gateways::of(&config)?;
    let mailer = Mailer::of(&config)?;
    let clerk = Clerk::of(&config)?;
    let oidc = Oidc::of(&config)?;
    let files = open_files(&config)?;
    let state = AppState {
        db,
        files,
        limits: Arc::default(),
        live: Live::default(),
        gateways,
        mailer,
        clerk,
        oidc,
        rendered: Rendered::default(),
        leptos_options: options,
        config: Arc::new(config),
    };
    let router = edge::router(state.clone())?;
    let handle = Handle::new();
    let mut server = axum_server::bind(address).handle(handle.clone());
    server.http_builder().http1().timer(hyper_util::rt::TokioTimer::new()).header_read_timeout(HEADERS_WITHIN);

    tokio::spawn(prepare(state.clone(), handle.clone()));
    tokio::spawn(stop_on_signal(handle, state.live.clone()));
    server
        .serve(router.into_make_service_with_connect_info::<SocketAddr>())
        .await
        .map_err(|error| format!("cannot serve on {address}: {error}"))
}

/// Waits for the database, brings its schema up to date and fills a demo; until then `/readyz` says no.
async fn prepare(state: AppState, handle: Handle<SocketAddr>) {
    loop {
        match state.db.migrate().await {
            Ok(()) => break,
            Err(sqlx::migrate::MigrateError::Execute(error)) if is_away(&error) => {
                tracing::warn!(%error, "waiting for the database");
                tokio::time::sleep(RETRY).await;
            }
            Err(error) => {
                tracing::error!(%error, "the database's schema could not be brought up to date");
                handle.graceful_shutdown(Some(DRAIN));
                return;
            }
        }
    }
    if let Err(sentence) = state.files.claim(&state.db).await {
        tracing::error!("{sentence}");
        eprintln!("lectern: {sentence}");
        handle.graceful_shutdown(Some(DRAIN));
        return;
    }
    if state.config.is_demo()
        && let Err(error) = demo::seed(&state.db, &state.files, &state.config.settings.demo_dir).await
    {
        tracing::error!(%error, "the demo could not be filled");
    }
    tokio::spawn(state.files.clone().sweep_forever(state.db.clone()));
    tokio::spawn(reconciler::forever(state.clone()));
    tokio::spawn(mail::forever(state.clone()));
    tokio::spawn({
        let limits = state.limits.clone();
        async move { limits.forget_forever().await }
    });
    let secret = match state.config.is_demo() {
        true => Ok(None),
        false => first_admin::offer(&state.db).await,
    };
    if handle.listening().await.is_some() {
        announce(&state);
        match secret {
            Ok(Some(secret)) => {
                println!(
                    "  There is no admin yet. Sign up, then say this secret, once, at {}",
                    state.config.absolute("/account/admin")
                );
                println!("  {secret}");
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "the secret for the first admin could not be made"),
        }
    }
}

fn is_away(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_))
        || error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code.starts_with("57P"))
}

/// Says where it is and how to get in.
fn announce(state: &AppState) {
    let config = &state.config;
    println!("Lectern is ready: {}", config.public_url);
    if config.is_demo() {
        println!("  Demo accounts: sign in as author or as learner with one press at {}", config.absolute("/sign-in"));
    }
    if config.settings.database_url.is_none() {
        let folder = config.settings.data_dir.canonicalize().unwrap_or_else(|_| config.settings.data_dir.clone());
        println!("  Data folder: {}", folder.display());
    }
}

async fn stop_on_signal(handle: Handle<SocketAddr>, live: Live) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be heard: stop this server with SIGKILL");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    live.stop();
    handle.graceful_shutdown(Some(DRAIN));
}

/// The site's keys. A site root of `.` would serve the working directory, `.env` included.
fn leptos_options(config: &Config) -> Result<LeptosOptions, String> {
    let file = &config.settings.leptos_toml;
    let options = match file.to_str().filter(|_| file.exists()) {
        Some(path) => get_configuration(Some(path)).map_err(|error| format!("{path}: {error}"))?,
        None => get_configuration(None).map_err(|error| {
            format!("{} is missing and the environment does not say it all: {error}", file.display())
        })?,
    }
    .leptos_options;
    let root = Path::new(options.site_root.as_ref());
    if root == Path::new(".") || root == Path::new("") || root == Path::new("/") {
        return Err("site-root must name the folder of the built site, and nothing wider".into());
    }
    Ok(options)
}
