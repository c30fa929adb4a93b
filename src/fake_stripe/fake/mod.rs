//! The stand-in itself: what happens at Stripe, and who is told of it.

mod api;
mod calls;
mod hooks;
mod ledger;
mod objects;
mod page;

pub use hooks::Switches;

use axum::Router;
use hooks::Hooks;
use ledger::Ledger;
pub use ledger::Session;
use serde::Deserialize;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard};

/// Cheap to clone: all clones are one Stripe.
#[derive(Clone)]
pub struct Fake(Arc<Inner>);

struct Inner {
    ledger: Mutex<Ledger>,
    switches: Mutex<Switches>,
    hooks: Hooks,
    /// Its own address, without a slash at its end.
    address: String,
    key: String,
}

/// A session that was paid, in cents.
#[derive(Debug, Clone)]
pub struct Paid {
    pub session: String,
    pub amount: i64,
    /// By refunds that did not fail, and disputes that were lost.
    pub returned: i64,
}

/// What a buyer, the author at Stripe's dashboard, or a bank does.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Pays a session by card.
    Pay {
        session: String,
    },
    /// Pays a session in a way that takes days.
    PayLater {
        session: String,
    },
    /// That money came, or did not.
    Arrive {
        session: String,
        fails: bool,
    },
    Expire {
        session: String,
    },
    /// Gives money of a payment back at the dashboard; none for all that is left.
    Refund {
        payment_intent: String,
        amount: Option<i64>,
    },
    /// The buyer's bank does not take a refund.
    FailRefund {
        refund: String,
    },
    Dispute {
        payment_intent: String,
    },
    CloseDispute {
        dispute: String,
        won: bool,
    },
}

impl Fake {
    /// At its own address, taking this key, signing with this secret and telling this webhook.
    pub fn new(address: &str, key: &str, secret: &str, webhook: Option<String>) -> Self {
        Self(Arc::new(Inner {
            ledger: Mutex::default(),
            switches: Mutex::default(),
            hooks: Hooks::new(secret, webhook),
            address: address.to_owned(),
            key: key.to_owned(),
        }))
    }

    /// Stripe's interface, the page to pay at, and what drives it from outside.
    pub fn router(&self) -> Router {
        api::routes(self).merge(page::routes()).merge(hooks::routes()).with_state(self.clone())
    }

    /// Does something, and tells of it; returns the id of what came of it. The error says why it cannot be.
    pub fn act(&self, act: Act) -> Result<String, String> {
        let (id, told) = self.ledger().act(act)?;
        self.tell(told);
        Ok(id)
    }

    /// Changes how it behaves from now on.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut lock(&self.0.switches));
    }

    /// Everything that was told so far, oldest first.
    pub fn events(&self) -> Vec<Value> {
        self.ledger().events.clone()
    }

    /// The header that a webhook with this body is signed by, at this time in Unix seconds.
    pub fn signature(&self, body: &str, time: i64) -> String {
        self.0.hooks.signature(body, time)
    }

    /// The payment of a session.
    pub fn payment_of(&self, session: &str) -> Option<String> {
        self.ledger().session(session)?.payment_intent.clone()
    }

    /// Makes a session say something else than what it was opened with.
    pub fn tamper(&self, session: &str, change: impl FnOnce(&mut Session)) {
        let mut ledger = self.ledger();
        change(ledger.sessions.iter_mut().find(|found| found.id == session).expect("there is such a session"));
    }

    /// What a session was opened for.
    pub fn checkout_of(&self, session: &str) -> Option<String> {
        self.ledger().session(session)?.client_reference_id.clone()
    }

    /// What could be paid at this moment.
    pub fn open_sessions(&self) -> Vec<String> {
        self.ledger().open_sessions()
    }

    /// How many sessions were opened.
    pub fn sessions(&self) -> usize {
        self.ledger().sessions.len()
    }

    /// How many refunds were made, whoever asked for them.
    pub fn refunds(&self) -> usize {
        self.ledger().refunds.len()
    }

    /// Notes that the webhook took an event.
    pub fn taken(&self, event: &Value) {
        self.ledger().taken.insert(event["id"].as_str().unwrap_or_default().to_owned());
    }

    /// Every session that was paid, with what went back of it.
    pub fn paid(&self) -> Vec<Paid> {
        let ledger = self.ledger();
        let paid = ledger.sessions.iter().filter(|session| session.payment_status == "paid");
        paid.map(|session| Paid {
            session: session.id.clone(),
            amount: session.amount,
            returned: ledger.returned(session.payment_intent.as_deref().unwrap_or_default()),
        })
        .collect()
    }

    fn tell(&self, told: Vec<Value>) {
        let switches = lock(&self.0.switches).clone();
        for event in told {
            self.ledger().events.push(event.clone());
            self.0.hooks.send(self, &event, &switches);
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.0.ledger)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Unix seconds.
fn now() -> i64 {
    chrono::Utc::now().timestamp()
}
