//! What holds for every answer and every way in, as `SECURITY.md` says it.

use crate::fields;
use crate::policy;
use crate::support::app::{form, raw_form, request};
use crate::support::store::{count, dump};
use crate::support::{App, Person, Reply, World};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, Method, header};
use axum::routing::get;
use lectern::server::{edge, policy as list};
use sqlx::PgPool;
use tempfile::TempDir;
use tower::ServiceExt;

const SECURE: [&str; 2] = ["--public-url", "https://learn.example.org"];

/// A site as it is built, in a folder with what stands around it where it is developed.
fn built_site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in [
        "pkg/lectern.js",
        "pkg/lectern.css",
        "pkg/lectern.wasm",
        "fonts/a.woff2",
        "pictures/a.svg",
        "vendor/hls.min.js",
        "vendor/hls.license.txt",
        "writing/tools.js",
        "favicon.svg",
        "stream.js",
        "Cargo.toml",
        ".env",
        ".git/HEAD",
        ".git/config",
        ".svn/entries",
        "data/files/secret",
    ] {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("content-of-{file}")).unwrap();
    }
    folder
}

/// The application beside such a site.
fn with_site(app: &App, site: &TempDir) -> Router {
    let mut state = app.state.clone();
    state.leptos_options.site_root = site.path().to_str().unwrap().into();
    edge::router(state).unwrap()
}

async fn ask(router: &Router, person: &Person, path: &str) -> Reply {
    let request = request(Method::GET, person, path, Body::empty());
    Reply::read(router.clone().oneshot(request).await.unwrap()).await
}

/// An answer of every kind, with what was asked: pages, data, files, refusals, and what went wrong.
async fn answers(app: &App) -> Vec<(String, Reply)> {
    let world = World::create(app).await;
    let mut all = Vec::new();
    for route in policy::table().into_keys().filter(|path| !path.starts_with("/api/")) {
        for person in [&world.admin, &world.learner, &Person::anonymous()] {
            let path = policy::address(route, &world);
            let reply = app.get_as(person, &path).await;
            all.push((format!("GET {path}"), reply));
        }
    }
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        let function = path.trim_start_matches("/api/");
        for accept in ["application/json", "text/html"] {
            // Some of them end the session that they are sent with.
            let admin = app.again(&world.admin).await;
            let course = fields!["course" => world.course.id, "id" => world.course.id];
            all.push((format!("POST {path} for {accept}"), app.send(form(&admin, function, &course, accept)).await));
        }
    }
    let site = built_site();
    let router = with_site(app, &site);
    for path in [
        "/pkg/lectern.js",
        "/pkg/lectern.css",
        "/pkg/lectern.wasm",
        "/pkg/gone.js",
        "/fonts/a.woff2",
        "/pictures/a.svg",
        "/vendor/hls.license.txt",
        "/writing/tools.js",
        "/favicon.svg",
        "/stream.js",
    ] {
        all.push((format!("GET {path}"), ask(&router, &Person::anonymous(), path).await));
    }
    // Of the calls above one ended every other session of the admin.
    let admin = app.again(&world.admin).await;
    let drawing = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    app.upload(&admin, world.paid(), "drawing.svg", drawing).await.is(204);
    for path in
        ["/no/such/page".to_owned(), "/a%00b".to_owned(), format!("/lessons/{}/files/drawing.svg", world.paid().id)]
    {
        all.push((format!("GET {path}"), app.get_as(&world.learner, &path).await));
    }
    let large = raw_form(&world.learner, "sign_in", vec![b'a'; (4 << 20) + 1], "text/html");
    all.push(("POST too much".into(), app.send(large).await));
    let mut foreign = form(&world.learner, "sign_out", &[], "text/html");
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    all.push(("POST from elsewhere".into(), app.send(foreign).await));
    for method in [Method::OPTIONS, Method::DELETE, Method::HEAD] {
        let sent = request(method.clone(), &admin, "/", Body::empty());
        all.push((format!("{method} /"), app.send(sent).await));
    }
    let panics = || async {
        if true {
            panic!("on purpose")
        }
    };
    let panicking = edge::around(Router::new().route("/panics", get(panics)), &app.state);
    all.push(("a panic".into(), ask(&panicking, &Person::anonymous(), "/panics").await));
    all
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se4_every_answer_asks_browsers_to_come_by_https_alone_for_a_year(pool: PgPool) {
    let app = App::with(pool, &SECURE);
    for (asked, reply) in answers(&app).await {
        let said = reply.header("strict-transport-security");
        let age =
            said.split("; ").find_map(|part| part.strip_prefix("max-age=")).and_then(|age| age.parse::<u32>().ok());
        assert!(age.is_some_and(|age| age >= 365 * 24 * 60 * 60), "{asked}: {} {said:?}", reply.status);
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{asked}");
        assert!(reply.header("content-security-policy").contains("frame-ancestors 'none'"), "{asked}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn no_answer_lets_a_script_of_another_site_read_it(pool: PgPool) {
    let app = App::new(pool);
    for (asked, reply) in answers(&app).await {
        let shared = reply.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
        assert!(shared.is_none(), "{asked}: {shared:?}");
    }
    let world = World::create(&app).await;
    for route in policy::table().into_keys() {
        for method in [Method::OPTIONS, Method::GET] {
            let path = policy::address(route, &world);
            let mut sent = request(method.clone(), &world.admin, &path, Body::empty());
            for (name, value) in [
                (header::ORIGIN, "https://evil.example"),
                (header::ACCESS_CONTROL_REQUEST_METHOD, "POST"),
                (header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type"),
            ] {
                sent.headers_mut().insert(name, value.parse().unwrap());
            }
            let reply = app.send(sent).await;
            assert!(!reply.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), "{method} {path}");
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn every_answer_with_a_body_says_what_it_is_and_in_which_characters(pool: PgPool) {
    let app = App::new(pool);
    let mut texts = 0;
    for (asked, reply) in answers(&app).await {
        let kind = reply.header("content-type");
        assert!(reply.body.is_empty() || !kind.is_empty(), "{asked}: {} {}", reply.status, reply.text());
        // A stream of events is in UTF-8 by its standard.
        if (kind.starts_with("text/") || kind.contains("xml")) && kind != "text/event-stream" {
            assert!(kind.ends_with("charset=utf-8"), "{asked}: {kind}");
            texts += 1;
        }
    }
    assert!(texts > 50);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se2_nothing_that_another_site_sends_to_any_address_is_taken(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let before = dump(&app.pool).await;
    for (route, _) in list::ROUTES {
        // What another service tells is believed by its signature, which `webhooks.rs` is about.
        if route.starts_with("/webhooks/") {
            continue;
        }
        let path = policy::address(route, &world);
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for (name, value) in [
                (HeaderName::from_static("sec-fetch-site"), "cross-site"),
                (HeaderName::from_static("sec-fetch-site"), "same-site"),
                (header::ORIGIN, "https://evil.example"),
                (header::ORIGIN, "null"),
            ] {
                let mut sent = request(method.clone(), &world.admin, &path, Body::from("a=b"));
                sent.headers_mut().insert(name.clone(), value.parse().unwrap());
                sent.headers_mut().insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
                sent.headers_mut().insert("tus-resumable", "1.0.0".parse().unwrap());
                let status = app.send(sent).await.status;
                assert!(matches!(status, 403 | 405), "{method} {path} with {name}: {value} is answered {status}");
            }
        }
    }
    assert_eq!(dump(&app.pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn nothing_of_the_repository_the_settings_or_the_data_is_served(pool: PgPool) {
    let app = App::new(pool);
    let site = built_site();
    let router = with_site(&app, &site);
    let there = ask(&router, &Person::anonymous(), "/pkg/lectern.js").await;
    assert_eq!(there.is(200).text(), "content-of-pkg/lectern.js");
    for file in [".git/HEAD", ".git/config", ".svn/entries", ".env", "Cargo.toml", "data/files/secret"] {
        for before in ["/", "//", "/pkg/../", "/pkg/..%2f", "/pkg/%2e%2e/", "/fonts/..%5c", "/writing/....//"] {
            let path = format!("{before}{file}");
            let reply = ask(&router, &Person::anonymous(), &path).await;
            assert!(reply.status == 404 && !reply.text().contains("content-of-"), "{path}: {}", reply.status);
        }
    }
}

/// Every cookie that an answer sets: its name, its value, and what is said of it.
fn cookies(reply: &Reply) -> Vec<(String, String, Vec<String>)> {
    let values = reply.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    values
        .map(|cookie| {
            let mut parts = cookie.split("; ").map(ToOwned::to_owned);
            let pair = parts.next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), value.to_owned(), parts.collect())
        })
        .collect()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn se1_every_cookie_is_bound_to_this_host_and_https_by_its_name(pool: PgPool) {
    let app = App::with(pool, &SECURE);
    let world = World::create(&app).await;
    let ada =
        fields!["form[name]" => "Ada", "form[email]" => "ada@example.org", "form[password]" => "long enough it is"];
    let looks = fields!["preview" => "visitor", "next" => "/"];
    let replies = [
        app.call(&Person::anonymous(), "sign_up", ada).await,
        app.call(&world.admin, "admin/start_preview", looks).await,
        app.call(&world.admin, "admin/stop_preview", fields!["next" => "/"]).await,
        app.call(&app.again(&world.learner).await, "sign_out", vec![]).await,
    ];
    let set: Vec<_> = replies.iter().flat_map(|reply| cookies(reply.ok())).collect();
    for (name, _, said) in &set {
        assert!(name.starts_with("__Host-lectern"), "{name}");
        for attribute in ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"] {
            assert!(said.iter().any(|part| part == attribute), "{name}: {said:?}");
        }
        assert!(!said.iter().any(|part| part.starts_with("Domain")), "{name}: {said:?}");
    }
    let names: std::collections::BTreeSet<&str> = set.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    // What another host of the domain could set under a plain name is not read.
    let paid = world.course.lesson_path(world.paid());
    let also = |cookie: &str| Person {
        cookie: Some(format!("{}; {cookie}", world.admin.cookie.as_deref().unwrap())),
        ..world.admin.clone()
    };
    app.get_as(&also("__Host-lectern-preview=visitor"), &paid).await.is(303);
    app.get_as(&also("lectern-preview=visitor"), &paid).await.is(200);
    let plain = world.learner.cookie.as_deref().unwrap().replace("__Host-", "");
    app.get_as(&Person { cookie: Some(plain), ..world.learner.clone() }, "/courses").await.is(303);
}

async fn sign_up(app: &App, email: &str, password: &str) -> Reply {
    let fields = fields!["form[name]" => "Ada", "form[email]" => email, "form[password]" => password];
    app.call(&Person::anonymous(), "sign_up", fields).await
}

async fn sign_in(app: &App, email: &str, password: &str) -> u16 {
    let fields = fields!["form[email]" => email, "form[password]" => password];
    app.call(&Person::anonymous(), "sign_in", fields).await.status
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_password_is_made_of_any_characters_and_compared_exactly_as_it_was_typed(pool: PgPool) {
    let app = App::new(pool);
    for (n, password) in [
        // One kind of character each; none has to be of another kind, and none is forbidden.
        "lettersandnothingelse".to_owned(),
        "7193048265".to_owned(),
        " '\"<>&;--%\\ ".to_owned(),
        (0..33_u32).map(|n| format!("Ünï{:02}é", n * 7919 % 97)).collect::<String>() + "\u{1F980}",
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("person-{n}@example.org");
        sign_up(&app, &email, &password).await.ok();
        assert_eq!(sign_in(&app, &email, &password).await, 200, "{password:?}");
        let mut shorter = password.clone();
        shorter.pop();
        let others = [password.to_uppercase(), password.trim().to_owned(), shorter, format!("{password} ")];
        for other in others.iter().filter(|other| **other != password) {
            assert_eq!(sign_in(&app, &email, other).await, 400, "{other:?} for {password:?}");
        }
    }
}

/// The attributes of every field on a page, by its name.
fn inputs(page: &str) -> Vec<(String, String)> {
    let main = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    let tags = main.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap().to_owned());
    let named = |tag: &str| tag.split(" name=\"").nth(1).and_then(|rest| rest.split('"').next()).map(ToOwned::to_owned);
    tags.map(|tag| (named(&tag).unwrap_or_default(), tag)).collect()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn passwords_are_asked_for_hidden_and_as_password_managers_look_for_them_and_nothing_else_lets_one_in(
    pool: PgPool,
) {
    let app = App::new(pool);
    let reply = sign_up(&app, "ada@example.org", "long enough it is").await;
    let cookie = cookies(reply.ok()).into_iter().map(|(name, value, _)| format!("{name}={value}")).collect::<Vec<_>>();
    let ada = Person { cookie: Some(cookie.join("; ")), ..Person::anonymous() };
    let anonymous = Person::anonymous();
    for (person, path, fields) in [
        (&anonymous, "/sign-in", &["form[email]", "form[password]"][..]),
        (&anonymous, "/sign-up", &["form[name]", "form[email]", "form[password]"]),
        (&anonymous, "/sign-in/reset", &["token", "password"]),
        (&ada, "/account", &["form[name]", "picture", "email", "form[current]", "form[password]"]),
        (&ada, "/account/delete", &["password"]),
    ] {
        let page = app.get_as(person, path).await.ok().text();
        let inputs: Vec<_> = inputs(&page).into_iter().filter(|(name, _)| name != "next").collect();
        // Neither hints nor questions whose answers others know: these fields, and no more.
        let names: Vec<&str> = inputs.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, fields, "{path}");
        for (name, tag) in inputs.iter().filter(|(name, _)| name.contains("password") || name.contains("current")) {
            assert!(tag.contains(" type=\"password\""), "{path} {name}: {tag}");
            let new = !name.contains("current") && path != "/sign-in" && path != "/account/delete";
            let wanted = if new { "new-password" } else { "current-password" };
            assert!(tag.contains(&format!(" autocomplete=\"{wanted}\"")), "{path} {name}: {tag}");
            // A browser would cut off what is pasted.
            for hindrance in ["maxlength", "readonly", "onpaste", "pattern"] {
                assert!(!tag.contains(hindrance), "{path} {name}: {tag}");
            }
            assert!(!tag.replace(" value=\"\"", "").contains(" value"), "{path} {name} is sent back");
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_new_site_has_no_account_that_somebody_could_know(pool: PgPool) {
    for table in ["users", "credentials", "sessions", "identities"] {
        assert_eq!(count(&pool, table).await, 0, "{table}");
    }
    let live = App::with(pool, &["--mode", "production", "--database-url", "postgres://localhost/unused"]);
    assert!(!live.get("/sign-in").await.ok().text().contains("Sign in as the author"));
    for (email, password) in [("admin", "admin"), ("author@demo.invalid", ""), ("root@localhost", "password123")] {
        assert_eq!(sign_in(&live, email, password).await, 400, "{email}");
    }
}
