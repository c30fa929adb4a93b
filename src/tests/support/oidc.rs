//! An OpenID Connect provider for tests of what a provider can do wrong; a certified one is asked in the browser tests.

use super::app::{App, Person, request};
use super::fake_clerk::Key;
use super::reply::Reply;
use axum::body::Body;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::Utc;
use reqwest::Url;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub const CLIENT: &str = "lectern";
pub const SECRET: &str = "quiet secret: & =";
/// As it stands in a header (RFC 6749, 2.3.1).
const SECRET_ENCODED: &str = "quiet+secret%3A+%26+%3D";

/// Makes an ID token of claims, with the key that is listed.
pub type Sign = Box<dyn Fn(&Key, Value) -> String + Send>;

/// What the provider does, which a test may change.
pub struct Conduct {
    /// Who is signed in there: the claims of their ID token that are not about the sign-in.
    pub person: Value,
    /// The same as the userinfo endpoint tells it; none where it is not there.
    pub userinfo: Option<Value>,
    /// Makes the ID token of its claims, with the key that is listed.
    pub sign: Sign,
    /// The keys that are listed besides.
    pub listed: Vec<Value>,
    /// Answers everything with 500.
    pub down: bool,
    /// How the client may say who it is; not said where it is none.
    pub methods: Option<Vec<&'static str>>,
}

#[derive(Clone)]
pub struct Stand {
    pub issuer: String,
    pub conduct: Arc<Mutex<Conduct>>,
    key: Arc<Key>,
    codes: Arc<Mutex<HashMap<String, Asked>>>,
    /// How often each endpoint was asked.
    asked: Arc<Mutex<HashMap<&'static str, usize>>>,
}

/// What a browser was sent to the provider with.
#[derive(Debug, Clone)]
pub struct Asked {
    pub query: HashMap<String, String>,
    /// The cookie that was set when it was sent.
    pub cookie: Option<String>,
}

/// The application with a provider beside it, called `school`, and another one, `other`, at the same place.
pub struct Oidc {
    pub app: App,
    pub stand: Stand,
    _file: tempfile::NamedTempFile,
}

impl Oidc {
    pub async fn new(pool: PgPool) -> Self {
        Self::with(pool, Stand::start().await, &[])
    }

    pub fn with(pool: PgPool, stand: Stand, settings: &[&str]) -> Self {
        let file = tempfile::NamedTempFile::new().expect("a file is made");
        let provider = |slug: &str, issuer: &str| {
            format!(
                "[[provider]]\nslug = '{slug}'\nname = 'The {slug}'\nissuer = '{issuer}'\nclient_id = '{CLIENT}'\n\
                 client_secret = '{SECRET}'\n"
            )
        };
        let text = [provider("school", &stand.issuer), provider("other", &stand.issuer)].concat();
        std::fs::write(file.path(), text).expect("is written");
        let path = file.path().to_str().expect("is text").to_owned();
        let app = App::with(pool, &[&["--oidc-file", &path], settings].concat());
        Self { app, stand, _file: file }
    }

    /// Sends a browser off to a provider.
    pub async fn begin(&self, person: &Person, slug: &str, form: &str) -> Reply {
        let body = Body::from(form.to_owned());
        let mut request = request(Method::POST, person, &format!("/auth/oidc/{slug}"), body);
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().expect("is a header"));
        headers.insert("sec-fetch-site", "same-origin".parse().expect("is a header"));
        self.app.send(request).await
    }

    /// The same, with what the provider is asked.
    pub async fn ask(&self, person: &Person, form: &str) -> Asked {
        Asked::of(&self.begin(person, "school", form).await)
    }

    /// Comes back to the site with an address's query.
    pub async fn back(&self, person: &Person, asked: &Asked, query: &str) -> Reply {
        self.back_to(person, asked, "school", query).await
    }

    pub async fn back_to(&self, person: &Person, asked: &Asked, slug: &str, query: &str) -> Reply {
        let cookies = [person.cookie.clone(), asked.cookie.clone()];
        let cookie = cookies.into_iter().flatten().collect::<Vec<_>>().join("; ");
        let with = Person { cookie: Some(cookie).filter(|cookie| !cookie.is_empty()), ..person.clone() };
        let path = format!("/auth/oidc/{slug}/callback?{query}");
        let mut request = request(Method::GET, &with, &path, Body::empty());
        request.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("is a header"));
        self.app.send(request).await
    }

    /// There and back again, as `person`, with what the form says.
    pub async fn round(&self, person: &Person, form: &str) -> Reply {
        let asked = self.ask(person, form).await;
        let query = self.stand.consent(&asked);
        self.back(person, &asked, &query).await
    }
}

impl Asked {
    /// From the page that leads on.
    #[track_caller]
    pub fn of(reply: &Reply) -> Self {
        let text = reply.ok().text();
        let address = text.split("content=\"0;url=").nth(1).and_then(|rest| rest.split('"').next());
        let address = address.unwrap_or_else(|| panic!("leads nowhere: {text}")).replace("&amp;", "&");
        let url = Url::parse(&address).expect("is an address");
        let cookie = reply.set_cookie().and_then(|cookie| cookie.split(';').next()).map(ToOwned::to_owned);
        Self { query: url.query_pairs().into_owned().collect(), cookie }
    }
}

impl Stand {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
        let conduct = Conduct {
            person: json!({"sub": "1", "name": "Ada Lovelace", "email": "ada@example.org", "email_verified": true}),
            userinfo: None,
            sign: Box::new(|key, claims| key.sign(&claims)),
            listed: Vec::new(),
            down: false,
            methods: None,
        };
        let stand = Self {
            issuer: format!("http://{}/realm", listener.local_addr().expect("is bound")),
            conduct: Arc::new(Mutex::new(conduct)),
            key: Arc::new(Key::new("first")),
            codes: Arc::default(),
            asked: Arc::default(),
        };
        let router = Router::new()
            .route("/realm/.well-known/openid-configuration", get(describe))
            .route("/realm/keys", get(list_keys))
            .route("/realm/token", post(give_tokens))
            .route("/realm/userinfo", get(tell_more))
            .with_state(stand.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        stand
    }

    pub fn change(&self, change: impl FnOnce(&mut Conduct)) {
        change(&mut self.conduct.lock().expect("is free"));
    }

    /// How often an endpoint was asked.
    pub fn asked(&self, endpoint: &str) -> usize {
        self.asked.lock().expect("is free").get(endpoint).copied().unwrap_or_default()
    }

    /// The person says yes: the query that their browser comes back with.
    pub fn consent(&self, asked: &Asked) -> String {
        let mut codes = self.codes.lock().expect("is free");
        let code = format!("code-{}", codes.len());
        codes.insert(code.clone(), asked.clone());
        format!("state={}&code={code}", asked.query["state"])
    }

    fn hit(&self, endpoint: &'static str) -> Result<(), StatusCode> {
        *self.asked.lock().expect("is free").entry(endpoint).or_default() += 1;
        match self.conduct.lock().expect("is free").down {
            true => Err(StatusCode::INTERNAL_SERVER_ERROR),
            false => Ok(()),
        }
    }
}

async fn describe(State(stand): State<Stand>) -> Result<Json<Value>, StatusCode> {
    stand.hit("describe")?;
    let at = |path: &str| format!("{}/{path}", stand.issuer);
    let conduct = stand.conduct.lock().expect("is free");
    let mut document = json!({
        "issuer": stand.issuer, "authorization_endpoint": at("auth"), "token_endpoint": at("token"),
        "jwks_uri": at("keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    if conduct.userinfo.is_some() {
        document["userinfo_endpoint"] = json!(at("userinfo"));
    }
    if let Some(methods) = &conduct.methods {
        document["token_endpoint_auth_methods_supported"] = json!(methods);
    }
    Ok(Json(document))
}

async fn list_keys(State(stand): State<Stand>) -> Result<Json<Value>, StatusCode> {
    stand.hit("keys")?;
    let mut keys = vec![stand.key.listed().clone()];
    keys.extend(stand.conduct.lock().expect("is free").listed.clone());
    Ok(Json(json!({ "keys": keys })))
}

async fn give_tokens(
    State(stand): State<Stand>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response, StatusCode> {
    stand.hit("token")?;
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let methods = stand.conduct.lock().expect("is free").methods.clone();
    let by_header = methods.is_none_or(|methods| methods.contains(&"client_secret_basic"));
    let known = match by_header {
        true => {
            let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{CLIENT}:{SECRET_ENCODED}")));
            headers.get(header::AUTHORIZATION).is_some_and(|header| *header == *basic)
        }
        false => form.get("client_secret").is_some_and(|secret| secret == SECRET),
    };
    if !known {
        return Ok(refused("invalid_client"));
    }
    // A code is good once.
    let asked = stand.codes.lock().expect("is free").remove(&form["code"]);
    let Some(Asked { query, .. }) = asked else { return Ok(refused("invalid_grant")) };
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
    if challenge != query["code_challenge"] || form["redirect_uri"] != query["redirect_uri"] {
        return Ok(refused("invalid_grant"));
    }
    let conduct = stand.conduct.lock().expect("is free");
    let now = Utc::now().timestamp();
    let mut claims = json!({
        "iss": stand.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": query["nonce"],
    });
    let person = conduct.person.as_object().expect("is somebody").clone();
    claims.as_object_mut().expect("are claims").extend(person);
    let token = (conduct.sign)(&stand.key, claims);
    let tokens = json!({"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": token});
    Ok(Json(tokens).into_response())
}

async fn tell_more(State(stand): State<Stand>, headers: HeaderMap) -> Result<Response, StatusCode> {
    stand.hit("userinfo")?;
    let told = stand.conduct.lock().expect("is free").userinfo.clone();
    match headers.get(header::AUTHORIZATION).is_some_and(|header| header == "Bearer access") {
        true => Ok(Json(told).into_response()),
        false => Err(StatusCode::UNAUTHORIZED),
    }
}
