//! Stripe Checkout over HTTPS: the hosted payment page, and what became of its money (docs.stripe.com/api).

mod objects;
pub mod signature;

use super::gateway::{CURRENCY, GatewayError, Order, Payment, ProviderRefund, Session, SessionState};
use crate::domain::id::CheckoutId;
use crate::server::db::refunds::Requested;
use chrono::{TimeDelta, Utc};
use objects::{CheckoutSession, Dispute, ErrorBody, List, Refund};
use reqwest::{Client, Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// The version of Stripe's interface that answers are read in, whatever the account's own is.
pub const VERSION: &str = "2026-10-28.endive";
/// How long a buyer has to pay: the price is kept for as long. Stripe takes half an hour to a day.
const PAYABLE: TimeDelta = TimeDelta::hours(1);
/// For one try. All of them and their pauses fit into the time that a request has.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Before the second and the third try.
const PAUSES: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(1_200)];
/// Refunds and disputes of one payment that are looked at: Stripe's most a page.
const PAGE: &str = "100";
/// How far back missed events are looked for. Stripe itself tries for three days, and forgets after thirty.
const MISSED_SINCE: TimeDelta = TimeDelta::days(5);
/// Pages of missed events that are looked at in a round: the rest waits for the next.
const MISSED_PAGES: usize = 10;
/// What an event may be, so that something here hangs on it.
pub const HEARD: [&str; 14] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "charge.refunded",
    "charge.refund.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
];
/// Where a refund at Stripe says which of ours it is.
const OUR_REFUND: &str = "lectern_refund";
const OUR_REFUND_FIELD: &str = "metadata[lectern_refund]";

/// An account at Stripe.
#[derive(Debug)]
pub struct Stripe {
    client: Client,
    base: String,
    key: SecretString,
    /// Whose events are believed; several while one is replaced by another.
    webhook_secrets: Vec<SecretString>,
    live: bool,
    promotion_codes: bool,
    automatic_tax: bool,
    /// The site's address, without a slash at its end.
    public_url: String,
}

/// How an account is used.
#[derive(Debug, Clone)]
pub struct Account {
    pub key: SecretString,
    pub webhook_secrets: Vec<SecretString>,
    /// Where Stripe is: only tests have another.
    pub base: String,
    pub promotion_codes: bool,
    pub automatic_tax: bool,
    pub public_url: String,
}

impl Stripe {
    /// The error is a sentence that says what to change.
    pub fn new(account: Account) -> Result<Self, String> {
        _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(Duration::from_secs(4))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("Lectern/", env!("CARGO_PKG_VERSION")));
        // What stands in for Stripe on this machine is not behind a proxy.
        let client = if account.base.starts_with("http://") { client.no_proxy() } else { client };
        let client = client.build().map_err(|error| format!("no connection to Stripe can be made: {error}"))?;
        let Account { key, webhook_secrets, base, promotion_codes, automatic_tax, public_url } = account;
        let live = key.expose_secret().contains("_live_");
        Ok(Self { client, base, key, webhook_secrets, live, promotion_codes, automatic_tax, public_url })
    }

    /// Whether it moves money, and not test money.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Whether a session is one of this account's mode.
    pub fn opened(&self, session: &str) -> bool {
        session.starts_with(if self.live { "cs_live_" } else { "cs_test_" })
    }

    /// Whether these bytes are an event of Stripe's, sent just now.
    pub fn signed(&self, body: &[u8], header: &str) -> bool {
        let secrets = self.webhook_secrets.iter().map(ExposeSecret::expose_secret);
        signature::verify(body, header, secrets, Utc::now().timestamp())
    }

    /// Opens a session, or answers with the one that was opened for this checkout before.
    pub async fn create(&self, order: &Order) -> Result<Session, GatewayError> {
        let checkout = order.checkout.to_string();
        // All of it follows from the checkout: the same key must come with the same parameters.
        let mut form = vec![
            ("mode", "payment".to_owned()),
            ("client_reference_id", checkout.clone()),
            ("customer_email", order.email.clone()),
            ("success_url", format!("{}/checkouts/{checkout}/return", self.public_url)),
            ("cancel_url", format!("{}/products/{}/purchase", self.public_url, order.product)),
            ("expires_at", (order.opened_at + PAYABLE).timestamp().to_string()),
            ("line_items[0][quantity]", "1".to_owned()),
            ("line_items[0][price_data][currency]", CURRENCY.to_owned()),
            ("line_items[0][price_data][unit_amount]", order.price.0.to_string()),
            ("line_items[0][price_data][product_data][name]", order.name.clone()),
            ("payment_intent_data[metadata][checkout]", checkout.clone()),
        ];
        if self.promotion_codes {
            form.push(("allow_promotion_codes", "true".to_owned()));
        }
        if self.automatic_tax {
            form.push(("automatic_tax[enabled]", "true".to_owned()));
        }
        let session: CheckoutSession = self.call(Method::POST, "/v1/checkout/sessions", &form, Some(&checkout)).await?;
        if !self.opened(&session.id) {
            return Err(GatewayError::Refused("the key and the session it opened are not of one mode".into()));
        }
        let pay_at = session.url.ok_or_else(|| GatewayError::Refused("the session has no page to pay at".into()))?;
        Ok(Session { id: session.id, pay_at: Some(pay_at) })
    }

    /// A session and what became of its money.
    pub async fn payment(&self, session: &str) -> Result<Payment, GatewayError> {
        let asked_at = Utc::now();
        let path = format!("/v1/checkout/sessions/{}", segment(session)?);
        let expand = [("expand[0]", "payment_intent.latest_charge".to_owned())];
        let session: CheckoutSession = self.call(Method::GET, &path, &expand, None).await?;
        let state = session.state();
        let amounts = match (session.amounts(), state) {
            (Some(amounts), _) => amounts,
            (None, SessionState::Paid) => {
                return Err(GatewayError::Refused(format!("{} is paid, and does not say how much", session.id)));
            }
            (None, _) => Default::default(),
        };
        let intent = session.intent_id().map(str::to_owned);
        let charge = session.charge();
        let returns = charge.is_some_and(|charge| charge.amount_refunded > 0 || charge.disputed);
        let receipt = charge.and_then(|charge| charge.receipt_url.clone());
        let (mut refunds, mut disputes) = (Vec::new(), Vec::new());
        // A refund that failed counts for nothing in the charge, and is still to be heard of.
        if let Some(intent) = intent.as_ref().filter(|_| state == SessionState::Paid) {
            let of_intent = [("payment_intent", intent.clone()), ("limit", PAGE.to_owned())];
            let list: List<Refund> = self.call(Method::GET, "/v1/refunds", &of_intent, None).await?;
            refunds = list.data.into_iter().filter_map(Refund::told).collect();
            if returns {
                let list: List<Dispute> = self.call(Method::GET, "/v1/disputes", &of_intent, None).await?;
                disputes = list.data.into_iter().filter_map(Dispute::told).collect();
            }
        }
        Ok(Payment {
            asked_at,
            checkout: session.client_reference_id.as_deref().and_then(|id| id.parse::<CheckoutId>().ok()),
            state,
            amounts,
            currency: session.currency.unwrap_or_default(),
            payment_intent: intent,
            receipt,
            refunds,
            disputes,
            session: session.id,
        })
    }

    /// The session of a payment; none where it has none.
    pub async fn session_of_intent(&self, payment_intent: &str) -> Result<Option<String>, GatewayError> {
        let query = [("payment_intent", payment_intent.to_owned()), ("limit", "1".to_owned())];
        match self.call::<List<CheckoutSession>>(Method::GET, "/v1/checkout/sessions", &query, None).await {
            Ok(list) => Ok(list.data.into_iter().next().map(|session| session.id)),
            Err(GatewayError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Events of the last days that the webhook did not take, as they would have been posted to it, oldest first.
    pub async fn missed_events(&self) -> Result<Vec<serde_json::Value>, GatewayError> {
        let since = (Utc::now() - MISSED_SINCE).timestamp().to_string();
        let mut events: Vec<serde_json::Value> = Vec::new();
        for _ in 0..MISSED_PAGES {
            let mut query = vec![
                ("delivery_success".to_owned(), "false".to_owned()),
                ("created[gte]".to_owned(), since.clone()),
                ("limit".to_owned(), PAGE.to_owned()),
            ];
            query.extend(HEARD.iter().enumerate().map(|(n, kind)| (format!("types[{n}]"), (*kind).to_owned())));
            let last = events.last().and_then(|event| event["id"].as_str());
            query.extend(last.map(|id| ("starting_after".to_owned(), id.to_owned())));
            let query: Vec<(&str, String)> = query.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            let page: List<serde_json::Value> = self.call(Method::GET, "/v1/events", &query, None).await?;
            let (more, none) = (page.has_more, page.data.is_empty());
            events.extend(page.data);
            if !more || none {
                break;
            }
        }
        events.reverse();
        Ok(events)
    }

    /// Makes a session unpayable; one that is not open any more stays as it is.
    pub async fn expire(&self, session: &str) -> Result<(), GatewayError> {
        let path = format!("/v1/checkout/sessions/{}/expire", segment(session)?);
        match self.call::<CheckoutSession>(Method::POST, &path, &[], None).await {
            Ok(_) | Err(GatewayError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Gives money back. Stripe forgets keys after a day, so what was made before is looked for first.
    pub async fn refund(&self, request: &Requested) -> Result<ProviderRefund, GatewayError> {
        let id = request.id.to_string();
        let intent = match &request.payment_intent {
            Some(intent) => intent.clone(),
            None => {
                let payment = self.payment(&request.session).await?;
                payment.payment_intent.ok_or_else(|| GatewayError::Refused("nothing was paid".into()))?
            }
        };
        let of_intent = [("payment_intent", intent.clone()), ("limit", PAGE.to_owned())];
        let list: List<Refund> = self.call(Method::GET, "/v1/refunds", &of_intent, None).await?;
        let made = list.data.into_iter().filter_map(Refund::told).find(|made| made.requested_as == Some(request.id));
        if let Some(made) = made {
            return Ok(made);
        }
        let mut form =
            vec![("payment_intent", intent), ("amount", request.amount.0.to_string()), (OUR_REFUND_FIELD, id.clone())];
        form.extend(request.reason.clone().map(|reason| ("reason", reason)));
        let refund: Refund = self.call(Method::POST, "/v1/refunds", &form, Some(&id)).await?;
        refund.told().ok_or_else(|| GatewayError::Refused("the refund's amount makes no sense".into()))
    }

    /// One call, tried again where it was not answered, or answered with "later". What writes is tried again only where
    /// a key makes the tries one.
    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        parameters: &[(&str, String)],
        key: Option<&str>,
    ) -> Result<T, GatewayError> {
        let again = method == Method::GET || key.is_some();
        let mut pauses = PAUSES.iter().filter(|_| again);
        loop {
            match (self.attempt(&method, path, parameters, key).await, pauses.next()) {
                (Err(GatewayError::Away(_)), Some(pause)) => tokio::time::sleep(*pause).await,
                (outcome, _) => return outcome,
            }
        }
    }

    async fn attempt<T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        parameters: &[(&str, String)],
        key: Option<&str>,
    ) -> Result<T, GatewayError> {
        let away = |error: reqwest::Error| GatewayError::Away(format!("{method} {path}: {}", error.without_url()));
        let mut request = self
            .client
            .request(method.clone(), format!("{}{path}", self.base))
            .bearer_auth(self.key.expose_secret())
            .header("stripe-version", VERSION);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        request = if *method == Method::GET { request.query(parameters) } else { request.form(parameters) };
        let answer = request.send().await.map_err(away)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(away)?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| {
                GatewayError::Refused(format!("{method} {path}: the answer is not understood: {error}"))
            });
        }
        let told = serde_json::from_slice::<ErrorBody>(&body).ok().map(|body| body.error);
        let (code, message) = told.map_or((None, None), |error| (error.code, error.message));
        let why = format!("{method} {path}: {status}: {}", message.or_else(|| code.clone()).unwrap_or_default());
        match status {
            StatusCode::NOT_FOUND => Err(GatewayError::NotFound),
            // 409 is another try with the same key that is still under way.
            StatusCode::TOO_MANY_REQUESTS | StatusCode::CONFLICT | StatusCode::REQUEST_TIMEOUT => {
                Err(GatewayError::Away(why))
            }
            _ if status.is_server_error() => Err(GatewayError::Away(why)),
            _ => Err(GatewayError::Refused(why)),
        }
    }
}

/// An id of Stripe's as a part of an address: nothing that could lead elsewhere.
fn segment(id: &str) -> Result<&str, GatewayError> {
    let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain { Ok(id) } else { Err(GatewayError::NotFound) }
}
