//! The page that a buyer is led to, where Stripe's would ask for a card.

use super::{Act, Fake};
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

pub fn routes() -> Router<Fake> {
    Router::new().route("/pay/{session}", get(show).post(press))
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:10vh auto;padding:0 1rem;color:#1a1f36}\
    button{display:block;width:100%;margin:.5rem 0;padding:.75rem;font:inherit;border:1px solid #a3acb9;border-radius:6px;\
    background:#fff}button:first-of-type{background:#0a2540;color:#fff}.badge{background:#ffde92;padding:.1rem .5rem;\
    border-radius:4px;font-size:.8rem}";

async fn show(State(fake): State<Fake>, Path(session): Path<String>) -> Response {
    let ledger = fake.ledger();
    let Some(session) = ledger.session(&session) else { return StatusCode::NOT_FOUND.into_response() };
    let dollars = format!("${}.{:02}", session.amount / 100, session.amount % 100);
    let buttons: String = match (session.status, session.payment_status) {
        ("open", _) => vec![("pay", "Pay"), ("later", "Pay in a way that takes days"), ("cancel", "Cancel")],
        ("complete", "unpaid") if !session.failed => {
            vec![("arrive", "The money arrives"), ("fail", "The payment fails")]
        }
        _ => Vec::new(),
    }
    .iter()
    .map(|(value, label)| format!("<button name=press value={value}>{label}</button>"))
    .collect();
    let email = session.email.as_deref().unwrap_or_default();
    Html(format!(
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>Pay {dollars}</title><style>{STYLE}</style><main><p><span class=badge>TEST MODE</span> \
         This stands in for Stripe. No money moves.<h1>{dollars}</h1><p>{name}<p>{email}\
         <p>This session is {status}.<form method=post>{buttons}</form></main>",
        name = escape(&session.name),
        email = escape(email),
        status = session.status,
    ))
    .into_response()
}

#[derive(Deserialize)]
struct Press {
    press: String,
}

async fn press(State(fake): State<Fake>, Path(session): Path<String>, Form(Press { press }): Form<Press>) -> Response {
    let (success, cancel) = match fake.ledger().session(&session) {
        Some(found) => (found.success_url.clone(), found.cancel_url.clone().unwrap_or_default()),
        None => return StatusCode::NOT_FOUND.into_response(),
    };
    let (act, then) = match press.as_str() {
        "pay" => (Act::Pay { session }, success),
        "later" => (Act::PayLater { session }, success),
        "arrive" => (Act::Arrive { session, fails: false }, success),
        "fail" => (Act::Arrive { session, fails: true }, success),
        _ => return Redirect::to(&cancel).into_response(),
    };
    match fake.act(act) {
        Ok(_) => Redirect::to(&then).into_response(),
        Err(why) => (StatusCode::CONFLICT, why).into_response(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\'', "&#39;")
}
