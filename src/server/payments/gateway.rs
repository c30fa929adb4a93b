//! The seam to whoever takes the money.

use super::payment::{Amounts, CURRENCY, Payment, ProviderRefund, SessionState};
use super::stripe::{Account, Stripe};
use crate::domain::id::{CheckoutId, ProductId};
use crate::domain::money::Cents;
use crate::domain::refund::RefundStatus;
use crate::error::AppError;
use crate::server::config::Config;
use crate::server::db::{self, Db};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use std::sync::Arc;

/// What a gateway is to take money for.
pub struct Order {
    /// Also the key that makes a second call open no second session.
    pub checkout: CheckoutId,
    pub opened_at: DateTime<Utc>,
    pub product: ProductId,
    pub name: String,
    pub price: Cents,
    pub email: String,
    /// The code in the price: who comes back without having paid comes back with it.
    pub coupon: Option<String>,
}

/// A payment that a gateway has opened.
pub struct Session {
    /// Its id at the gateway; what it starts with says which gateway.
    pub id: String,
    /// Where the buyer pays; none where nothing is to be paid.
    pub pay_at: Option<String>,
}

/// Why a gateway did not do what it was asked.
#[derive(Debug)]
pub enum GatewayError {
    /// No answer, or one that says to try again: whether it was done is not known. The text is for the log and the
    /// admin.
    Away(String),
    /// It does not know what it was asked about.
    NotFound,
    /// It refuses for good, and says why.
    Refused(String),
    /// Our own database.
    Ours(AppError),
}

impl From<AppError> for GatewayError {
    fn from(error: AppError) -> Self {
        Self::Ours(error)
    }
}

impl From<sqlx::Error> for GatewayError {
    fn from(error: sqlx::Error) -> Self {
        Self::Ours(error.into())
    }
}

impl From<GatewayError> for AppError {
    fn from(error: GatewayError) -> Self {
        match error {
            GatewayError::Away(why) => {
                tracing::warn!(why, "the payment provider does not answer");
                Self::Unavailable
            }
            GatewayError::NotFound => Self::NotFound,
            GatewayError::Refused(why) => {
                tracing::error!(why, "the payment provider refuses");
                Self::Unavailable
            }
            GatewayError::Ours(error) => error,
        }
    }
}

/// A way to pay.
#[derive(Debug, Clone)]
pub enum Gateway {
    /// For price 0: no provider is asked.
    Free,
    /// A page of our own that says it is a demo.
    Demo,
    Stripe(Arc<Stripe>),
}

impl Gateway {
    /// Opens a session for a checkout; called again for the same checkout, it answers with the same session.
    pub async fn create(&self, db: &Db, order: &Order) -> Result<Session, GatewayError> {
        let checkout = order.checkout;
        match self {
            Self::Free => Ok(Session { id: format!("free_{checkout}"), pay_at: None }),
            Self::Demo => {
                let id = format!("demo_{checkout}");
                let (session, price) = (id.clone(), order.price);
                db.write(move |tx| Box::pin(async move { db::demo_payments::open(tx, &session, price).await })).await?;
                Ok(Session { id, pay_at: Some(format!("/checkouts/{checkout}")) })
            }
            Self::Stripe(stripe) => stripe.create(order).await,
        }
    }

    /// Asks for a session's state. One that the gateway never opened is not found.
    pub async fn payment(&self, db: &Db, session: &str) -> Result<Payment, GatewayError> {
        let own = |paid: bool, amounts: Amounts| Payment {
            asked_at: Utc::now(),
            session: session.to_owned(),
            checkout: None,
            state: if paid { SessionState::Paid } else { SessionState::Open },
            amounts,
            currency: CURRENCY.to_owned(),
            payment_intent: None,
            receipt: None,
            refunds: Vec::new(),
            disputes: Vec::new(),
        };
        match self {
            // Settlement compares it with the checkout, whose price must then be 0.
            Self::Free => Ok(own(true, Amounts::default())),
            Self::Demo => {
                let found = db::demo_payments::session(db, session).await?;
                let (amount, paid) = found.ok_or(GatewayError::NotFound)?;
                Ok(own(paid, Amounts::plain(amount)))
            }
            Self::Stripe(stripe) => stripe.payment(session).await,
        }
    }

    /// Makes a session unpayable. One that is paid or closed already is left as it is.
    pub async fn expire(&self, session: &str) -> Result<(), GatewayError> {
        match self {
            Self::Free | Self::Demo => Ok(()),
            Self::Stripe(stripe) => stripe.expire(session).await,
        }
    }

    /// Gives money of a payment back, once for one id however often it is asked.
    pub async fn refund(&self, request: &db::refunds::Requested) -> Result<ProviderRefund, GatewayError> {
        match self {
            Self::Free | Self::Demo => Ok(ProviderRefund {
                id: format!("demo_{}", request.id),
                requested_as: Some(request.id),
                amount: request.amount,
                status: RefundStatus::Succeeded,
                reason: request.reason.clone(),
                failure: None,
            }),
            Self::Stripe(stripe) => stripe.refund(request).await,
        }
    }
}

/// The ways to pay that are set up.
#[derive(Debug, Clone, Default)]
pub struct Gateways {
    pub demo: bool,
    pub stripe: Option<Arc<Stripe>>,
}

impl Gateways {
    /// As the settings say; the error is a sentence that says what to change.
    pub fn of(config: &Config) -> Result<Self, String> {
        let settings = &config.settings;
        let stripe = match &settings.stripe_secret_key {
            None => None,
            Some(key) => Some(Arc::new(Stripe::new(Account {
                key: key.clone(),
                webhook_secrets: (settings.stripe_webhook_secret.iter())
                    .map(|secret| secret.expose_secret().trim().into())
                    .collect(),
                base: settings.stripe_url.trim_end_matches('/').to_owned(),
                promotion_codes: settings.stripe_promotion_codes,
                automatic_tax: settings.stripe_automatic_tax,
                public_url: config.public_url.clone(),
            })?)),
        };
        Ok(Self { demo: config.is_demo(), stripe })
    }

    pub fn for_price(&self, price: Cents) -> Result<Gateway, AppError> {
        match &self.stripe {
            _ if price.is_free() => Ok(Gateway::Free),
            Some(stripe) => Ok(Gateway::Stripe(stripe.clone())),
            None if self.demo => Ok(Gateway::Demo),
            None => Err(AppError::refused("Payments are not set up on this server yet.")),
        }
    }

    /// The gateway that opened a session.
    pub fn of_session(&self, session: &str) -> Result<Gateway, AppError> {
        match (session.split_once('_'), &self.stripe) {
            (Some(("free", _)), _) => Ok(Gateway::Free),
            (Some(("demo", _)), _) if self.demo => Ok(Gateway::Demo),
            // Those of the other mode belong to other money.
            (Some(("cs", _)), Some(stripe)) if stripe.opened(session) => Ok(Gateway::Stripe(stripe.clone())),
            _ => Err(AppError::NotFound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::Cli;
    use clap::Parser;

    #[test]
    fn a_session_of_the_other_mode_belongs_to_other_money() {
        for (mode, other) in [("test", "live"), ("live", "test")] {
            let key = format!("--stripe-secret-key=sk_{mode}_1");
            let arguments = ["lectern", "--mode=production", "--database-url=postgres://x/y", &key];
            let arguments = arguments.into_iter().chain(["--stripe-webhook-secret=whsec_1"]);
            let config = Config::new(Cli::parse_from(arguments).settings).expect("starts");
            let gateways = Gateways::of(&config).expect("are set up");
            assert!(matches!(gateways.of_session(&format!("cs_{mode}_1")), Ok(Gateway::Stripe(_))));
            assert!(matches!(gateways.of_session(&format!("cs_{other}_1")), Err(AppError::NotFound)));
            assert!(
                matches!(gateways.for_price(Cents(1)), Ok(Gateway::Stripe(stripe)) if stripe.is_live() == (mode == "live"))
            );
        }
    }

    #[test]
    fn a_payment_of_the_demo_is_one_in_a_demo_alone() {
        let name = |gateway: Result<Gateway, AppError>| match gateway {
            Ok(Gateway::Free) => "free",
            Ok(Gateway::Demo) => "demo",
            Ok(Gateway::Stripe(_)) => "stripe",
            Err(AppError::NotFound) => "not found",
            Err(_) => "refused",
        };
        for demo in [true, false] {
            let gateways = Gateways { demo, stripe: None };
            let paid = if demo { ["demo", "demo"] } else { ["not found", "refused"] };
            assert_eq!([name(gateways.of_session("demo_1")), name(gateways.for_price(Cents(1)))], paid);
            assert_eq!([name(gateways.of_session("free_1")), name(gateways.for_price(Cents(0)))], ["free", "free"]);
            for unknown in ["cs_test_1", "cs_live_1", "demo", "", "xdemo_1"] {
                assert_eq!(name(gateways.of_session(unknown)), "not found", "{unknown}");
            }
        }
    }
}
