use super::reply::Reply;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response, header};
use clap::Parser;
use lectern::domain::id::UserId;
use lectern::server::auth::clerk::Clerk;
use lectern::server::auth::oidc::Oidc;
use lectern::server::auth::{Admin, session};
use lectern::server::config::{Cli, Config};
use lectern::server::context::AppState;
use lectern::server::db::Db;
use lectern::server::edge;
use lectern::server::files::Files;
use lectern::server::live::Live;
use lectern::server::mail::Mailer;
use lectern::server::payments::Gateways;
use lectern::server::rendered::Rendered;
use leptos::prelude::LeptosOptions;
use serde_json::Value;
use sqlx::PgPool;
use std::fmt::Display;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;

pub type Fields = Vec<(String, String)>;

/// Where a form without script was sent from.
pub const REFERER: &str = "http://127.0.0.1:3000/from-here";

/// The whole application behind its router, as `main` builds it, on the test's own database.
pub struct App {
    pub state: AppState,
    /// For looking at the database past the application.
    pub pool: PgPool,
    router: Router,
    /// What the application keeps on disk goes with it.
    _folder: TempDir,
}

/// Somebody who sends requests; without a cookie, anybody.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: UserId,
    pub email: String,
    pub cookie: Option<String>,
}

impl Person {
    pub fn anonymous() -> Self {
        Self { id: UserId(uuid::Uuid::nil()), email: String::new(), cookie: None }
    }
}

impl App {
    pub fn new(pool: PgPool) -> Self {
        Self::with(pool, &[])
    }

    /// With further settings, as the command line takes them.
    pub fn with(pool: PgPool, settings: &[&str]) -> Self {
        let db = Db::connect(pool.connect_options().as_ref().clone());
        Self::on(pool, db, settings)
    }

    pub fn on(pool: PgPool, db: Db, settings: &[&str]) -> Self {
        // The mode is named: that a database is named too would else make it production.
        let demo: &[&str] = if settings.contains(&"--mode") { &[] } else { &["--mode", "demo"] };
        let cli = Cli::parse_from([&["lectern"], demo, settings].concat());
        let mut config = Config::new(cli.settings).expect("the settings hold together");
        let folder = tempfile::tempdir().expect("there is room for a folder");
        config.settings.data_dir = folder.path().to_owned();
        let leptos_options =
            LeptosOptions::builder().output_name("lectern").site_root("target/site").hash_files(false).build();
        let state = AppState {
            db,
            gateways: Gateways::of(&config).expect("the gateways are made"),
            clerk: Clerk::of(&config).expect("Clerk is set up"),
            oidc: Oidc::of(&config).expect("the providers are set up"),
            mailer: Mailer::of(&config).expect("the mail server is understood"),
            config: Arc::new(config),
            limits: Arc::default(),
            live: Live::default(),
            rendered: Rendered::default(),
            files: Files::open(folder.path(), None).expect("the folder holds files"),
            leptos_options,
        };
        let router = edge::router(state.clone()).expect("every route has a policy");
        Self { state, pool, router, _folder: folder }
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        Reply::read(self.open(request).await).await
    }

    /// Sends a request, and leaves it to the test to read the answer.
    pub async fn open(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.expect("the router answers")
    }

    pub async fn get(&self, path: impl Display) -> Reply {
        self.get_as(&Person::anonymous(), path).await
    }

    pub async fn get_as(&self, person: &Person, path: impl Display) -> Reply {
        self.send(request(Method::GET, person, &path.to_string(), Body::empty())).await
    }

    /// Calls a server function as the browser's script does.
    pub async fn call(&self, person: &Person, function: &str, fields: Fields) -> Reply {
        self.send(form(person, function, &fields, "application/json")).await
    }

    /// Calls a server function that takes JSON.
    pub async fn call_json(&self, person: &Person, function: &str, arguments: Value) -> Reply {
        self.send(json(person, function, &arguments)).await
    }

    /// Sends a form as a browser without script does.
    pub async fn submit(&self, person: &Person, function: &str, fields: Fields) -> Reply {
        self.send(form(person, function, &fields, "text/html,application/xhtml+xml")).await
    }

    /// The same, sent from a page of the site.
    pub async fn submit_from(&self, person: &Person, page: &str, function: &str, fields: Fields) -> Reply {
        let mut request = form(person, function, &fields, "text/html,application/xhtml+xml");
        let referer = format!("http://127.0.0.1:3000{page}").parse().expect("is a header");
        request.headers_mut().insert(header::REFERER, referer);
        self.send(request).await
    }

    /// A session of its own for a user, past the sign-in form.
    pub async fn session(&self, user: UserId, email: &str) -> Person {
        let cookie = session::open(&self.state.db, &self.state.config, &HeaderMap::new(), user).await;
        let cookie = cookie.expect("a session opens");
        let pair = cookie.split(';').next().expect("a cookie has a value").to_owned();
        Person { id: user, email: email.to_owned(), cookie: Some(pair) }
    }

    /// The proof of an admin, as the edge reads it from their session.
    pub async fn proof(&self, person: &Person) -> Admin {
        let mut headers = HeaderMap::new();
        let cookie = person.cookie.as_ref().expect("has a session").parse().expect("is a header");
        headers.insert(header::COOKIE, cookie);
        let viewer = session::viewer(&self.state.db, &self.state.config, &headers).await.expect("the session is read");
        viewer.admin().expect("is an admin")
    }

    /// Somebody whose cookie has the right shape and belongs to no session.
    pub fn session_of_nobody(&self) -> Person {
        Person { cookie: Some(format!("lectern={}", "0".repeat(64))), ..Person::anonymous() }
    }

    /// The same person in another browser.
    pub async fn again(&self, person: &Person) -> Person {
        match person.cookie {
            Some(_) => self.session(person.id, &person.email).await,
            None => person.clone(),
        }
    }
}

pub fn request(method: Method, person: &Person, path: &str, body: Body) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::ACCEPT, "text/html");
    if let Some(cookie) = &person.cookie {
        request = request.header(header::COOKIE, cookie);
    }
    request.body(body).expect("the request is well formed")
}

pub fn form(person: &Person, function: &str, fields: &[(String, String)], accept: &str) -> Request<Body> {
    raw_form(person, function, encode(fields).into_bytes(), accept)
}

/// A form whose bytes are as given.
pub fn raw_form(person: &Person, function: &str, body: Vec<u8>, accept: &str) -> Request<Body> {
    let length = body.len();
    let mut request = request(Method::POST, person, &format!("/api/{function}"), Body::from(body));
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_LENGTH, length.into());
    headers.insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().expect("is a header"));
    headers.insert(header::ACCEPT, accept.parse().expect("is a header"));
    headers.insert(header::REFERER, REFERER.parse().expect("is a header"));
    headers.insert("sec-fetch-site", "same-origin".parse().expect("is a header"));
    request
}

pub fn json(person: &Person, function: &str, arguments: &Value) -> Request<Body> {
    let body = Body::from(arguments.to_string());
    let mut request = request(Method::POST, person, &format!("/api/{function}"), body);
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, "application/json".parse().expect("is a header"));
    headers.insert(header::ACCEPT, "application/json".parse().expect("is a header"));
    headers.insert("sec-fetch-site", "same-origin".parse().expect("is a header"));
    request
}

pub fn encode(fields: &[(String, String)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
