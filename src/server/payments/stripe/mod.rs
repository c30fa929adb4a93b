//! Stripe Checkout over HTTPS: the hosted payment page, and what became of its money (docs.stripe.com/api).

mod client;
mod objects;
pub mod signature;

use super::gateway::{GatewayError, Order, Session};
use super::payment::{CURRENCY, Payment, ProviderRefund, SessionState};
use crate::domain::file::encoded;
use crate::domain::id::CheckoutId;
use crate::server::db::refunds::Requested;
use chrono::{DateTime, TimeDelta, Utc};
use client::Client;
use objects::{CheckoutSession, Dispute, List, Refund};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use sqlx::types::JsonValue;

/// How long a buyer has to pay: the price is kept for as long. Stripe takes half an hour to a day.
const PAYABLE: TimeDelta = TimeDelta::hours(1);
/// Refunds and disputes of one payment that are looked at: Stripe's most a page.
const PAGE: &str = "100";
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

/// A page of events that the webhook did not take, each with its id.
pub struct Missed {
    pub events: Vec<(String, JsonValue)>,
    pub has_more: bool,
}

impl Stripe {
    /// The error is a sentence that says what to change.
    pub fn new(account: Account) -> Result<Self, String> {
        let Account { key, webhook_secrets, base, promotion_codes, automatic_tax, public_url } = account;
        let live = key.expose_secret().contains("_live_");
        let client = Client::new(base, key)?;
        Ok(Self { client, webhook_secrets, live, promotion_codes, automatic_tax, public_url })
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
        let back = order.coupon.as_ref().map(|code| format!("?coupon={}", encoded(code))).unwrap_or_default();
        // All of it follows from the checkout: the same key must come with the same parameters.
        let mut form = vec![
            ("mode", "payment".to_owned()),
            ("client_reference_id", checkout.clone()),
            ("customer_email", order.email.clone()),
            ("success_url", format!("{}/checkouts/{checkout}/return", self.public_url)),
            ("cancel_url", format!("{}/products/{}/purchase{back}", self.public_url, order.product)),
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
        let session: CheckoutSession =
            self.client.call(Method::POST, "/v1/checkout/sessions", &form, Some(&checkout)).await?;
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
        let session: CheckoutSession = self.client.call(Method::GET, &path, &expand, None).await?;
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
            let list: List<Refund> = self.client.call(Method::GET, "/v1/refunds", &of_intent, None).await?;
            refunds = list.data.into_iter().filter_map(Refund::told).collect();
            if returns {
                let list: List<Dispute> = self.client.call(Method::GET, "/v1/disputes", &of_intent, None).await?;
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
        match self.client.call::<List<CheckoutSession>>(Method::GET, "/v1/checkout/sessions", &query, None).await {
            Ok(list) => Ok(list.data.into_iter().next().map(|session| session.id)),
            Err(GatewayError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Events since then that the webhook did not take, as they would have been posted to it, newest first: those after
    /// `after`, the last one of the page before.
    pub async fn missed_events(&self, since: DateTime<Utc>, after: Option<&str>) -> Result<Missed, GatewayError> {
        let kinds: Vec<(String, String)> =
            HEARD.iter().enumerate().map(|(n, kind)| (format!("types[{n}]"), (*kind).to_owned())).collect();
        let mut query = vec![
            ("delivery_success", "false".to_owned()),
            ("created[gte]", since.timestamp().to_string()),
            ("limit", PAGE.to_owned()),
        ];
        query.extend(kinds.iter().map(|(name, kind)| (name.as_str(), kind.clone())));
        query.extend(after.map(|id| ("starting_after", id.to_owned())));
        let page: List<JsonValue> = self.client.call(Method::GET, "/v1/events", &query, None).await?;
        let id = |event: &JsonValue| event.get("id").and_then(JsonValue::as_str).map(str::to_owned);
        let events = page.data.into_iter().filter_map(|event| Some((id(&event)?, event))).collect();
        Ok(Missed { events, has_more: page.has_more })
    }

    /// Makes a session unpayable; one that is not open any more stays as it is.
    pub async fn expire(&self, session: &str) -> Result<(), GatewayError> {
        let path = format!("/v1/checkout/sessions/{}/expire", segment(session)?);
        match self.client.call::<CheckoutSession>(Method::POST, &path, &[], None).await {
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
        let list: List<Refund> = self.client.call(Method::GET, "/v1/refunds", &of_intent, None).await?;
        let made = list.data.into_iter().filter_map(Refund::told).find(|made| made.requested_as == Some(request.id));
        if let Some(made) = made {
            return Ok(made);
        }
        let mut form =
            vec![("payment_intent", intent), ("amount", request.amount.0.to_string()), (OUR_REFUND_FIELD, id.clone())];
        form.extend(request.reason.clone().map(|reason| ("reason", reason)));
        let refund: Refund = self.client.call(Method::POST, "/v1/refunds", &form, Some(&id)).await?;
        refund.told().ok_or_else(|| GatewayError::Away("the refund was made, and its amount is not understood".into()))
    }
}

/// An id of Stripe's as a part of an address: nothing that could lead elsewhere.
fn segment(id: &str) -> Result<&str, GatewayError> {
    let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain { Ok(id) } else { Err(GatewayError::NotFound) }
}
