//! The seam to whoever takes the money.

use crate::domain::id::CheckoutId;
use crate::domain::money::Cents;
use crate::error::AppError;
use crate::server::db::{self, Db};

/// Prices are in US dollars (the seed's `price_dollars`).
pub const CURRENCY: &str = "usd";

/// A payment that a gateway has opened.
pub struct Session {
    /// Its id at the gateway; what it starts with says which gateway.
    pub id: String,
    /// Where the buyer pays; none where nothing is to be paid.
    pub pay_at: Option<String>,
}

/// What a gateway says of a session when asked.
pub struct SessionState {
    pub paid: bool,
    pub amount: Cents,
    pub currency: &'static str,
}

/// A way to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gateway {
    /// For price 0: no provider is asked.
    Free,
    /// A page of our own that says it is a demo.
    Demo,
}

impl Gateway {
    /// Opens a session for a checkout; called again for the same checkout, it answers with the same session.
    pub async fn create(self, db: &Db, checkout: CheckoutId, price: Cents) -> Result<Session, AppError> {
        match self {
            Self::Free => Ok(Session { id: format!("free_{checkout}"), pay_at: None }),
            Self::Demo => {
                let id = format!("demo_{checkout}");
                let session = id.clone();
                db.write(move |tx| Box::pin(async move { db::demo_payments::open(tx, &session, price).await })).await?;
                Ok(Session { id, pay_at: Some(format!("/checkouts/{checkout}")) })
            }
        }
    }

    /// Asks for a session's state. One that the gateway never opened is not found.
    pub async fn state(self, db: &Db, session: &str) -> Result<SessionState, AppError> {
        match self {
            // Fulfilment compares it with the checkout, whose price must then be 0.
            Self::Free => Ok(SessionState { paid: true, amount: Cents(0), currency: CURRENCY }),
            Self::Demo => {
                let (amount, paid) = db::demo_payments::session(db, session).await?.ok_or(AppError::NotFound)?;
                Ok(SessionState { paid, amount, currency: CURRENCY })
            }
        }
    }
}

/// The ways to pay that are set up.
#[derive(Debug, Clone, Copy)]
pub struct Gateways {
    pub demo: bool,
}

impl Gateways {
    pub fn for_price(self, price: Cents) -> Result<Gateway, AppError> {
        match price.is_free() {
            true => Ok(Gateway::Free),
            false if self.demo => Ok(Gateway::Demo),
            false => Err(AppError::refused("Payments are not set up on this server yet.")),
        }
    }

    /// The gateway that opened a session.
    pub fn of_session(self, session: &str) -> Result<Gateway, AppError> {
        match session.split_once('_') {
            Some(("free", _)) => Ok(Gateway::Free),
            Some(("demo", _)) if self.demo => Ok(Gateway::Demo),
            _ => Err(AppError::NotFound),
        }
    }
}
