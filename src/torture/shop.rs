//! The server, its database and Stripe's stand-in: the first two can be killed.

use super::fake::Fake;
use super::rows;
use super::{Payments, Result};
use axum::http::HeaderMap;
use clap::Parser;
use lectern::domain::id::{CourseId, ProductId};
use lectern::server::auth::session;
use lectern::server::config::{Cli, Config};
use lectern::server::db::Db;
use lectern::server::local_postgres::LocalPostgres;
use reqwest::{Client, Response};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::PgPool;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;

/// Products, each with a course of its own: a buyer buys each of them once at most.
pub const PRODUCTS: usize = 10;
/// Cents that each of them costs.
pub const PRICE: i64 = 4900;

pub struct Shop {
    pub fake: Fake,
    pub pool: PgPool,
    pub products: Vec<(ProductId, CourseId)>,
    /// The cookies of their sessions.
    pub buyers: Vec<String>,
    admin: String,
    client: Client,
    origin: String,
    server: Mutex<Child>,
    database: Mutex<Option<LocalPostgres>>,
    settings: Vec<(&'static str, String)>,
    folder: Folder,
}

impl Shop {
    pub async fn open(how: &Payments) -> Result<Self> {
        let folder = Folder::new()?;
        let database = LocalPostgres::start(&folder.0.join("database")).await?;
        let url = database.url();
        let db = Db::connect(url.parse()?);
        db.migrate().await?;
        let pool = db.pool().clone();

        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let origin = format!("http://127.0.0.1:{port}");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let stripe = format!("http://{}", listener.local_addr()?);
        let fake = Fake::new(&stripe, "sk_test_torture", "whsec_torture", Some(format!("{origin}/webhooks/stripe")));
        fake.switch(|switches| {
            (switches.duplicates, switches.shuffle, switches.lose, switches.retries) = (how.dup - 1, 2_000, 2, 6);
        });
        let router = fake.router();
        tokio::spawn(async move { axum::serve(listener, router).await });

        let settings = vec![
            ("DATABASE_URL", url),
            ("LECTERN_MODE", "demo".to_owned()),
            ("LECTERN_DATA_DIR", folder.0.join("data").display().to_string()),
            ("LECTERN_DEMO_DIR", folder.0.join("none").display().to_string()),
            ("LECTERN_LOG", "off".to_owned()),
            ("LECTERN_PUBLIC_URL", origin.clone()),
            ("LEPTOS_SITE_ADDR", format!("127.0.0.1:{port}")),
            ("STRIPE_SECRET_KEY", "sk_test_torture".to_owned()),
            ("STRIPE_WEBHOOK_SECRET", "whsec_torture".to_owned()),
            ("STRIPE_URL", stripe),
        ];
        let (products, buyers, admin) = fill(&db, how.checkouts.div_ceil(PRODUCTS)).await?;
        let client = Client::builder()
            .timeout(Duration::from_secs(40))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        let server = Mutex::new(spawn(&settings)?);
        let database = Mutex::new(Some(database));
        let shop = Self { fake, pool, products, buyers, admin, client, origin, server, database, settings, folder };
        shop.wait().await?;
        Ok(shop)
    }

    /// Until the server answers and its database does.
    async fn wait(&self) -> Result<()> {
        for _ in 0..600 {
            let ready = self.client.get(format!("{}/readyz", self.origin)).send().await;
            if ready.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err("the server is not ready after a minute".into())
    }

    /// Posts a form as somebody's browser does.
    pub async fn post(&self, cookie: &str, function: &str, form: &[(&str, String)]) -> reqwest::Result<Response> {
        let request = self.client.post(format!("{}/api/{function}", self.origin));
        let request = request.header("cookie", cookie).header("accept", "application/json");
        request.header("sec-fetch-site", "same-origin").form(form).send().await
    }

    pub async fn get(&self, cookie: &str, path: &str) -> reqwest::Result<Response> {
        self.client.get(format!("{}{path}", self.origin)).header("cookie", cookie).send().await
    }

    pub async fn post_as_admin(&self, function: &str, form: &[(&str, String)]) -> reqwest::Result<Response> {
        self.post(&self.admin, function, form).await
    }

    pub async fn reconcile(&self) {
        _ = self.post_as_admin("admin/reconcile_payments", &[]).await;
    }

    /// Kills the server and starts it again.
    pub async fn kill_server(&self) -> Result<()> {
        let mut server = self.server.lock().await;
        server.kill().await?;
        *server = spawn(&self.settings)?;
        drop(server);
        self.wait().await
    }

    /// Kills the database, all of it at once, and starts it again: it recovers from its log.
    pub async fn kill_database(&self) -> Result<()> {
        let mut database = self.database.lock().await;
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid"))?;
        let pid: i32 = pid.lines().next().unwrap_or_default().trim().parse()?;
        kill_process(Pid::from_raw(pid).ok_or("the database has no process")?, Signal::KILL)?;
        // Its other processes see that it is gone, and go.
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(database.take());
        *database = Some(LocalPostgres::start(&self.folder.0.join("database")).await?);
        drop(database);
        self.wait().await
    }

    fn data(&self) -> PathBuf {
        self.folder.0.join("database/postgres/data")
    }

    pub async fn close(self) -> Result<()> {
        self.server.into_inner().kill().await?;
        self.pool.close().await;
        if let Some(database) = self.database.into_inner() {
            database.stop().await?;
        }
        Ok(())
    }
}

/// The server is the program beside this one.
fn spawn(settings: &[(&str, String)]) -> Result<Child> {
    let program = std::env::current_exe()?.with_file_name("lectern");
    let mut command = Command::new(&program);
    command.envs(settings.iter().map(|(name, value)| (*name, value))).stdout(Stdio::null()).kill_on_drop(true);
    command.spawn().map_err(|error| format!("{} cannot be run: {error}", program.display()).into())
}

type Filled = (Vec<(ProductId, CourseId)>, Vec<String>, String);

/// Products, buyers and an admin, with sessions.
async fn fill(db: &Db, buyers: usize) -> Result<Filled> {
    let config = Config::new(Cli::parse_from(["lectern", "--mode", "demo"]).settings)?;
    let mut products = Vec::new();
    for _ in 0..PRODUCTS {
        products.push(rows::product(db.pool()).await?);
    }
    let mut people = Vec::new();
    for n in 0..=buyers {
        let user = rows::person(db.pool(), n == 0).await?;
        let cookie = session::open(db, &config, &HeaderMap::new(), user).await?;
        people.push(cookie.split(';').next().unwrap_or_default().to_owned());
    }
    let admin = people.remove(0);
    Ok((products, people, admin))
}

/// Goes when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("lectern-torture-{}", std::process::id()));
        std::fs::create_dir(&path)?;
        // PostgreSQL is run by a user who is not root, and has to get in.
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}
