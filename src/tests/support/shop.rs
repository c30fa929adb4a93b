use super::app::{App, Person, request};
use super::builders::{Course, Product, course, product, section};
use super::fake_stripe::{Act, Fake};
use super::reply::Reply;
use axum::body::Body;
use axum::http::Method;
use chrono::Utc;
use lectern::domain::id::{CheckoutId, ProductId};
use serde_json::Value;
use sqlx::PgPool;

pub const SECRET: &str = "whsec_shop";

/// The application with a stand-in for Stripe that takes its money. Webhooks come when a test delivers them.
pub struct Shop {
    pub app: App,
    pub fake: Fake,
    #[allow(dead_code)]
    settings: Vec<String>,
}

impl Shop {
    pub async fn new(pool: PgPool) -> Self {
        Self::with(pool, &[]).await
    }

    /// With further settings, as the command line takes them.
    pub async fn with(pool: PgPool, settings: &[&str]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
        let address = format!("http://{}", listener.local_addr().expect("is bound"));
        let fake = Fake::new(&address, "sk_test_shop", SECRET, None);
        let router = fake.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let stripe: &[&str] = &[
            "--stripe-secret-key",
            "sk_test_shop",
            "--stripe-webhook-secret",
            "whsec_before, whsec_shop",
            "--stripe-url",
            &address,
        ];
        let settings = [stripe, settings].concat();
        let app = App::with(pool, &settings);
        Self { app, fake, settings: settings.into_iter().map(str::to_owned).collect() }
    }

    /// Another server over the same database, for the library's own tests.
    #[allow(dead_code)]
    pub fn restart(&mut self) {
        let settings: Vec<&str> = self.settings.iter().map(String::as_str).collect();
        self.app = App::with(self.app.pool.clone(), &settings);
    }

    /// A course of two lessons, sold for $49.
    pub async fn stock(&self) -> (Course, Product) {
        let sold = course("Course").with(section("Only").with_lessons(2)).create(&self.app).await;
        let bundle = product("Bundle").of(&sold).create(&self.app).await;
        (sold, bundle)
    }

    /// Opens a checkout; returns it and the session that it is paid in.
    pub async fn check_out(&self, buyer: &Person, product: ProductId) -> (CheckoutId, String) {
        let reply = self.app.call(buyer, "start_checkout", crate::fields!["product" => product]).await;
        let address = reply.ok().location();
        let session = address.rsplit_once("/pay/").expect("leads to the page to pay at").1.to_owned();
        let checkout = sqlx::query_scalar("select id from checkouts where gateway_session_id = $1")
            .bind(&session)
            .fetch_one(&self.app.pool)
            .await
            .expect("the session is noted");
        (CheckoutId(checkout), session)
    }

    /// Buys something and comes back from the page to pay at; returns the payment.
    pub async fn buy(&self, buyer: &Person, product: ProductId) -> String {
        let (checkout, session) = self.check_out(buyer, product).await;
        self.act(Act::Pay { session: session.clone() });
        assert_eq!(self.come_back(buyer, checkout).await.status, 302);
        self.fake.payment_of(&session).expect("is paid")
    }

    pub fn act(&self, act: Act) -> String {
        self.fake.act(act).expect("can be done")
    }

    pub async fn come_back(&self, buyer: &Person, checkout: CheckoutId) -> Reply {
        self.app.get_as(buyer, format!("/checkouts/{checkout}/return")).await
    }

    /// Posts an event, signed just now.
    pub async fn deliver(&self, event: &Value) -> Reply {
        let body = event.to_string();
        let signature = self.fake.signature(&body, Utc::now().timestamp());
        let reply = self.post(body, Some(&signature)).await;
        if reply.status == 200 {
            self.fake.taken(event);
        }
        reply
    }

    /// Loses everything that Stripe has told so far, and Stripe does not know.
    pub fn lose_all(&self) {
        self.fake.events().iter().for_each(|event| self.fake.taken(event));
    }

    /// Posts everything that Stripe has told so far, in the order that it was told in.
    pub async fn deliver_all(&self) {
        for event in self.fake.events() {
            self.deliver(&event).await.is(200);
        }
    }

    pub async fn post(&self, body: impl Into<Body>, signature: Option<&str>) -> Reply {
        let mut request = request(Method::POST, &Person::anonymous(), "/webhooks/stripe", body.into());
        if let Some(signature) = signature {
            request.headers_mut().insert("stripe-signature", signature.parse().expect("is a header"));
        }
        self.app.send(request).await
    }

    /// The latest event of a kind.
    pub fn event(&self, kind: &str) -> Value {
        let events = self.fake.events();
        events.into_iter().rfind(|event| event["type"] == kind).unwrap_or_else(|| panic!("no {kind} was told"))
    }
}
