//! The public keys of an instance at Clerk: the one in the settings, or those that Clerk lists (RFC 7517), kept.

use super::Refused;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long after an answer Clerk is not asked again: whoever sends tokens of made-up keys makes one request a minute.
const PAUSE: Duration = Duration::from_secs(60);
/// The same after there was none.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How long keys hold without being asked about: one that Clerk took back is believed for so long.
const HOLD: Duration = Duration::from_secs(60 * 60);

/// Where keys come from.
pub enum Keys {
    /// The settings; it signs everything.
    Fixed(Box<DecodingKey>),
    Listed(Listed),
}

/// Keys as Clerk lists them.
pub struct Listed {
    http: reqwest::Client,
    /// The list's address.
    address: String,
    known: RwLock<Known>,
    /// Whose turn it is to ask: one at a time.
    turn: Mutex<Turn>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, DecodingKey>,
    /// When they were listed.
    at: Option<Instant>,
}

#[derive(Default)]
struct Turn {
    not_before: Option<Instant>,
    failed: bool,
}

/// A public RSA key as PEM; in an environment, line ends may be spelled `\n`.
pub fn read_pem(pem: &str) -> Option<DecodingKey> {
    let pem = pem.replace("\\n", "\n");
    // A private key has no place here.
    pem.contains("PUBLIC KEY-----").then(|| DecodingKey::from_rsa_pem(pem.trim().as_bytes()).ok()).flatten()
}

impl Keys {
    /// Those of the instance whose interface for browsers is at `front`.
    pub fn listed(http: reqwest::Client, front: &str) -> Self {
        let address = format!("{front}/.well-known/jwks.json");
        Self::Listed(Listed { http, address, known: RwLock::default(), turn: Mutex::default() })
    }

    /// The key that a token names.
    pub async fn get(&self, name: Option<&str>) -> Result<DecodingKey, Refused> {
        match self {
            Self::Fixed(key) => Ok((**key).clone()),
            Self::Listed(listed) => listed.get(name.ok_or(Refused::Token("no kid"))?, Instant::now).await,
        }
    }
}

impl Listed {
    async fn get(&self, name: &str, now: impl Fn() -> Instant) -> Result<DecodingKey, Refused> {
        if let (Some(key), true) = self.look(name, now()) {
            return Ok(key);
        }
        let mut turn = self.turn.lock().await;
        // Somebody else may have asked meanwhile.
        let known = match self.look(name, now()) {
            (Some(key), true) => return Ok(key),
            (known, _) => known,
        };
        if turn.not_before.is_none_or(|time| now() >= time) {
            // Noted before it is asked: whoever asked may be gone before the answer.
            *turn = Turn { not_before: Some(now() + PAUSE_AFTER_FAILURE), failed: true };
            match self.ask().await {
                Ok(keys) => {
                    *turn = Turn { not_before: Some(now() + PAUSE), failed: false };
                    let found = keys.get(name).cloned();
                    *self.known.write().unwrap_or_else(PoisonError::into_inner) = Known { keys, at: Some(now()) };
                    return found.ok_or(Refused::Token("kid"));
                }
                Err(why) => tracing::warn!(why, "Clerk's keys could not be fetched"),
            }
        }
        // What was listed holds while nobody can be asked.
        match (known, turn.failed) {
            (Some(key), _) => Ok(key),
            (None, true) => Err(Refused::Away),
            (None, false) => Err(Refused::Token("kid")),
        }
    }

    /// A key that is known, and whether all of them are to be asked about again.
    fn look(&self, name: &str, now: Instant) -> (Option<DecodingKey>, bool) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        (known.keys.get(name).cloned(), known.at.is_some_and(|at| now.duration_since(at) < HOLD))
    }

    async fn ask(&self) -> Result<HashMap<String, DecodingKey>, String> {
        let answer = async {
            let answer = self.http.get(&self.address).send().await?.error_for_status()?;
            answer.bytes().await
        };
        let bytes = answer.await.map_err(|error| error.without_url().to_string())?;
        let list: JwkSet = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        Ok(list.keys.iter().filter_map(usable).collect())
    }
}

/// A key that signs by RS256, and its name.
fn usable(key: &Jwk) -> Option<(String, DecodingKey)> {
    let signs = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let by_rs256 = matches!(key.common.key_algorithm, None | Some(KeyAlgorithm::RS256));
    let rsa = matches!(key.algorithm, AlgorithmParameters::RSA(_));
    let name = key.common.key_id.clone().filter(|_| signs && by_rs256 && rsa)?;
    DecodingKey::from_jwk(key).ok().map(|key| (name, key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::extract::State;
    use axum::http::StatusCode;
    use axum::routing::get;
    use serde_json::{Value, json};
    use std::sync::Arc;

    /// A list that is served, and how often it was asked for. None: it fails.
    #[derive(Clone, Default)]
    struct List(Arc<std::sync::Mutex<(Option<Value>, usize)>>);

    impl List {
        async fn serve(&self) -> Listed {
            let answer = async |State(list): State<List>| {
                let mut list = list.0.lock().expect("is free");
                list.1 += 1;
                list.0.as_ref().map(ToString::to_string).ok_or(StatusCode::BAD_GATEWAY)
            };
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
            let front = format!("http://{}", listener.local_addr().expect("is bound"));
            let router = Router::new().route("/.well-known/jwks.json", get(answer)).with_state(self.clone());
            tokio::spawn(async move { axum::serve(listener, router).await });
            let http = reqwest::Client::builder().no_proxy().build().expect("is made");
            let Keys::Listed(listed) = Keys::listed(http, &front) else { panic!("it is listed") };
            listed
        }

        fn name(&self, names: &[&str]) {
            let key = |name: &&str| json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": name, "n": "AQAB", "e": "AQAB"});
            self.0.lock().expect("is free").0 = Some(json!({"keys": names.iter().map(key).collect::<Vec<_>>()}));
        }

        fn fail(&self) {
            self.0.lock().expect("is free").0 = None;
        }

        fn asked(&self) -> usize {
            self.0.lock().expect("is free").1
        }
    }

    fn ready() -> List {
        _ = rustls::crypto::ring::default_provider().install_default();
        List::default()
    }

    #[tokio::test]
    async fn az14_keys_are_asked_for_once_and_unknown_ones_at_most_once_a_minute() {
        let list = ready();
        list.name(&["one"]);
        let (listed, start) = (list.serve().await, Instant::now());
        let at = |seconds: u64| move || start + Duration::from_secs(seconds);
        for _ in 0..3 {
            listed.get("one", at(0)).await.expect("is listed");
        }
        let unknown = futures::future::join_all((0..50).map(|_| listed.get("two", at(1)))).await;
        assert!(unknown.iter().all(|answer| matches!(answer, Err(Refused::Token("kid")))));
        assert_eq!(list.asked(), 1);
        list.name(&["one", "two"]);
        assert!(listed.get("two", at(59)).await.is_err());
        listed.get("two", at(61)).await.expect("is listed by now");
        assert_eq!(list.asked(), 2);
    }

    #[tokio::test]
    async fn a_flood_before_any_key_is_known_makes_one_request() {
        let list = ready();
        list.name(&["one"]);
        let (listed, now) = (list.serve().await, Instant::now());
        let names: Vec<String> = (0..100).map(|number| format!("made-up-{number}")).collect();
        let answers = futures::future::join_all(names.iter().map(|name| listed.get(name, || now))).await;
        assert!(answers.iter().all(Result::is_err));
        assert_eq!(list.asked(), 1);
    }

    #[tokio::test]
    async fn a_key_that_was_taken_back_is_no_more_believed_after_an_hour() {
        let list = ready();
        list.name(&["one", "two"]);
        let (listed, start) = (list.serve().await, Instant::now());
        listed.get("one", || start).await.expect("is listed");
        list.name(&["two"]);
        listed.get("one", || start + Duration::from_secs(3_599)).await.expect("still holds");
        assert!(listed.get("one", || start + Duration::from_secs(3_600)).await.is_err());
    }

    #[tokio::test]
    async fn while_nobody_answers_what_was_listed_holds_and_it_is_asked_again_soon() {
        let list = ready();
        let (listed, start) = (list.serve().await, Instant::now());
        let at = |seconds: u64| move || start + Duration::from_secs(seconds);
        for _ in 0..10 {
            assert!(matches!(listed.get("one", at(0)).await, Err(Refused::Away)));
        }
        assert_eq!(list.asked(), 1);
        list.name(&["one"]);
        listed.get("one", at(6)).await.expect("is listed");
        list.fail();
        listed.get("one", at(2 * 3_600)).await.expect("still holds");
        assert_eq!(list.asked(), 3);
    }

    #[test]
    fn only_a_key_that_signs_by_rs256_is_one() {
        let key = json!({"kty": "RSA", "kid": "one", "n": "AQAB", "e": "AQAB"});
        let with = |name: &str, value: Value| {
            let mut key = key.clone();
            key[name] = value;
            serde_json::from_value::<Jwk>(key).ok().and_then(|key| usable(&key)).is_some()
        };
        assert!(with("use", json!("sig")) && with("alg", json!("RS256")));
        assert!(!with("use", json!("enc")) && !with("alg", json!("RS512")) && !with("kid", Value::Null));
        let symmetric = json!({"kty": "oct", "kid": "one", "k": "c2VjcmV0", "alg": "HS256"});
        assert!(usable(&serde_json::from_value(symmetric).expect("is a key")).is_none());
    }
}
