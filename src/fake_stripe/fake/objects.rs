//! What Stripe remembers, as the JSON that it writes (docs.stripe.com/api).

use super::ledger::{Ledger, VERSION, id};
use super::now;
use serde_json::{Map, Value, json};

impl Ledger {
    /// `expanded`: with the payment and its charge in it.
    pub fn session_json(&self, id: &str, expanded: bool) -> Value {
        let Some(session) = self.session(id) else { return Value::Null };
        let intent = session.payment_intent.as_ref().map(|id| match expanded {
            true => self.intent_json(id),
            false => json!(id),
        });
        json!({
            "id": session.id, "object": "checkout.session", "livemode": false, "mode": "payment",
            "ui_mode": "hosted_page", "created": session.created, "expires_at": session.expires_at,
            "amount_subtotal": session.amount, "amount_total": session.amount, "currency": session.currency,
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
            "client_reference_id": session.client_reference_id, "customer": null, "customer_email": session.email,
            "customer_details": session.email.as_ref().map(|email| json!({"email": email})),
            "success_url": session.success_url, "cancel_url": session.cancel_url,
            "status": session.status, "payment_status": session.payment_status, "payment_intent": intent,
            "payment_method_types": ["card"], "allow_promotion_codes": session.promotion_codes,
            "automatic_tax": {"enabled": session.automatic_tax, "liability": null, "provider": null, "status": null},
            "metadata": {}, "custom_fields": [], "shipping_options": [], "url": null,
        })
    }

    pub fn intent_json(&self, id: &str) -> Value {
        let Some(session) = self.session_of(id) else { return Value::Null };
        let status = match (session.payment_status, session.status) {
            ("paid", _) => "succeeded",
            (_, "complete") if !session.failed => "processing",
            _ => "requires_payment_method",
        };
        json!({
            "id": id, "object": "payment_intent", "livemode": false, "amount": session.amount, "currency": "usd",
            "status": status, "created": session.created, "metadata": session.payment_metadata,
            "latest_charge": (status == "succeeded").then(|| self.charge_json(id)),
        })
    }

    /// The charge of a payment.
    pub fn charge_json(&self, payment_intent: &str) -> Value {
        let Some(session) = self.session_of(payment_intent) else { return Value::Null };
        let refunded = self.refunded(payment_intent);
        let charge = payment_intent.replacen("pi_", "ch_", 1);
        json!({
            "id": charge, "object": "charge", "livemode": false, "amount": session.amount, "currency": "usd",
            "amount_refunded": refunded, "refunded": refunded == session.amount, "paid": true, "status": "succeeded",
            "captured": true, "amount_captured": session.amount, "created": session.created,
            "disputed": self.disputes.iter().any(|dispute| dispute.payment_intent == payment_intent),
            "payment_intent": payment_intent, "metadata": session.payment_metadata,
            "receipt_url": format!("https://pay.stripe.com/receipts/{charge}"),
        })
    }

    pub fn refund_json(&self, id: &str) -> Value {
        let Some(refund) = self.refunds.iter().find(|refund| refund.id == id) else { return Value::Null };
        let mut object = json!({
            "id": refund.id, "object": "refund", "amount": refund.amount, "currency": "usd", "status": refund.status,
            "charge": refund.payment_intent.replacen("pi_", "ch_", 1), "payment_intent": refund.payment_intent,
            "reason": refund.reason, "metadata": refund.metadata, "created": refund.created, "balance_transaction": null,
        });
        if refund.status == "failed" {
            object["failure_reason"] = json!("expired_or_canceled_card");
        }
        object
    }

    pub fn dispute_json(&self, id: &str) -> Value {
        let Some(dispute) = self.disputes.iter().find(|dispute| dispute.id == id) else { return Value::Null };
        json!({
            "id": dispute.id, "object": "dispute", "livemode": false, "amount": dispute.amount, "currency": "usd",
            "status": dispute.status, "reason": "product_not_received", "created": dispute.created,
            "charge": dispute.payment_intent.replacen("pi_", "ch_", 1), "payment_intent": dispute.payment_intent,
            "metadata": {}, "is_charge_refundable": false, "evidence": {}, "balance_transactions": [],
        })
    }

    /// Those of a payment, newest first, in Stripe's list.
    pub fn refunds_json(&self, payment_intent: &str) -> Value {
        let of = self.refunds.iter().rev().filter(|refund| refund.payment_intent == payment_intent);
        list("/v1/refunds", of.map(|refund| self.refund_json(&refund.id)).collect())
    }

    pub fn disputes_json(&self, payment_intent: &str) -> Value {
        let of = self.disputes.iter().rev().filter(|dispute| dispute.payment_intent == payment_intent);
        list("/v1/disputes", of.map(|dispute| self.dispute_json(&dispute.id)).collect())
    }

    pub fn sessions_json(&self, payment_intent: &str) -> Value {
        let of = self.session_of(payment_intent).map(|session| self.session_json(&session.id, false));
        list("/v1/checkout/sessions", of.into_iter().collect())
    }

    /// Those of some kinds since then that the webhook did not take, newest first, after one of them.
    pub fn missed_json(&self, kinds: &[String], since: i64, after: Option<&String>, limit: usize) -> Value {
        let missed = |event: &&Value| {
            let is = |field: &str| event[field].as_str().unwrap_or_default();
            let recent = event["created"].as_i64().is_some_and(|created| created >= since);
            recent && !self.taken.contains(is("id")) && kinds.iter().any(|kind| kind == is("type"))
        };
        let newest_first = self.events.iter().rev();
        let rest: Vec<&Value> = match after {
            Some(id) => newest_first.skip_while(|event| event["id"] != **id).skip(1).filter(missed).collect(),
            None => newest_first.filter(missed).collect(),
        };
        let page: Vec<Value> = rest.iter().take(limit).map(|event| (*event).clone()).collect();
        let mut object = list("/v1/events", page);
        object["has_more"] = json!(rest.len() > limit);
        object
    }
}

fn list(url: &str, data: Vec<Value>) -> Value {
    json!({"object": "list", "url": url, "has_more": false, "data": data})
}

pub fn event(kind: &str, object: Value) -> Value {
    let mut event = Map::new();
    event.insert("id".into(), json!(id("evt")));
    event.insert("object".into(), json!("event"));
    event.insert("api_version".into(), json!(VERSION));
    event.insert("created".into(), json!(now()));
    event.insert("data".into(), json!({ "object": object }));
    event.insert("livemode".into(), json!(false));
    event.insert("pending_webhooks".into(), json!(1));
    event.insert("request".into(), json!({"id": null, "idempotency_key": null}));
    event.insert("type".into(), json!(kind));
    Value::Object(event)
}
