//! What purchases, refunds, disputes and grants amount to, in the simplest words.

use super::{PRICE, PRODUCTS};
use lectern::domain::id::PurchaseId;
use std::collections::BTreeSet;
use uuid::Uuid;

pub struct Purchase {
    pub id: PurchaseId,
    pub person: usize,
    pub product: usize,
    pub courses: BTreeSet<usize>,
    /// The payment at Stripe; none of what was free.
    pub payment: Option<String>,
    /// What was free was taken back.
    pub taken: bool,
    /// Each refund that Stripe made: its id, dollars, and whether it bounced.
    pub refunds: Vec<(String, i64, bool)>,
    /// Each dispute: its id, and how it ended.
    pub disputes: Vec<(String, Option<bool>)>,
}

impl Purchase {
    pub fn refunded(&self) -> bool {
        self.taken || self.payment.is_some() && self.back() >= PRICE
    }

    /// Dollars that are back with the buyer.
    pub fn back(&self) -> i64 {
        let lost = self.disputes.iter().filter(|(_, won)| *won == Some(false)).count() as i64 * PRICE;
        self.given_back() + lost
    }

    pub fn given_back(&self) -> i64 {
        self.refunds.iter().filter(|(_, _, bounced)| !bounced).map(|(_, dollars, _)| dollars).sum()
    }

    /// Dollars that an admin can still give back here.
    pub fn left(&self) -> i64 {
        let disputed = self.disputes.iter().filter(|(_, won)| *won != Some(true)).count() as i64 * PRICE;
        (PRICE - self.given_back() - disputed).max(0)
    }
}

pub struct Grant {
    pub id: Uuid,
    pub person: usize,
    pub course: usize,
    pub revoked: bool,
}

/// What was done, in the model's words.
pub struct Model {
    pub products: [BTreeSet<usize>; PRODUCTS],
    pub purchases: Vec<Purchase>,
    pub grants: Vec<Grant>,
}

impl Model {
    pub fn access(&self, person: usize) -> BTreeSet<usize> {
        let bought = self.purchases.iter().filter(|purchase| purchase.person == person && !purchase.refunded());
        let given = self.grants.iter().filter(|grant| grant.person == person && !grant.revoked);
        let given = given.map(|grant| grant.course);
        bought.flat_map(|purchase| purchase.courses.iter().copied()).chain(given).collect()
    }

    pub fn owns(&self, person: usize, product: usize) -> bool {
        self.purchases.iter().any(|bought| bought.person == person && bought.product == product && !bought.refunded())
    }
}
