//! `/v1/…`: what Lectern asks of Stripe, with Stripe's own strictness about keys and parameters.

use super::ledger::{Session, id};
use super::{Act, Fake, lock, now};
use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{map_request_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

pub fn routes(fake: &Fake) -> Router<Fake> {
    Router::new()
        .route("/v1/checkout/sessions", get(list_sessions).post(create_session))
        .route("/v1/checkout/sessions/{session}", get(get_session))
        .route("/v1/checkout/sessions/{session}/expire", post(expire_session))
        .route("/v1/refunds", get(list_refunds).post(create_refund))
        .route("/v1/disputes", get(list_disputes))
        .route("/v1/events", get(list_events))
        .layer(map_request_with_state(fake.clone(), note))
        .layer(map_response(as_stripe))
}

/// Keeps what was asked, so that it can be held against what the official library asks.
async fn note(State(fake): State<Fake>, request: Request) -> Request {
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
async fn as_stripe(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert("stripe-version", HeaderValue::from_static(super::ledger::VERSION));
    headers.extend(HeaderValue::from_str(&id("req")).map(|id| (HeaderName::from_static("request-id"), id)));
    response
}

/// Calls that are kept.
const CALLS: usize = 200;

/// What a call comes to: an object, or why not.
type Answer = Result<Value, Refusal>;
/// The parameters of a call, by their names as they are sent.
type Parameters = BTreeMap<String, String>;

struct Refusal {
    status: StatusCode,
    kind: &'static str,
    code: Option<&'static str>,
    message: String,
}

fn invalid(code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        kind: "invalid_request_error",
        code: Some(code),
        message: message.into(),
    }
}

fn missing(what: &str, id: &str) -> Refusal {
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
        super::ledger::VERSION => Ok(()),
        version => Err(invalid("api_version", format!("Invalid Stripe API version: '{version}'"))),
    }
}

fn broken() -> Refusal {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Refusal { status, kind: "api_error", code: None, message: "An unknown error occurred".into() }
}

async fn read(
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
async fn write(
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
        let answers =
            |fake: &Fake| fake.ledger().answers.get(&key).map(|(of, status, body)| (of.clone(), *status, body.clone()));
        if let Some((of, status, body)) = answers(fake).filter(|_| !key.is_empty()) {
            return match of == request {
                true => Ok((status, body, true)),
                false => Err(Refusal {
                    kind: "idempotency_error",
                    code: None,
                    ..invalid("", "Keys for idempotent requests can only be used with the same parameters")
                }),
            };
        }
        let object = answer(&parameters(sent, known)?)?;
        fake.ledger().answers.insert(key, (request, 200, object.clone()));
        Ok((200, object, false))
    };
    let outcome = outcome.await;
    let swallowed = outcome.is_ok() && {
        let mut switches = lock(&fake.0.switches);
        let swallows = switches.swallow > 0;
        switches.swallow = switches.swallow.saturating_sub(1);
        swallows
    };
    match outcome {
        _ if swallowed => broken().into_response(),
        Ok((status, object, replayed)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let replayed = if replayed { "true" } else { "false" };
            (status, [("idempotent-replayed", replayed)], Json(object)).into_response()
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

fn text(parameters: &Parameters, name: &str) -> Result<String, Refusal> {
    let missing = || invalid("parameter_missing", format!("Missing required param: {name}."));
    parameters.get(name).filter(|value| !value.is_empty()).cloned().ok_or_else(missing)
}

fn number(parameters: &Parameters, name: &str) -> Result<i64, Refusal> {
    text(parameters, name)?
        .parse()
        .map_err(|_| invalid("parameter_invalid_integer", format!("Invalid integer: {name}")))
}

/// `metadata[…]` by its keys.
fn metadata(parameters: &Parameters, start: &str) -> BTreeMap<String, String> {
    let of = |name: &str| name.strip_prefix(start)?.strip_suffix(']').map(str::to_owned);
    parameters.iter().filter_map(|(name, value)| Some((of(name)?, value.clone()))).collect()
}

async fn create_session(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    const KNOWN: [&str; 13] = [
        "mode",
        "client_reference_id",
        "customer_email",
        "success_url",
        "cancel_url",
        "expires_at",
        "line_items[0][quantity]",
        "line_items[0][price_data][currency]",
        "line_items[0][price_data][unit_amount]",
        "line_items[0][price_data][product_data][name]",
        "payment_intent_data[metadata][*",
        "allow_promotion_codes",
        "automatic_tax[enabled]",
    ];
    write(&fake, &headers, &body, &KNOWN, |sent| {
        let (amount, expires_at) =
            (number(sent, "line_items[0][price_data][unit_amount]")?, number(sent, "expires_at")?);
        if text(sent, "mode")? != "payment" || text(sent, "line_items[0][quantity]")? != "1" {
            return Err(invalid("parameter_invalid", "One thing, paid once, is all that is sold here"));
        }
        if text(sent, "line_items[0][price_data][currency]")? != "usd" || !(50..=99_999_999).contains(&amount) {
            return Err(invalid("amount_too_small", "The amount must be from $0.50 to $999,999.99"));
        }
        if !(now() + 30 * 60 - 60..=now() + 24 * 3600 + 60).contains(&expires_at) {
            return Err(invalid("parameter_invalid", "expires_at must be from 30 minutes to 24 hours from now"));
        }
        let session = Session {
            id: id("cs_test"),
            created: now(),
            expires_at,
            amount,
            currency: text(sent, "line_items[0][price_data][currency]")?,
            name: text(sent, "line_items[0][price_data][product_data][name]")?,
            email: sent.get("customer_email").cloned(),
            client_reference_id: sent.get("client_reference_id").cloned(),
            success_url: text(sent, "success_url")?,
            cancel_url: sent.get("cancel_url").cloned(),
            status: "open",
            payment_status: "unpaid",
            failed: false,
            payment_intent: None,
            payment_metadata: metadata(sent, "payment_intent_data[metadata]["),
            promotion_codes: sent.get("allow_promotion_codes").is_some_and(|value| value == "true"),
            automatic_tax: sent.get("automatic_tax[enabled]").is_some_and(|value| value == "true"),
        };
        let mut ledger = fake.ledger();
        let id = session.id.clone();
        ledger.sessions.push(session);
        let mut object = ledger.session_json(&id, false);
        object["url"] = json!(format!("{}/pay/{id}", fake.0.address));
        Ok(object)
    })
    .await
}

async fn get_session(
    State(fake): State<Fake>,
    Path(session): Path<String>,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    read(&fake, &headers, query, &["expand[0]"], |sent| {
        let expanded = sent.get("expand[0]").is_some_and(|what| what == "payment_intent.latest_charge");
        let object = fake.ledger().session_json(&session, expanded);
        if object.is_null() { Err(missing("checkout.session", &session)) } else { Ok(object) }
    })
    .await
}

async fn list_sessions(
    State(fake): State<Fake>,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    read(&fake, &headers, query, &["payment_intent", "limit"], |sent| {
        Ok(fake.ledger().sessions_json(&text(sent, "payment_intent")?))
    })
    .await
}

async fn expire_session(
    State(fake): State<Fake>,
    Path(session): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    write(&fake, &headers, &body, &[], |_| {
        if fake.ledger().session(&session).is_none() {
            return Err(missing("checkout.session", &session));
        }
        fake.act(Act::Expire { session: session.clone() }).map_err(|why| invalid("session_not_open", why))?;
        Ok(fake.ledger().session_json(&session, false))
    })
    .await
}

async fn create_refund(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    write(&fake, &headers, &body, &["payment_intent", "amount", "reason", "metadata[*"], |sent| {
        let (intent, amount) = (text(sent, "payment_intent")?, number(sent, "amount")?);
        let reason = sent.get("reason").cloned();
        if !matches!(reason.as_deref(), None | Some("duplicate" | "fraudulent" | "requested_by_customer")) {
            return Err(invalid("parameter_invalid", "Invalid reason"));
        }
        if fake.ledger().session_of(&intent).is_none() {
            return Err(missing("payment_intent", &intent));
        }
        let refund = fake.ledger().refund(&intent, Some(amount), reason, metadata(sent, "metadata["));
        let (id, told) = refund.map_err(|why| invalid("charge_not_refundable", why))?;
        fake.tell(told);
        Ok(fake.ledger().refund_json(&id))
    })
    .await
}

async fn list_refunds(
    State(fake): State<Fake>,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    read(&fake, &headers, query, &["payment_intent", "limit"], |sent| {
        Ok(fake.ledger().refunds_json(&text(sent, "payment_intent")?))
    })
    .await
}

async fn list_events(
    State(fake): State<Fake>,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let kinds: Vec<String> =
        query.iter().filter(|(name, _)| name.starts_with("types[")).map(|(_, kind)| kind.clone()).collect();
    let known = ["delivery_success", "created[gte]", "limit", "types[*", "starting_after"];
    read(&fake, &headers, query, &known, |sent| {
        if text(sent, "delivery_success")? != "false" {
            return Err(invalid("parameter_invalid", "Only events that were not delivered are listed here"));
        }
        let limit = usize::try_from(number(sent, "limit")?).unwrap_or_default();
        number(sent, "created[gte]")?;
        Ok(fake.ledger().missed_json(&kinds, sent.get("starting_after"), limit))
    })
    .await
}

async fn list_disputes(
    State(fake): State<Fake>,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    read(&fake, &headers, query, &["payment_intent", "limit"], |sent| {
        Ok(fake.ledger().disputes_json(&text(sent, "payment_intent")?))
    })
    .await
}
