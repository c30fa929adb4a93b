//! What goes around every call: the key, what Stripe is strict about, and what is answered to a key that came before.

use super::ledger::{VERSION, id};
use super::{Fake, lock};
use axum::Json;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// Calls that are kept.
const CALLS: usize = 200;

/// Keeps what was asked, so that it can be held against what the official library asks.
pub async fn note(State(fake): State<Fake>, request: Request) -> Request {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let said = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let form = serde_urlencoded(&body).unwrap_or_default();
    let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|Query(pairs)| pairs).unwrap_or_default();
    let mut ledger = fake.ledger();
    if ledger.calls.len() == CALLS {
        ledger.calls.remove(0);
    }
    ledger.calls.push(json!({
        "method": parts.method.as_str(), "path": parts.uri.path(), "form": form, "query": query,
        "version": said("stripe-version"), "key": said("idempotency-key"), "content_type": said("content-type"),
        "authorization": said("authorization"),
    }));
    drop(ledger);
    Request::from_parts(parts, body.into())
}

/// What Stripe says beside every answer.
pub async fn as_stripe(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert("stripe-version", HeaderValue::from_static(VERSION));
    headers.extend(HeaderValue::from_str(&id("req")).map(|id| (HeaderName::from_static("request-id"), id)));
    response
}

/// What a call comes to: an object, or why not.
pub type Answer = Result<Value, Refusal>;
/// The parameters of a call, by their names as they are sent.
pub type Parameters = BTreeMap<String, String>;

pub struct Refusal {
    status: StatusCode,
    kind: &'static str,
    code: Option<&'static str>,
    message: String,
}

pub fn invalid(code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        kind: "invalid_request_error",
        code: Some(code),
        message: message.into(),
    }
}

pub fn missing(what: &str, id: &str) -> Refusal {
    Refusal { status: StatusCode::NOT_FOUND, ..invalid("resource_missing", format!("No such {what}: '{id}'")) }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { status, kind, code, message } = self;
        (status, Json(json!({"error": {"type": kind, "code": code, "message": message}}))).into_response()
    }
}

/// What goes before every call: the key, and the switches.
async fn admitted(fake: &Fake, headers: &HeaderMap) -> Result<(), Refusal> {
    let (slow, fails) = {
        let mut switches = lock(&fake.0.switches);
        let fails = switches.fail > 0;
        switches.fail = switches.fail.saturating_sub(1);
        (switches.slow, fails)
    };
    tokio::time::sleep(Duration::from_millis(slow)).await;
    if fails {
        return Err(broken());
    }
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if said("authorization") != format!("Bearer {}", fake.0.key) {
        let status = StatusCode::UNAUTHORIZED;
        return Err(Refusal { status, code: None, ..invalid("", "Invalid API Key provided") });
    }
    match said("stripe-version") {
        VERSION => Ok(()),
        version => Err(invalid("api_version", format!("Invalid Stripe API version: '{version}'"))),
    }
}

fn broken() -> Refusal {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Refusal { status, kind: "api_error", code: None, message: "An unknown error occurred".into() }
}

pub async fn read(
    fake: &Fake,
    headers: &HeaderMap,
    query: Vec<(String, String)>,
    known: &[&str],
    answer: impl FnOnce(&Parameters) -> Answer,
) -> Response {
    let answer = async {
        admitted(fake, headers).await?;
        answer(&parameters(query, known)?)
    };
    match answer.await {
        Ok(object) => Json(object).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// A call that writes. A key that came before gets the answer that it got then.
pub async fn write(
    fake: &Fake,
    headers: &HeaderMap,
    body: &Bytes,
    known: &[&str],
    answer: impl FnOnce(&Parameters) -> Answer,
) -> Response {
    let outcome = async {
        admitted(fake, headers).await?;
        let sent: Vec<(String, String)> =
            serde_urlencoded(body).ok_or_else(|| invalid("parameter_unknown", "The body is no form"))?;
        let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default().to_owned();
        let request = format!("{sent:?}");
        if key.is_empty() {
            return Ok((answer(&parameters(sent, known)?)?, false));
        }
        match fake.ledger().answers.get(&key) {
            Some((of, _)) if *of != request => {
                return Err(Refusal {
                    kind: "idempotency_error",
                    code: None,
                    ..invalid("", "Keys for idempotent requests can only be used with the same parameters")
                });
            }
            Some((_, Some(object))) => return Ok((object.clone(), true)),
            Some((_, None)) => {
                let status = StatusCode::CONFLICT;
                return Err(Refusal { status, ..invalid("idempotency_key_in_use", "Another request has this key") });
            }
            None => {}
        }
        fake.ledger().answers.insert(key.clone(), (request.clone(), None));
        let object = parameters(sent, known).and_then(|sent| answer(&sent));
        // What was refused may be asked for again.
        match &object {
            Ok(object) => _ = fake.ledger().answers.insert(key, (request, Some(object.clone()))),
            Err(_) => _ = fake.ledger().answers.remove(&key),
        }
        Ok((object?, false))
    };
    let outcome = outcome.await;
    let (swallowed, garbled) = {
        let mut switches = lock(&fake.0.switches);
        let (swallows, garbles) = (outcome.is_ok() && switches.swallow > 0, outcome.is_ok() && switches.garble > 0);
        switches.swallow -= u32::from(swallows);
        switches.garble -= u32::from(garbles);
        (swallows, garbles)
    };
    match outcome {
        _ if swallowed => broken().into_response(),
        _ if garbled => Json(json!("garbled")).into_response(),
        Ok((object, replayed)) => {
            ([("idempotent-replayed", if replayed { "true" } else { "false" })], Json(object)).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

fn serde_urlencoded(body: &Bytes) -> Option<Vec<(String, String)>> {
    let address = format!("/?{}", std::str::from_utf8(body).ok()?);
    Query::try_from_uri(&address.parse().ok()?).ok().map(|Query(pairs)| pairs)
}

/// By name; one that is not known is refused, as Stripe does.
fn parameters(sent: Vec<(String, String)>, known: &[&str]) -> Result<Parameters, Refusal> {
    for (name, _) in &sent {
        let fits = |known: &str| known == name || known.strip_suffix('*').is_some_and(|start| name.starts_with(start));
        if !known.iter().any(|known| fits(known)) {
            return Err(invalid("parameter_unknown", format!("Received unknown parameter: {name}")));
        }
    }
    Ok(sent.into_iter().collect())
}

pub fn text(parameters: &Parameters, name: &str) -> Result<String, Refusal> {
    let missing = || invalid("parameter_missing", format!("Missing required param: {name}."));
    parameters.get(name).filter(|value| !value.is_empty()).cloned().ok_or_else(missing)
}

pub fn number(parameters: &Parameters, name: &str) -> Result<i64, Refusal> {
    text(parameters, name)?
        .parse()
        .map_err(|_| invalid("parameter_invalid_integer", format!("Invalid integer: {name}")))
}

/// `metadata[…]` by its keys.
pub fn metadata(parameters: &Parameters, start: &str) -> BTreeMap<String, String> {
    let of = |name: &str| name.strip_prefix(start)?.strip_suffix(']').map(str::to_owned);
    parameters.iter().filter_map(|(name, value)| Some((of(name)?, value.clone()))).collect()
}
