//! What Lectern and its pages ask of Clerk: its script and what that asks for, its keys, and who somebody is.

use super::{Act, Fake, lock};
use axum::extract::{Form, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

const SCRIPT: &str = include_str!("clerk.js");

pub fn routes() -> Router<Fake> {
    Router::new()
        .route("/npm/@clerk/clerk-js@5/dist/clerk.browser.js", get(script))
        .route("/v1/client/sign_ins", post(sign_in))
        .route("/v1/client/sessions/{session}", get(session))
        .route("/v1/client/sessions/{session}/tokens", post(token))
        .route("/v1/client/sessions/{session}/remove", post(remove))
        .layer(map_response(for_any_page))
        .route("/.well-known/jwks.json", get(keys))
        .route("/v1/jwks", get(keys_for_servers))
        .route("/v1/users/{user}", get(user))
}

/// Pages of other origins ask, and say which.
async fn for_any_page(mut response: Response) -> Response {
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn down(fake: &Fake) -> bool {
    lock(&fake.0.switches).down
}

async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)
}

async fn keys(State(fake): State<Fake>) -> Result<Json<Value>, StatusCode> {
    lock(&fake.0.asked)[0] += 1;
    if down(&fake) {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    Ok(Json(json!({"keys": [fake.key().listed()]})))
}

async fn keys_for_servers(State(fake): State<Fake>, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    admitted(&fake, &headers)?;
    Ok(Json(json!({"keys": [fake.key().listed()]})))
}

async fn user(
    State(fake): State<Fake>,
    Path(user): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, StatusCode> {
    lock(&fake.0.asked)[1] += 1;
    admitted(&fake, &headers)?;
    let user = fake.people().user(&user);
    user.map(Json).ok_or(StatusCode::NOT_FOUND)
}

fn admitted(fake: &Fake, headers: &HeaderMap) -> Result<(), StatusCode> {
    let key = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match key == format!("Bearer {}", fake.0.secret_key) {
        _ if down(fake) => Err(StatusCode::SERVICE_UNAVAILABLE),
        true => Ok(()),
        false => Err(StatusCode::UNAUTHORIZED),
    }
}

#[derive(Deserialize)]
struct SignIn {
    email: String,
    #[serde(default)]
    name: String,
}

/// Whoever is not known is made.
async fn sign_in(State(fake): State<Fake>, Form(SignIn { email, name }): Form<SignIn>) -> Response {
    let known = fake.people().by_address(&email);
    let user = known.map_or_else(|| fake.act(Act::Create { email, name }), Ok);
    match user.and_then(|user| fake.act(Act::SignIn { user })) {
        Ok(id) => describe(&fake, &id).into_response(),
        Err(why) => (StatusCode::UNPROCESSABLE_ENTITY, why).into_response(),
    }
}

async fn session(State(fake): State<Fake>, Path(session): Path<String>) -> Json<Value> {
    describe(&fake, &session)
}

/// A session and whose it is; null where it ended.
fn describe(fake: &Fake, session: &str) -> Json<Value> {
    let people = fake.people();
    let user = people.user_of(session).and_then(|user| people.user(&user));
    Json(user.map_or(Value::Null, |user| json!({"id": session, "user": user})))
}

/// For pages of the origin that asks.
async fn token(
    State(fake): State<Fake>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Json<Value>, StatusCode> {
    let origin = request.headers().get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = fake.token(&session, origin).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({ "jwt": token })))
}

async fn remove(State(fake): State<Fake>, Path(session): Path<String>) -> StatusCode {
    // One that ended already is as gone as is wished.
    _ = fake.act(Act::EndSession { session, how: "removed".to_owned() });
    StatusCode::NO_CONTENT
}
