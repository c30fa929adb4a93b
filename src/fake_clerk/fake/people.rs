//! Who is known at Clerk, as the JSON that it writes (clerk.com/docs/reference/backend-api).

use super::id;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Clone)]
struct Person {
    id: String,
    first: String,
    last: String,
    email: String,
    verified: bool,
    created_at: i64,
    updated_at: i64,
}

#[derive(Debug, Clone)]
struct Session {
    id: String,
    user: String,
    created_at: i64,
}

/// What a person, or the author at Clerk's dashboard, does.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Somebody comes who was not there.
    Create {
        email: String,
        name: String,
    },
    /// What is not named stays.
    Update {
        user: String,
        email: Option<String>,
        name: Option<String>,
        verified: Option<bool>,
    },
    Delete {
        user: String,
    },
    /// Begins a session, whose id is answered.
    SignIn {
        user: String,
    },
    /// Ends one: `ended`, `removed` or `revoked`.
    EndSession {
        session: String,
        how: String,
    },
}

#[derive(Default)]
pub struct People {
    people: Vec<Person>,
    sessions: Vec<Session>,
    /// What was told, oldest first.
    pub events: Vec<Value>,
}

impl People {
    /// Does something; returns the id of what came of it, and what is told of it.
    pub fn act(&mut self, act: Act) -> Result<(String, Vec<Value>), String> {
        match act {
            Act::Create { email, name } => {
                let (first, last) = halves(&name);
                let now = millis();
                let person =
                    Person { id: id("user"), first, last, email, verified: true, created_at: now, updated_at: now };
                let told = event("user.created", person.json());
                let id = person.id.clone();
                self.people.push(person);
                Ok((id, vec![told]))
            }
            Act::Update { user, email, name, verified } => {
                let person = self.people.iter_mut().find(|person| person.id == user).ok_or("nobody has this id")?;
                if let Some(name) = name {
                    (person.first, person.last) = halves(&name);
                }
                person.email = email.unwrap_or_else(|| person.email.clone());
                person.verified = verified.unwrap_or(person.verified);
                person.updated_at = millis().max(person.updated_at + 1);
                let told = event("user.updated", person.json());
                Ok((user, vec![told]))
            }
            Act::Delete { user } => {
                let at = self.people.iter().position(|person| person.id == user).ok_or("nobody has this id")?;
                self.people.remove(at);
                let (theirs, others) = self.sessions.drain(..).partition(|session| session.user == user);
                self.sessions = others;
                let gone = json!({"deleted": true, "id": user, "object": "user"});
                let ended = theirs.iter().map(|session: &Session| event("session.removed", session.json("removed")));
                Ok((user, ended.chain([event("user.deleted", gone)]).collect()))
            }
            Act::SignIn { user } => {
                if self.user(&user).is_none() {
                    return Err("nobody has this id".to_owned());
                }
                let session = Session { id: id("sess"), user, created_at: millis() };
                let told = event("session.created", session.json("active"));
                let id = session.id.clone();
                self.sessions.push(session);
                Ok((id, vec![told]))
            }
            Act::EndSession { session, how } => {
                let at = self.sessions.iter().position(|found| found.id == session).ok_or("no session has this id")?;
                let ended = self.sessions.remove(at);
                Ok((session, vec![event(&format!("session.{how}"), ended.json(&how))]))
            }
        }
    }

    /// A person, in Clerk's words.
    pub fn user(&self, id: &str) -> Option<Value> {
        self.people.iter().find(|person| person.id == id).map(Person::json)
    }

    /// The id of whoever has this address.
    pub fn by_address(&self, email: &str) -> Option<String> {
        let has = |person: &&Person| person.email.eq_ignore_ascii_case(email);
        self.people.iter().find(has).map(|person| person.id.clone())
    }

    /// Whose session it is, while it lasts.
    pub fn user_of(&self, session: &str) -> Option<String> {
        self.sessions.iter().find(|found| found.id == session).map(|session| session.user.clone())
    }
}

impl Person {
    fn json(&self) -> Value {
        let address = self.id.replacen("user_", "idn_", 1);
        let status = if self.verified { "verified" } else { "unverified" };
        json!({
            "id": self.id, "object": "user", "username": null, "first_name": self.first, "last_name": self.last,
            "image_url": "https://img.clerk.com/stand-in", "has_image": false, "primary_email_address_id": address,
            "primary_phone_number_id": null, "primary_web3_wallet_id": null, "password_enabled": false,
            "two_factor_enabled": false,
            "email_addresses": [{
                "id": address, "object": "email_address", "email_address": self.email, "linked_to": [], "reserved": false,
                "verification": {"status": status, "strategy": "email_code", "attempts": 1, "expire_at": null},
            }],
            "phone_numbers": [], "web3_wallets": [], "external_accounts": [], "enterprise_accounts": [],
            "public_metadata": {}, "private_metadata": {}, "unsafe_metadata": {}, "external_id": null,
            "last_sign_in_at": null, "banned": false, "locked": false, "created_at": self.created_at,
            "updated_at": self.updated_at, "last_active_at": null,
        })
    }
}

impl Session {
    fn json(&self, status: &str) -> Value {
        json!({
            "id": self.id, "object": "session", "user_id": self.user, "client_id": "client_stand_in", "status": status,
            "created_at": self.created_at, "updated_at": millis(), "last_active_at": self.created_at,
            "expire_at": self.created_at + 604_800_000, "abandon_at": self.created_at + 2_592_000_000,
        })
    }
}

pub fn event(kind: &str, data: Value) -> Value {
    json!({
        "data": data, "object": "event", "type": kind, "timestamp": millis(), "instance_id": "ins_stand_in",
        "event_attributes": {"http_request": {"client_ip": "127.0.0.1", "user_agent": "stand-in"}},
    })
}

fn halves(name: &str) -> (String, String) {
    let (first, last) = name.trim().split_once(' ').unwrap_or((name.trim(), ""));
    (first.to_owned(), last.to_owned())
}

fn millis() -> i64 {
    chrono::Utc::now().timestamp_millis()
}
