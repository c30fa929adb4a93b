//! What stands around every route.

use crate::policy;
use crate::support::app::{form, raw_form, request};
use crate::support::{App, Person, Reply, World};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, header};
use axum::routing::get;
use lectern::server::edge;
use sqlx::{ConnectOptions, PgPool};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tower::ServiceExt;

async fn ask(router: &Router, path: &str, headers: &[(header::HeaderName, &str)]) -> Reply {
    let mut request = request(Method::GET, &Person::anonymous(), path, Body::empty());
    for (name, value) in headers {
        request.headers_mut().insert(name, value.parse().expect("is a header"));
    }
    Reply::read(router.clone().oneshot(request).await.expect("the router answers")).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_handler_that_panics_or_hangs_loses_its_own_request_and_says_nothing_of_why(pool: PgPool) {
    let app = App::new(pool);
    let routes = Router::new()
        .route(
            "/panics",
            get(async || {
                if true {
                    panic!("the secret is 42")
                }
            }),
        )
        .route("/hangs", get(async || tokio::time::sleep(Duration::from_secs(600)).await))
        .route("/fine", get(async || "fine"));
    let router = edge::around(edge::bounded(routes, Duration::from_millis(300)), &app.state);
    let panics = ask(&router, "/panics", &[]).await;
    assert_eq!(panics.status, 500);
    assert!(panics.text().contains("Something went wrong") && !panics.text().contains("42"));
    let started = Instant::now();
    assert_eq!(ask(&router, "/hangs", &[]).await.status, 503);
    assert!(started.elapsed() < Duration::from_secs(60), "it was waited for");
    assert_eq!(ask(&router, "/fine", &[]).await.text(), "fine");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn every_answer_carries_the_requests_id(pool: PgPool) {
    let app = App::new(pool);
    let id = header::HeaderName::from_static("x-request-id");
    for path in ["/", "/healthz", "/nothing-here", "/pkg/nothing.js", "/courses"] {
        assert_eq!(app.get(path).await.header("x-request-id").len(), 36, "{path}");
    }
    let router = edge::router(app.state.clone()).unwrap();
    assert_eq!(ask(&router, "/", &[(id, "of-the-proxy")]).await.header("x-request-id"), "of-the-proxy");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_body_over_the_limit_is_refused(pool: PgPool) {
    let app = App::new(pool);
    let anybody = Person::anonymous();
    for accept in ["application/json", "text/html"] {
        let large = raw_form(&anybody, "sign_in", vec![b'a'; (4 << 20) + 1], accept);
        app.send(large).await.is(413);
        // Without saying how long it is.
        let mut unsaid = raw_form(&anybody, "sign_in", vec![b'a'; (4 << 20) + 1], accept);
        unsaid.headers_mut().remove(header::CONTENT_LENGTH);
        let status = app.send(unsaid).await.status;
        assert!(matches!(status, 400 | 413), "{accept}: {status}");
    }
    let fields = [("form[email]".to_owned(), "a".to_owned()), ("form[password]".to_owned(), "b".to_owned())];
    app.send(form(&anybody, "sign_in", &fields, "application/json")).await.is(400);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn pages_are_compressed_and_built_files_are_sent_as_they_were_compressed_and_kept(pool: PgPool) {
    let app = App::new(pool);
    let site = tempfile::tempdir().unwrap();
    let pkg = site.path().join("pkg");
    std::fs::create_dir(&pkg).unwrap();
    std::fs::write(pkg.join("a.wasm"), "as it is").unwrap();
    std::fs::write(pkg.join("a.wasm.br"), "compressed before").unwrap();
    let mut state = app.state.clone();
    state.leptos_options.site_root = site.path().to_str().unwrap().into();
    let router = edge::router(state).unwrap();

    let page = ask(&router, "/", &[(header::ACCEPT_ENCODING, "br")]).await;
    assert_eq!((page.status, page.header("content-encoding")), (200, "br"));
    assert_eq!(ask(&router, "/", &[]).await.header("content-encoding"), "");
    let file = ask(&router, "/pkg/a.wasm", &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
    assert_eq!((file.text().as_str(), file.header("content-encoding")), ("compressed before", "br"));
    assert_eq!(file.header("content-type"), "application/wasm");
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    let plain = ask(&router, "/pkg/a.wasm", &[]).await;
    assert_eq!((plain.text().as_str(), plain.header("content-encoding")), ("as it is", ""));
    let missing = ask(&router, "/pkg/b.wasm", &[]).await;
    assert_eq!((missing.status, missing.header("cache-control")), (404, "no-store"));
    for outside in ["/pkg/../Cargo.toml", "/pkg/..%2f..%2fCargo.toml", "/pkg/%2e%2e/%2e%2e/Cargo.toml"] {
        assert_eq!(ask(&router, outside, &[]).await.status, 404, "{outside}");
    }
}

/// The program itself, serving a test's database; it is stopped with the test.
struct Server {
    process: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Server {
    fn start(pool: &PgPool) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port is free");
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let process = Command::new(env!("CARGO_BIN_EXE_lectern"))
            .env("DATABASE_URL", pool.connect_options().to_url_lossy().as_str())
            .env("LECTERN_MODE", "demo")
            .env("LECTERN_DATA_DIR", folder.path())
            .env("LEPTOS_SITE_ADDR", address.to_string())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let server = Self { process, address, _folder: folder };
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < deadline, "the server does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn headers_that_never_end_do_not_hold_a_connection(pool: PgPool) {
    let server = Server::start(&pool);
    let mut slow = server.connect();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ").unwrap();
    let mut answer = Vec::new();
    slow.read_to_end(&mut answer).expect("the server ends the connection by itself");
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_request_under_way_is_answered_when_the_server_is_told_to_stop(pool: PgPool) {
    let mut server = Server::start(&pool);
    let body = "form%5Bemail%5D=who%40example.org&form%5Bpassword%5D=wrong";
    let (first, rest) = body.split_at(10);
    let mut stream = server.connect();
    let head = format!(
        "POST /api/sign_in HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nAccept: application/json\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{first}",
        server.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    let pid = rustix::process::Pid::from_child(&server.process);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(server.address).is_ok() {
        assert!(Instant::now() < deadline, "it still takes connections");
        std::thread::sleep(Duration::from_millis(50));
    }
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(server.process.wait().unwrap().success());
}

/// Threads share the server's work: an answer may end, or be dropped by a client that left, on another than it began.
#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_page_is_tied_to_no_thread(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    for route in policy::table().into_keys().filter(|path| !path.starts_with("/api/")) {
        let path = policy::address(route, &world);
        for person in [&world.admin, &world.learner] {
            let answer = app.open(request(Method::GET, person, &path, Body::empty())).await;
            assert!(std::thread::spawn(move || drop(answer)).join().is_ok(), "{path}");
        }
    }
}
