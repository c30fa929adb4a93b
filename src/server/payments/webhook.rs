//! What Stripe tells by itself. An event says that something changed, and where: what it is now, Stripe is asked. So
//! events may come in any order, twice, late or never.

use super::gateway::GatewayError;
use super::payment::Payment;
use super::settle::apply;
use super::stripe::{HEARD, Stripe};
use crate::error::AppError;
use crate::server::auth::Admin;
use crate::server::context::AppState;
use crate::server::db;
use sqlx::types::JsonValue;
use std::sync::Arc;

/// What is read of an event; the rest is kept as it came.
struct Event {
    id: String,
    kind: String,
    live: bool,
    /// The session that it is about, or the payment.
    about: About,
}

enum About {
    Session(String),
    PaymentIntent(String),
    /// Nothing that anything here hangs on.
    Else,
}

impl Event {
    fn read(payload: &JsonValue) -> Option<Self> {
        let text = |pointer: &str| payload.pointer(pointer).and_then(JsonValue::as_str).map(str::to_owned);
        let (id, kind) = (text("/id")?, text("/type")?);
        let about = match kind.as_str() {
            kind if !HEARD.contains(&kind) => None,
            kind if kind.starts_with("checkout.session.") => text("/data/object/id").map(About::Session),
            _ => text("/data/object/payment_intent").map(About::PaymentIntent),
        };
        let live = payload.pointer("/livemode").and_then(JsonValue::as_bool)?;
        Some(Self { id, kind, live, about: about.unwrap_or(About::Else) })
    }
}

/// Takes what was posted to the webhook. It is answered once it is stored and applied, in one transaction; what fails
/// is an error, stays visible, and is tried again.
///
/// Unsigned bytes are invalid, and leave no trace.
pub async fn receive(state: &AppState, body: &[u8], signature: &str) -> Result<(), AppError> {
    let stripe = state.gateways.stripe.clone().ok_or(AppError::NotFound)?;
    if !stripe.signed(body, signature) {
        return Err(AppError::invalid("stripe-signature", "This is not signed by the payment provider."));
    }
    let mut payload: JsonValue =
        serde_json::from_slice(body).map_err(|_| AppError::invalid("body", "This is not JSON."))?;
    without_nul(&mut payload);
    process(state, &stripe, payload).await
}

/// Applies an event that was parked or waits to be tried again; nothing else is there.
pub async fn replay_by_hand(state: &AppState, _: &Admin, id: &str) -> Result<(), AppError> {
    let payload = db::payment_events::unapplied(&state.db, id).await?.ok_or(AppError::NotFound)?;
    replay(state, payload)
        .await
        .map_err(|_| AppError::refused("It could not be applied this time, either. What is said beside it tells why."))
}

/// Applies an event that was stored and not applied.
pub async fn replay(state: &AppState, payload: JsonValue) -> Result<(), AppError> {
    let stripe = state.gateways.stripe.clone().ok_or(AppError::NotFound)?;
    process(state, &stripe, payload).await
}

async fn process(state: &AppState, stripe: &Arc<Stripe>, payload: JsonValue) -> Result<(), AppError> {
    let event = Event::read(&payload).ok_or_else(|| AppError::invalid("body", "This is not an event."))?;
    if db::payment_events::is_applied(&state.db, &event.id).await? {
        return Ok(());
    }
    let (id, kind) = (event.id.clone(), event.kind.clone());
    let stored = payload.clone();
    let outcome = match gather(state, stripe, &event).await {
        Ok(payment) => {
            let applied = state.db.write(move |tx| {
                Box::pin(async move {
                    if db::payment_events::take(tx, &event.id, &event.kind, &payload).await? {
                        if let Some(payment) = payment {
                            apply(tx, &payment).await?;
                        }
                        db::payment_events::applied(tx, &event.id).await?;
                    }
                    Ok(())
                })
            });
            applied.await.map_err(GatewayError::Ours)
        }
        Err(error) => Err(error),
    };
    let Err(error) = outcome else { return Ok(()) };
    let why = match &error {
        GatewayError::Away(why) | GatewayError::Refused(why) => why.clone(),
        GatewayError::NotFound => "Stripe does not know what this is about.".to_owned(),
        GatewayError::Ours(error) => error.to_string(),
    };
    tracing::error!(event = id, kind, why, "an event could not be applied");
    state
        .db
        .write(move |tx| Box::pin(async move { db::payment_events::failed(tx, &id, &kind, &stored, &why).await }))
        .await?;
    Err(match error.into() {
        // Whoever sent it is to send it again.
        AppError::NotFound => AppError::Internal,
        error => error,
    })
}

/// Asks Stripe what an event is about: none where it is nothing of ours.
async fn gather(state: &AppState, stripe: &Arc<Stripe>, event: &Event) -> Result<Option<Payment>, GatewayError> {
    if event.live != stripe.is_live() {
        tracing::warn!(event = event.id, live = event.live, "an event of the other mode has no effect");
        return Ok(None);
    }
    let session = match &event.about {
        About::Session(session) => Some(session.clone()),
        About::PaymentIntent(intent) => match db::checkouts::session_of_intent(&state.db, intent).await? {
            Some(session) => Some(session),
            // The refund may be heard of before what it gives back.
            None => stripe.session_of_intent(intent).await?,
        },
        About::Else => None,
    };
    match session {
        Some(session) => stripe.payment(&session).await.map(Some),
        None => Ok(None),
    }
}

/// Takes out what PostgreSQL's text cannot hold.
fn without_nul(value: &mut JsonValue) {
    match value {
        JsonValue::String(text) if text.contains('\0') => *text = text.replace('\0', ""),
        JsonValue::Array(values) => values.iter_mut().for_each(without_nul),
        JsonValue::Object(fields) => {
            fields.retain(|name, _| !name.contains('\0'));
            fields.values_mut().for_each(without_nul);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_postgresql_cannot_hold_is_taken_out_of_an_event_wherever_it_is() {
        let mut event = json!({"a": "x\0y", "b\0": 1, "c": ["\0", "z", {"d": "\0z\0", "\0": null}], "e": 1.5});
        without_nul(&mut event);
        assert_eq!(event, json!({"a": "xy", "c": ["", "z", {"d": "z"}], "e": 1.5}));
    }
}
