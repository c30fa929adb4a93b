use super::app::{App, Person, request};
use super::fake_clerk::{Act, Fake, publishable_key};
use super::reply::Reply;
use axum::body::Body;
use axum::http::{Method, header};
use chrono::Utc;
use serde_json::{Value, json};
use sqlx::PgPool;

/// What the application's pages are of.
pub const ORIGIN: &str = "http://127.0.0.1:3000";
const SECRET: &str = "whsec_bGF0ZXI=";

/// The application with a stand-in for Clerk, whose people may sign in. Webhooks come when a test delivers them.
pub struct Clerk {
    pub app: App,
    pub fake: Fake,
}

/// Somebody at Clerk.
#[derive(Debug, Clone)]
pub struct ClerkPerson {
    pub user: String,
    pub session: String,
    /// What was told when they came.
    pub created: Value,
}

impl Clerk {
    pub async fn new(pool: PgPool) -> Self {
        Self::with(pool, &["--clerk-secret-key", "sk_test_clerk"]).await
    }

    /// With further settings, as the command line takes them.
    pub async fn with(pool: PgPool, settings: &[&str]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
        let address = format!("http://{}", listener.local_addr().expect("is bound"));
        let fake = Fake::new(&address, "sk_test_clerk", SECRET, None);
        let router = fake.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let key = publishable_key();
        let clerk: &[&str] = &[
            "--clerk-publishable-key",
            &key,
            "--clerk-webhook-secret",
            "whsec_YmVmb3Jl, whsec_bGF0ZXI=",
            "--clerk-url",
            &address,
        ];
        Self { app: App::with(pool, &[clerk, settings].concat()), fake }
    }

    /// Somebody new at Clerk, who is signed in there.
    pub fn person(&self, name: &str, email: &str) -> ClerkPerson {
        let user = self.act(Act::Create { email: email.to_owned(), name: name.to_owned() });
        let created = self.latest("user.created");
        let session = self.act(Act::SignIn { user: user.clone() });
        ClerkPerson { user, session, created }
    }

    pub fn act(&self, act: Act) -> String {
        self.fake.act(act).expect("can be done")
    }

    /// The latest event of a kind.
    pub fn latest(&self, kind: &str) -> Value {
        let events = self.fake.events();
        events.into_iter().rfind(|event| event["type"] == kind).unwrap_or_else(|| panic!("no {kind} was told"))
    }

    pub fn claims(&self, person: &ClerkPerson) -> Value {
        self.fake.claims(&person.session, ORIGIN).expect("is signed in")
    }

    pub fn token(&self, person: &ClerkPerson) -> String {
        self.fake.key().sign(&self.claims(person))
    }

    /// Brings a token, as the sign-in page's script does.
    pub async fn exchange(&self, token: &str) -> Reply {
        self.exchange_as(&Person::anonymous(), json!({ "token": token })).await
    }

    pub async fn exchange_as(&self, person: &Person, body: Value) -> Reply {
        let mut request = request(Method::POST, person, "/auth/clerk", Body::from(body.to_string()));
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, "application/json".parse().expect("is a header"));
        headers.insert("sec-fetch-site", "same-origin".parse().expect("is a header"));
        self.app.send(request).await
    }

    /// Signs somebody in.
    pub async fn enter(&self, person: &ClerkPerson) -> Person {
        signed_in(self.exchange(&self.token(person)).await.ok())
    }

    /// Posts an event, signed just now.
    pub async fn deliver(&self, event: &Value) -> Reply {
        let body = event.to_string();
        let signed = self.fake.signature("msg_1", &body, Utc::now().timestamp());
        self.post(body, &signed).await
    }

    pub async fn post(&self, body: impl Into<Body>, signed: &[(&'static str, String)]) -> Reply {
        let mut request = request(Method::POST, &Person::anonymous(), "/webhooks/clerk", body.into());
        for (name, value) in signed {
            request.headers_mut().insert(*name, value.parse().expect("is a header"));
        }
        self.app.send(request).await
    }

    /// Name, address and role of each account that is not deleted, by name.
    pub async fn accounts(&self) -> Vec<(String, String, String)> {
        sqlx::query_as("select name, email, role::text from users where deleted_at is null order by name, email")
            .fetch_all(&self.app.pool)
            .await
            .expect("the accounts are listed")
    }

    /// Whether the application knows who this is.
    pub async fn knows(&self, person: &Person) -> bool {
        self.app.call(person, "list_my_courses", vec![]).await.status == 200
    }
}

/// Who comes back with the cookie that an answer set.
pub fn signed_in(reply: &Reply) -> Person {
    let pair = reply.set_cookie().and_then(|cookie| cookie.split(';').next()).expect("a cookie is set");
    Person { cookie: Some(pair.to_owned()), ..Person::anonymous() }
}
