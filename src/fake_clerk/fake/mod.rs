//! The stand-in itself: who is known at Clerk, who is signed in there, and who is told of it.

mod api;
mod hooks;
mod keys;
mod people;

pub use hooks::Switches;
pub use keys::Key;
pub use people::Act;

use axum::Router;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hooks::Hooks;
use people::People;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};

/// One a process: making it takes a while.
static KEY: LazyLock<Key> = LazyLock::new(|| Key::new("ins_fake_1"));

/// Cheap to clone: all clones are one Clerk.
#[derive(Clone)]
pub struct Fake(Arc<Inner>);

struct Inner {
    people: Mutex<People>,
    switches: Mutex<Switches>,
    hooks: Hooks,
    /// Its own address, without a slash at its end.
    address: String,
    secret_key: String,
    /// How often its keys were asked for, and somebody.
    asked: Mutex<[usize; 2]>,
}

/// The key by which a page's script names the instance.
pub fn publishable_key() -> String {
    format!("pk_test_{}", STANDARD_NO_PAD.encode("stand-in.clerk.example$"))
}

impl Fake {
    /// At its own address, taking this key, signing webhooks with this secret and telling this webhook.
    pub fn new(address: &str, secret_key: &str, webhook_secret: &str, webhook: Option<String>) -> Self {
        Self(Arc::new(Inner {
            people: Mutex::default(),
            switches: Mutex::default(),
            hooks: Hooks::new(webhook_secret, webhook),
            address: address.to_owned(),
            secret_key: secret_key.to_owned(),
            asked: Mutex::default(),
        }))
    }

    /// Clerk's interfaces, its script, and what drives it from outside.
    pub fn router(&self) -> Router {
        api::routes().merge(hooks::routes()).with_state(self.clone())
    }

    /// Does something, and tells of it; returns the id of what came of it. The error says why it cannot be.
    pub fn act(&self, act: Act) -> Result<String, String> {
        let (id, told) = self.people().act(act)?;
        let switches = lock(&self.0.switches).clone();
        for event in told {
            self.people().events.push(event.clone());
            self.0.hooks.send(self, &event, &switches);
        }
        Ok(id)
    }

    /// Changes how it behaves from now on.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut lock(&self.0.switches));
    }

    /// Everything that was told so far, oldest first.
    pub fn events(&self) -> Vec<Value> {
        self.people().events.clone()
    }

    /// The headers that a webhook with this body is signed by, at this time in Unix seconds.
    pub fn signature(&self, id: &str, body: &str, time: i64) -> [(&'static str, String); 3] {
        self.0.hooks.signature(id, body, time)
    }

    /// How often its keys were asked for, and how often somebody.
    pub fn asked(&self) -> [usize; 2] {
        *lock(&self.0.asked)
    }

    /// What a token says of a session, for pages of this origin.
    pub fn claims(&self, session: &str, origin: &str) -> Option<Value> {
        let user = self.people().user_of(session)?;
        let now = now();
        Some(json!({
            "azp": origin, "exp": now + 60, "fva": [0, -1], "iat": now, "iss": self.0.address, "jti": id("jti"),
            "nbf": now - 10, "sid": session, "sts": "active", "sub": user, "v": 2,
        }))
    }

    /// A token for a session, as its pages get one.
    pub fn token(&self, session: &str, origin: &str) -> Option<String> {
        self.claims(session, origin).map(|claims| KEY.sign(&claims))
    }

    /// The key that signs its tokens.
    pub fn key(&self) -> &'static Key {
        &KEY
    }

    fn people(&self) -> MutexGuard<'_, People> {
        lock(&self.0.people)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Unix seconds.
fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

fn id(kind: &str) -> String {
    let letters = rand::random_iter::<u8>().map(|byte| char::from(b'a' + byte % 26));
    format!("{kind}_{}", letters.take(27).collect::<String>())
}
