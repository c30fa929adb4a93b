//! The one router, for `main` and for tests: routes, and the layers around them from the outside in.

mod account;
mod answers;
mod bring;
mod bulk;
mod clerk;
mod covers;
mod csv;
mod export;
mod forms;
mod gate;
mod headers;
mod live;
mod media;
mod oidc;
mod passkeys;
mod people;
mod plain;
mod portrait;
mod refused;
mod sales;
mod uploads;
mod webhooks;

pub use forms::sentence;

use super::auth::Viewer;
use super::context::AppState;
use super::policy;
use crate::app::{App, shell};
use crate::domain::id::CourseId;
use crate::error::AppError;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Extension, State};
use axum::http::{HeaderName, Request, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use leptos::prelude::provide_context;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::sensitive_headers::SetSensitiveRequestHeadersLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::timeout::TimeoutBody;
use tower_http::trace::TraceLayer;

/// Most bytes of a request: a lesson's 1 MiB of Markdown, percent-encoded.
const MAX_BODY: usize = 4 << 20;
/// Longest time a request may take before it is answered with 503.
const TIMEOUT: Duration = Duration::from_secs(30);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Builds the router. The error names every route or server function that the policy list does not know.
pub fn router(state: AppState) -> Result<Router, String> {
    let pages = generate_route_list(App);
    let functions: Vec<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let plain = [
        plain::PATHS,
        account::PATHS,
        covers::PATHS,
        portrait::PATHS,
        media::PATHS,
        uploads::PATHS,
        export::PATHS,
        live::PATHS,
        people::PATHS,
        sales::PATHS,
        bring::PATHS,
        bulk::PATHS,
        clerk::PATHS,
        oidc::PATHS,
        passkeys::PATHS,
        webhooks::PATHS,
    ]
    .concat();
    let routes = pages.iter().map(AxumRouteListing::path).chain(plain);
    policy::check(routes, functions.into_iter())?;

    // Pages, server functions and the answer to an unknown address all get the same context.
    let context = {
        let state = state.clone();
        move || {
            provide_context(state.clone());
            headers::provide_page_context(&state.config);
        }
    };
    let shell = {
        let options = state.leptos_options.clone();
        move || shell(options.clone())
    };
    let unknown = {
        let render = leptos_axum::render_app_async_with_context(context.clone(), shell.clone());
        move |State(_): State<AppState>, request: Request<Body>| {
            let page = render(request);
            async move {
                let mut response = page.await.into_response();
                *response.status_mut() = StatusCode::NOT_FOUND;
                response
            }
        }
    };

    let admitted = Router::new()
        .merge(plain::routes())
        .merge(covers::routes())
        .merge(portrait::routes())
        .merge(clerk::routes())
        .merge(oidc::routes())
        .merge(passkeys::routes())
        // The pages, and a route for every server function.
        .leptos_routes_with_context(&state, pages, context, shell)
        .layer(middleware::from_fn(answers::with_status))
        .fallback(get(unknown))
        .layer(middleware::from_fn_with_state(state.clone(), gate::admit));
    let pages = admitted.clone().with_state(state.clone());
    let answering = Extension(forms::Pages(pages.clone()));
    let router = admitted
        .layer(middleware::from_fn(move |request: Request<Body>, next: Next| {
            refused::with_what_was_typed(pages.clone(), request, next)
        }))
        .layer(answering.clone())
        .layer(CsrfLayer::new())
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest));
    // Media are sent as they are, by the range; a long upload is no request that hangs.
    let gate = || middleware::from_fn_with_state(state.clone(), gate::admit);
    let lists = people::routes().merge(sales::routes()).merge(account::routes());
    let media = media::routes().merge(export::routes()).merge(lists).merge(live::routes()).layer(gate());
    // What another service posts is no cross-site request of a browser's.
    let hooks = webhooks::routes().layer(gate());
    let uploads = uploads::routes().merge(bring::routes()).merge(bulk::routes()).layer(answering);
    let uploads = forms::patient(uploads, forms::PATIENCE);
    let uploads = uploads.layer(gate()).layer(CsrfLayer::new()).layer(DefaultBodyLimit::disable());
    let quick = bounded(router.merge(media).merge(hooks).merge(files(&state)), TIMEOUT);
    Ok(around(quick.merge(uploads), &state))
}

/// What takes as long as it takes: a course is copied with all of its files, and whoever were told to try again would have
/// it twice.
const UNBOUNDED: [&str; 3] = ["/api/admin/copy_course", "/api/admin/copy_section", "/api/admin/copy_lesson"];

/// Answers 503 to what takes longer to be answered, but for [`UNBOUNDED`].
pub fn bounded<S: Clone + Send + Sync + 'static>(routes: Router<S>, timeout: Duration) -> Router<S> {
    routes.layer(middleware::from_fn(move |request: Request<Body>, next: Next| async move {
        if UNBOUNDED.contains(&request.uri().path()) {
            let patient = request.map(|body| Body::new(TimeoutBody::new(timeout, body)));
            return next.run(patient).await;
        }
        let answered = tokio::time::timeout(timeout, next.run(request)).await;
        answered.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
    }))
}

/// What holds for every route, media and files included, from the outside in.
pub fn around(routes: Router<AppState>, state: &AppState) -> Router {
    let options = state.leptos_options.clone();
    routes
        .layer(
            ServiceBuilder::new()
                // Around whatever answers, the answer to a panic included.
                .layer(middleware::from_fn_with_state(state.clone(), headers::secure))
                .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
                .layer(SetSensitiveRequestHeadersLayer::new([
                    axum::http::header::COOKIE,
                    axum::http::header::AUTHORIZATION,
                ]))
                .layer(TraceLayer::new_for_http().make_span_with(span))
                .layer(PropagateRequestIdLayer::new(REQUEST_ID))
                // The request whose handler panicked is lost, and no other.
                .layer(CatchPanicLayer::custom(move |_| answers::page(&options, &AppError::Internal))),
        )
        .with_state(state.clone())
}

/// What log lines say of their request. Not what stands behind the question mark: that may be the secret of a letter.
fn span(request: &Request<Body>) -> tracing::Span {
    tracing::debug_span!("request", method = %request.method(), path = request.uri().path(), version = ?request.version())
}

/// The built site: `/pkg` under names that change with their content, the rest to be asked about again.
fn files(state: &AppState) -> Router<AppState> {
    let root = std::path::PathBuf::from(state.leptos_options.site_root.as_ref());
    let site = |folder: &str| ServeDir::new(root.join(folder)).precompressed_br().precompressed_gzip();
    let file = |name: &str| ServeFile::new(root.join(name)).precompressed_br().precompressed_gzip();
    Router::new()
        .nest_service("/pkg", site("pkg"))
        .nest_service("/fonts", site("fonts"))
        .nest_service("/pictures", site("pictures"))
        .nest_service("/vendor", site("vendor"))
        .route_service("/favicon.svg", file("favicon.svg"))
        .route_service("/icons.svg", file("icons.svg"))
        .nest_service("/writing", site("writing"))
        .route_service("/stream.js", file("stream.js"))
        .route_service("/clerk.js", file("clerk.js"))
        .route_service("/passkeys.js", file("passkeys.js"))
        .route_service("/writing.js", file("writing.js"))
        .route_service("/lesson-writing.js", file("lesson-writing.js"))
        .nest_service("/product", site("product"))
        .route_service("/product.js", file("product.js"))
        .layer(middleware::map_response(headers::cache_files))
}

/// What a request gets that matched nothing or failed before its page: plain, and without a reason that helps nobody.
fn text(status: StatusCode, sentence: &'static str) -> Response {
    (status, [(axum::http::header::CONTENT_TYPE, "text/plain; charset=utf-8")], sentence).into_response()
}

/// The course in an address of an admin's; the proof that it is one comes first.
fn course_of_admin(viewer: Viewer, course: &str) -> Result<CourseId, AppError> {
    viewer.admin()?;
    course.parse().map_err(|_| AppError::NotFound)
}

fn no_course(error: &AppError) -> Response {
    text(answers::status(error), "There is no such course.\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};
    use tower::ServiceExt;
    use tracing_subscriber::fmt::MakeWriter;

    /// Lines as they are logged.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("is free").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Lines {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn se9_what_is_logged_of_a_request_leaves_out_what_stands_behind_the_question_mark() {
        let lines = Lines::default();
        let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(lines.clone()).finish();
        tracing::subscriber::with_default(log, || {
            let request = Request::get("/sign-in/link?token=of-a-letter").body(Body::empty()).expect("is a request");
            span(&request).in_scope(|| tracing::info!("answered"));
        });
        let said = String::from_utf8(lines.0.lock().expect("is free").clone()).expect("is text");
        assert!(said.contains("answered") && said.contains("/sign-in/link"), "{said}");
        assert!(!said.contains("of-a-letter"), "{said}");
    }

    #[tokio::test]
    async fn what_takes_long_is_answered_503_but_for_copying() {
        let slow = || async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            "done"
        };
        let routes = UNBOUNDED.iter().fold(Router::new(), |routes, path| routes.route(path, get(slow)));
        let routes = bounded(routes.route("/api/admin/delete_course", get(slow)), Duration::from_millis(50));
        let ask = async |path: &str| {
            let request = Request::get(path).body(Body::empty()).expect("is a request");
            let Ok(answer) = routes.clone().oneshot(request).await;
            answer.status().as_u16()
        };
        for path in UNBOUNDED {
            assert_eq!(ask(path).await, 200, "{path}");
            assert_eq!(policy::of_server_function(path), Some(policy::Policy::Admin), "{path} is one of ours");
        }
        assert_eq!(ask("/api/admin/delete_course").await, 503);
    }
}
