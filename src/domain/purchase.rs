use super::id::{CheckoutId, ProductId, PurchaseId};
use super::money::{Cents, TotalCents};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a product was when it was bought: stored in `purchases.product_details` under the seed's names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductDetails {
    pub name: String,
    pub description: String,
    pub image_url: String,
}

/// A purchase in its buyer's history, told from the snapshot and never from the product of today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    pub id: PurchaseId,
    pub product_id: ProductId,
    pub product: ProductDetails,
    pub paid: Cents,
    pub refunded: TotalCents,
    pub refunded_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// How it was paid: the session's id says it.
    pub method: PaymentMethod,
}

impl Purchase {
    pub fn state(&self) -> PurchaseState {
        if self.refunded_at.is_some() {
            PurchaseState::Refunded
        } else if self.refunded.0 > 0 {
            PurchaseState::PartlyRefunded
        } else if self.paid.is_free() {
            PurchaseState::Free
        } else {
            PurchaseState::Paid
        }
    }

    /// What was paid without what went back; below nothing where more went back than was paid.
    pub fn net(&self) -> TotalCents {
        TotalCents(i64::from(self.paid.0) - self.refunded.0)
    }
}

/// How a purchase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurchaseState {
    Paid,
    Free,
    PartlyRefunded,
    /// What it gave is taken back, whatever money there was.
    Refunded,
}

impl PurchaseState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Paid => "Paid",
            Self::Free => "Free",
            Self::PartlyRefunded => "Partly refunded",
            Self::Refunded => "Refunded",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentMethod {
    /// Price 0: no provider was asked.
    Free,
    /// The demo's own payment page: no money moved.
    Demo,
    Card,
}

impl PaymentMethod {
    /// Reads it off the gateway session's id.
    pub fn of(session_id: &str) -> Self {
        if session_id.starts_with("free_") {
            Self::Free
        } else if session_id.starts_with("demo_") {
            Self::Demo
        } else {
            Self::Card
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Demo => "Demo payment, nothing was charged",
            Self::Card => "Card",
        }
    }
}

/// What the payment page shows of a checkout under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckoutPage {
    pub id: CheckoutId,
    pub product_id: ProductId,
    pub product: ProductDetails,
    pub price: Cents,
}

/// What a buyer finds who comes back from paying.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckoutReturn {
    pub product_id: ProductId,
    pub state: ReturnState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReturnState {
    Bought(PurchaseId),
    /// Nobody has paid yet.
    Open,
    /// The money is on its way, and takes days.
    UnderWay,
    /// It can be paid no more.
    Closed,
    /// What was paid is not what was agreed.
    Differs,
}

/// The author's figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub net_sales: TotalCents,
    pub refunds: TotalCents,
    pub customers: i64,
    pub courses: i64,
    pub products: i64,
    pub lessons: i64,
    pub completions: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn purchase(paid: i32, refunded: i64, refunded_at: Option<Timestamp>) -> Purchase {
        let product = ProductDetails { name: "Bundle".into(), description: String::new(), image_url: String::new() };
        Purchase {
            id: PurchaseId(uuid::Uuid::nil()),
            product_id: ProductId(uuid::Uuid::nil()),
            product,
            paid: Cents(paid),
            refunded: TotalCents(refunded),
            refunded_at,
            created_at: Timestamp(String::new()),
            method: PaymentMethod::Card,
        }
    }

    #[test]
    fn a_purchase_says_what_became_of_its_money() {
        use PurchaseState::{Free, Paid, PartlyRefunded, Refunded};
        for (paid, refunded, at, state, net) in [
            (4_900, 0, None, Paid, 4_900),
            (4_900, 1, None, PartlyRefunded, 4_899),
            (4_900, 4_900, Some(Timestamp(String::new())), Refunded, 0),
            (4_900, 5_000, Some(Timestamp(String::new())), Refunded, -100),
            (0, 0, None, Free, 0),
            (0, 0, Some(Timestamp(String::new())), Refunded, 0),
        ] {
            let purchase = purchase(paid, refunded, at);
            assert_eq!((purchase.state(), purchase.net()), (state, TotalCents(net)), "{purchase:?}");
        }
        let labels = [Paid, Free, PartlyRefunded, Refunded].map(PurchaseState::label);
        assert_eq!(BTreeSet::from(labels).len(), 4);
        assert!(!labels.contains(&""));
    }

    #[test]
    fn how_something_was_paid_is_read_off_its_session() {
        use PaymentMethod::{Card, Demo, Free};
        for (session, method) in
            [("free_1", Free), ("demo_1", Demo), ("cs_test_1", Card), ("", Card), ("xfree_1", Card)]
        {
            assert_eq!(PaymentMethod::of(session), method, "{session}");
        }
        let labels = [Free, Demo, Card].map(PaymentMethod::label);
        assert_eq!(BTreeSet::from(labels).len(), 3);
        assert!(!labels.contains(&""));
    }
}
