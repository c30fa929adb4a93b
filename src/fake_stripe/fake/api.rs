//! `/v1/…`: what Lectern asks of Stripe.

use super::calls::{as_stripe, invalid, metadata, missing, note, number, read, text, write};
use super::ledger::{Ledger, Session, id};
use super::{Act, Fake, now};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::middleware::{map_request_with_state, map_response};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use serde_json::{Value, json};

pub fn routes(fake: &Fake) -> Router<Fake> {
    Router::new()
        .route("/v1/checkout/sessions", list(Ledger::sessions_json).post(create_session))
        .route("/v1/checkout/sessions/{session}", get(get_session))
        .route("/v1/checkout/sessions/{session}/expire", post(expire_session))
        .route("/v1/refunds", list(Ledger::refunds_json).post(create_refund))
        .route("/v1/disputes", list(Ledger::disputes_json))
        .route("/v1/events", get(list_events))
        .layer(map_request_with_state(fake.clone(), note))
        .layer(map_response(as_stripe))
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

/// Those that belong to a payment.
fn list(of: fn(&Ledger, &str) -> Value) -> MethodRouter<Fake> {
    get(async move |State(fake): State<Fake>, headers: HeaderMap, Query(query): Query<Vec<(String, String)>>| {
        read(&fake, &headers, query, &["payment_intent", "limit"], |sent| {
            Ok(of(&fake.ledger(), &text(sent, "payment_intent")?))
        })
        .await
    })
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
        let since = number(sent, "created[gte]")?;
        Ok(fake.ledger().missed_json(&kinds, since, sent.get("starting_after"), limit))
    })
    .await
}
