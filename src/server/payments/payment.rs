//! What a gateway says of a payment.

use crate::domain::id::{CheckoutId, RefundId};
use crate::domain::money::Cents;
use crate::domain::refund::{DisputeStatus, RefundStatus};
use chrono::{DateTime, Utc};

/// Prices are in US dollars (the seed's `price_dollars`).
pub const CURRENCY: &str = "usd";

/// How far a session has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// Nobody has paid yet.
    Open,
    /// The buyer has done their part, and the money takes days to come.
    UnderWay,
    Paid,
    /// It can be paid no more.
    Closed,
}

/// What a gateway says of a session, and of what became of its money, when asked.
#[derive(Debug, Clone)]
pub struct Payment {
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    pub session: String,
    /// What the session was opened for, in the gateway's memory.
    pub checkout: Option<CheckoutId>,
    pub state: SessionState,
    pub amounts: Amounts,
    pub currency: String,
    pub payment_intent: Option<String>,
    /// The provider's own receipt.
    pub receipt: Option<String>,
    pub refunds: Vec<ProviderRefund>,
    pub disputes: Vec<ProviderDispute>,
}

/// In the currency's smallest unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// The price, before what the provider takes off and puts on.
    pub subtotal: i64,
    /// By a promotion code.
    pub discount: i64,
    pub tax: i64,
    /// What the buyer pays.
    pub total: i64,
}

impl Amounts {
    pub fn plain(price: Cents) -> Self {
        let price = i64::from(price.0);
        Self { subtotal: price, total: price, ..Self::default() }
    }

    /// What was paid, where that is the agreed price less a discount plus tax; none where it is anything else.
    pub fn paid_for(self, agreed: Cents) -> Option<Cents> {
        let sums_up = (self.subtotal.checked_sub(self.discount)).and_then(|sum| sum.checked_add(self.tax));
        let agrees = self.subtotal == i64::from(agreed.0) && self.discount >= 0 && self.tax >= 0;
        match sums_up {
            Some(total) if agrees && total == self.total && total >= 0 => i32::try_from(total).ok().map(Cents),
            _ => None,
        }
    }
}

/// A refund as the gateway tells of it.
#[derive(Debug, Clone)]
pub struct ProviderRefund {
    pub id: String,
    /// Our own id of it, where it was asked for here.
    pub requested_as: Option<RefundId>,
    pub amount: Cents,
    pub status: RefundStatus,
    pub reason: Option<String>,
    /// Why it failed, in the provider's word.
    pub failure: Option<String>,
}

/// A dispute as the gateway tells of it.
#[derive(Debug, Clone)]
pub struct ProviderDispute {
    pub id: String,
    pub amount: Cents,
    pub status: DisputeStatus,
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn py8_what_was_paid_is_the_price_less_a_discount_plus_tax_or_nothing_at_all() {
        let paid = |subtotal, discount, tax, total| Amounts { subtotal, discount, tax, total }.paid_for(Cents(4900));
        assert_eq!(paid(4900, 0, 0, 4900), Some(Cents(4900)));
        assert_eq!(paid(4900, 900, 0, 4000), Some(Cents(4000)));
        assert_eq!(paid(4900, 0, 980, 5880), Some(Cents(5880)));
        assert_eq!(paid(4900, 4900, 0, 0), Some(Cents(0)));
        for (subtotal, discount, tax, total) in [
            (4899, 0, 0, 4899),
            (4901, 0, 0, 4901),
            (4900, 0, 0, 4899),
            (4900, 0, 0, 0),
            (4900, -100, 0, 5000),
            (4900, 0, -100, 4800),
            (4900, 5000, 0, -100),
            (i64::MIN, 1, 0, 0),
            (4900, 0, i64::MAX, i64::MAX),
        ] {
            assert_eq!(paid(subtotal, discount, tax, total), None, "{subtotal} {discount} {tax} {total}");
        }
    }
}
