//! What Stripe remembers, and what happens to it.

use super::objects::event;
use super::{Act, now};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// The version that objects are written in.
pub const VERSION: &str = "2026-10-28.endive";

#[derive(Default)]
pub struct Ledger {
    pub sessions: Vec<Session>,
    pub refunds: Vec<Refund>,
    pub disputes: Vec<Dispute>,
    pub events: Vec<Value>,
    /// The calls so far, as they were made.
    pub calls: Vec<Value>,
    /// Of the events, those that the webhook took.
    pub taken: HashSet<String>,
    /// Of each idempotency key the request that came with it, and its answer, where that is there already.
    pub answers: HashMap<String, (String, Option<Value>)>,
}

pub struct Session {
    pub id: String,
    pub created: i64,
    pub expires_at: i64,
    pub amount: i64,
    pub currency: String,
    pub name: String,
    pub email: Option<String>,
    pub client_reference_id: Option<String>,
    pub success_url: String,
    pub cancel_url: Option<String>,
    pub status: &'static str,
    pub payment_status: &'static str,
    /// Whether a payment that takes days came to nothing.
    pub failed: bool,
    /// Made when somebody pays.
    pub payment_intent: Option<String>,
    pub payment_metadata: BTreeMap<String, String>,
    pub promotion_codes: bool,
    pub automatic_tax: bool,
}

pub struct Refund {
    pub id: String,
    pub payment_intent: String,
    pub amount: i64,
    pub status: &'static str,
    pub reason: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub created: i64,
}

pub struct Dispute {
    pub id: String,
    pub payment_intent: String,
    pub amount: i64,
    pub status: &'static str,
    pub created: i64,
}

/// An id as Stripe makes them, like `re_…`.
pub fn id(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::new_v4().simple())
}

impl Ledger {
    pub fn session(&self, id: &str) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// Sessions that could be paid at this moment.
    pub fn open_sessions(&self) -> Vec<String> {
        self.sessions.iter().filter(|session| session.status == "open").map(|session| session.id.clone()).collect()
    }

    pub fn session_of(&self, payment_intent: &str) -> Option<&Session> {
        self.sessions.iter().find(|session| session.payment_intent.as_deref() == Some(payment_intent))
    }

    /// Does something; returns the id of what came of it, and the events that tell of it.
    pub fn act(&mut self, act: Act) -> Result<(String, Vec<Value>), String> {
        match act {
            Act::Pay { session } => self.finish(session, "paid", &["checkout.session.completed"]),
            Act::PayLater { session } => self.finish(session, "unpaid", &["checkout.session.completed"]),
            Act::Arrive { session, fails } => {
                let found = self.open(&session, "complete", "unpaid")?;
                if found.failed {
                    return Err("the payment has failed".into());
                }
                if fails {
                    found.failed = true;
                    Ok(self.told(session, "checkout.session.async_payment_failed"))
                } else {
                    found.payment_status = "paid";
                    Ok(self.told(session, "checkout.session.async_payment_succeeded"))
                }
            }
            Act::Expire { session } => {
                self.open(&session, "open", "unpaid")?.status = "expired";
                Ok(self.told(session, "checkout.session.expired"))
            }
            Act::Refund { payment_intent, amount } => self.refund(&payment_intent, amount, None, BTreeMap::new()),
            Act::FailRefund { refund } => {
                let found =
                    self.refunds.iter_mut().find(|found| found.id == refund).ok_or("there is no such refund")?;
                found.status = "failed";
                let object = self.refund_json(&refund);
                let told = ["refund.failed", "refund.updated"].map(|kind| event(kind, object.clone()));
                Ok((refund, told.into()))
            }
            Act::Dispute { payment_intent } => {
                let amount = self.session_of(&payment_intent).ok_or("there is no such payment")?.amount;
                let (id, created) = (id("du"), now());
                let status = "needs_response";
                self.disputes.push(Dispute { id: id.clone(), payment_intent, amount, status, created });
                let told = vec![event("charge.dispute.created", self.dispute_json(&id))];
                Ok((id, told))
            }
            Act::CloseDispute { dispute, won } => {
                let found =
                    self.disputes.iter_mut().find(|found| found.id == dispute).ok_or("there is no such dispute")?;
                found.status = if won { "won" } else { "lost" };
                let told = vec![event("charge.dispute.closed", self.dispute_json(&dispute))];
                Ok((dispute, told))
            }
        }
    }

    /// Gives money back, as much as is left at most; none for all of that.
    pub fn refund(
        &mut self,
        payment_intent: &str,
        amount: Option<i64>,
        reason: Option<String>,
        metadata: BTreeMap<String, String>,
    ) -> Result<(String, Vec<Value>), String> {
        let paid = self.session_of(payment_intent).filter(|session| session.payment_status == "paid");
        let left = paid.ok_or("there is no such payment")?.amount - self.refunded(payment_intent);
        let amount = amount.unwrap_or(left);
        if left == 0 {
            return Err("charge_already_refunded".into());
        }
        if amount < 1 || amount > left {
            return Err(format!("at most {left} can be refunded, and {amount} were asked for"));
        }
        let (id, created, status) = (id("re"), now(), "succeeded");
        let payment_intent = payment_intent.to_owned();
        let charge = payment_intent.clone();
        self.refunds.push(Refund { id: id.clone(), payment_intent, amount, status, reason, metadata, created });
        let told =
            vec![event("refund.created", self.refund_json(&id)), event("charge.refunded", self.charge_json(&charge))];
        Ok((id, told))
    }

    fn open(&mut self, id: &str, status: &str, payment_status: &str) -> Result<&mut Session, String> {
        let found = self.sessions.iter_mut().find(|session| session.id == id).ok_or("there is no such session")?;
        match found.status == status && found.payment_status == payment_status {
            true => Ok(found),
            false => Err(format!("the session is {} and {}", found.status, found.payment_status)),
        }
    }

    fn finish(&mut self, session: String, paid: &'static str, kinds: &[&str]) -> Result<(String, Vec<Value>), String> {
        let found = self.open(&session, "open", "unpaid")?;
        if found.expires_at < now() {
            return Err("the session has expired".into());
        }
        (found.status, found.payment_status, found.payment_intent) = ("complete", paid, Some(id("pi")));
        let object = self.session_json(&session, false);
        Ok((session, kinds.iter().map(|kind| event(kind, object.clone())).collect()))
    }

    fn told(&self, session: String, kind: &str) -> (String, Vec<Value>) {
        let told = vec![event(kind, self.session_json(&session, false))];
        (session, told)
    }

    /// What went back to the buyer of a payment.
    pub fn returned(&self, payment_intent: &str) -> i64 {
        let of = self.disputes.iter().filter(|dispute| dispute.payment_intent == payment_intent);
        self.refunded(payment_intent)
            + of.filter(|dispute| dispute.status == "lost").map(|lost| lost.amount).sum::<i64>()
    }

    pub fn refunded(&self, payment_intent: &str) -> i64 {
        let gone =
            self.refunds.iter().filter(|refund| refund.payment_intent == payment_intent && refund.status != "failed");
        gone.map(|refund| refund.amount).sum()
    }
}
