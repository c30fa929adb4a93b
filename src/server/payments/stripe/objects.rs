//! Stripe's objects, as far as they are read, and what they say in our own words. Read leniently: fields that are not
//! used may be anything.

use super::super::payment::{Amounts, ProviderDispute, ProviderRefund, SessionState};
use crate::domain::money::Cents;
use crate::domain::refund::{DisputeStatus, RefundStatus};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Debug, Deserialize)]
pub struct CheckoutSession {
    pub id: String,
    pub url: Option<String>,
    pub status: Option<String>,
    pub payment_status: String,
    pub amount_subtotal: Option<i64>,
    pub amount_total: Option<i64>,
    pub total_details: Option<TotalDetails>,
    pub currency: Option<String>,
    pub client_reference_id: Option<String>,
    pub payment_intent: Option<Expandable<PaymentIntent>>,
}

#[derive(Debug, Default, Deserialize)]
pub struct TotalDetails {
    pub amount_discount: i64,
    pub amount_tax: i64,
}

#[derive(Debug, Deserialize)]
pub struct PaymentIntent {
    pub id: String,
    pub status: Option<String>,
    pub latest_charge: Option<Expandable<Charge>>,
}

#[derive(Debug, Deserialize)]
pub struct Charge {
    pub receipt_url: Option<String>,
    pub amount_refunded: i64,
    pub disputed: bool,
}

#[derive(Debug, Deserialize)]
pub struct Refund {
    pub id: String,
    pub amount: i64,
    pub status: Option<String>,
    pub reason: Option<String>,
    pub failure_reason: Option<String>,
    #[serde(default)]
    pub metadata: Option<HashMap<String, String>>,
}

#[derive(Debug, Deserialize)]
pub struct Dispute {
    pub id: String,
    pub amount: i64,
    pub status: String,
    pub reason: String,
}

#[derive(Debug, Deserialize)]
pub struct List<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub has_more: bool,
}

/// An object, or its id alone where it was not asked for.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Expandable<T> {
    Id(String),
    Object(T),
}

impl<T> Expandable<T> {
    pub fn object(&self) -> Option<&T> {
        match self {
            Self::Object(object) => Some(object),
            Self::Id(_) => None,
        }
    }
}

/// What Stripe answers where it refuses.
#[derive(Debug, Deserialize)]
pub struct ErrorBody {
    pub error: ErrorDetail,
}

#[derive(Debug, Deserialize)]
pub struct ErrorDetail {
    pub code: Option<String>,
    pub message: Option<String>,
}

impl CheckoutSession {
    pub fn state(&self) -> SessionState {
        let intent = self.intent().and_then(|intent| intent.status.as_deref());
        match (self.status.as_deref(), self.payment_status.as_str()) {
            (Some("complete"), "paid" | "no_payment_required") => SessionState::Paid,
            // A payment that takes days, and failed after all.
            (Some("complete"), _) if matches!(intent, Some("requires_payment_method" | "canceled")) => {
                SessionState::Closed
            }
            (Some("complete"), _) => SessionState::UnderWay,
            (Some("expired"), _) => SessionState::Closed,
            _ => SessionState::Open,
        }
    }

    /// None where the session does not say.
    pub fn amounts(&self) -> Option<Amounts> {
        let (discount, tax) =
            self.total_details.as_ref().map_or((0, 0), |details| (details.amount_discount, details.amount_tax));
        Some(Amounts { subtotal: self.amount_subtotal?, discount, tax, total: self.amount_total? })
    }

    pub fn intent(&self) -> Option<&PaymentIntent> {
        self.payment_intent.as_ref().and_then(Expandable::object)
    }

    pub fn intent_id(&self) -> Option<&str> {
        match self.payment_intent.as_ref()? {
            Expandable::Id(id) => Some(id),
            Expandable::Object(intent) => Some(&intent.id),
        }
    }

    pub fn charge(&self) -> Option<&Charge> {
        self.intent()?.latest_charge.as_ref()?.object()
    }
}

impl Refund {
    /// None where the amount is none that we could have taken.
    pub fn told(self) -> Option<ProviderRefund> {
        let status = match self.status.as_deref() {
            Some("succeeded") => RefundStatus::Succeeded,
            Some("failed") => RefundStatus::Failed,
            Some("canceled") => RefundStatus::Canceled,
            Some("requires_action") => RefundStatus::RequiresAction,
            _ => RefundStatus::Pending,
        };
        let ours = self.metadata.unwrap_or_default().remove(super::OUR_REFUND);
        Some(ProviderRefund {
            id: self.id,
            requested_as: ours.and_then(|id| id.parse().ok()),
            amount: cents(self.amount)?,
            status,
            reason: self.reason,
            failure: self.failure_reason,
        })
    }
}

impl Dispute {
    /// None where the amount is none that we could have taken.
    pub fn told(self) -> Option<ProviderDispute> {
        let status = match self.status.as_str() {
            "won" | "warning_closed" | "prevented" => DisputeStatus::Won,
            // What was lost is gone until the appeal is won.
            "lost" | "appeal_needs_response" | "appeal_under_review" => DisputeStatus::Lost,
            _ => DisputeStatus::Open,
        };
        Some(ProviderDispute { id: self.id, amount: cents(self.amount)?, status, reason: self.reason })
    }
}

fn cents(amount: i64) -> Option<Cents> {
    i32::try_from(amount).ok().filter(|amount| *amount > 0).map(Cents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_session_is_paid_under_way_open_or_closed() {
        use SessionState::{Closed, Open, Paid, UnderWay};
        for (status, payment, intent, state) in [
            ("complete", "paid", Some("succeeded"), Paid),
            ("complete", "no_payment_required", None, Paid),
            ("complete", "unpaid", Some("processing"), UnderWay),
            ("complete", "unpaid", None, UnderWay),
            ("complete", "unpaid", Some("requires_payment_method"), Closed),
            ("complete", "unpaid", Some("canceled"), Closed),
            ("expired", "unpaid", None, Closed),
            ("open", "unpaid", None, Open),
            ("open", "unpaid", Some("requires_payment_method"), Open),
            ("open", "paid", None, Open),
            ("something new", "paid", None, Open),
        ] {
            let intent = intent.map(|status| json!({"id": "pi_1", "status": status, "latest_charge": null}));
            let told = json!({"id": "cs_1", "status": status, "payment_status": payment, "payment_intent": intent});
            let session: CheckoutSession = serde_json::from_value(told.clone()).expect("is a session");
            assert_eq!(session.state(), state, "{told}");
        }
    }

    #[test]
    fn a_session_says_what_was_paid_and_by_which_payment() {
        let read = |told| serde_json::from_value::<CheckoutSession>(told).expect("is a session");
        let bare = read(json!({"id": "cs_1", "payment_status": "unpaid"}));
        assert!(bare.amounts().is_none() && bare.intent_id().is_none() && bare.charge().is_none());
        let plain = json!({
            "id": "cs_1", "payment_status": "paid", "amount_subtotal": 4900, "amount_total": 4900, "payment_intent": "pi_1",
        });
        let plain = read(plain);
        assert_eq!(plain.amounts(), Some(Amounts { subtotal: 4900, discount: 0, tax: 0, total: 4900 }));
        assert_eq!(plain.intent_id(), Some("pi_1"));
        assert!(plain.intent().is_none() && plain.charge().is_none());
        let full = read(json!({
            "id": "cs_1", "payment_status": "paid", "amount_subtotal": 4900, "amount_total": 4500,
            "total_details": {"amount_discount": 900, "amount_tax": 500},
            "payment_intent": {"id": "pi_2", "status": "succeeded", "latest_charge":
                {"receipt_url": "https://example.org/receipt", "amount_refunded": 7, "disputed": false}},
        }));
        assert_eq!(full.amounts(), Some(Amounts { subtotal: 4900, discount: 900, tax: 500, total: 4500 }));
        assert_eq!(full.intent_id(), Some("pi_2"));
        assert_eq!(full.charge().map(|charge| charge.amount_refunded), Some(7));
    }

    #[test]
    fn what_goes_back_is_told_in_our_words_and_only_amounts_that_can_have_been_taken() {
        use RefundStatus::{Canceled, Failed, Pending, RequiresAction, Succeeded};
        let refund = |status: Option<&str>, amount: i64| {
            let told = json!({"id": "re_1", "amount": amount, "status": status});
            serde_json::from_value::<Refund>(told).expect("is a refund").told()
        };
        for (status, expected) in [
            (Some("succeeded"), Succeeded),
            (Some("failed"), Failed),
            (Some("canceled"), Canceled),
            (Some("requires_action"), RequiresAction),
            (Some("pending"), Pending),
            (Some("something new"), Pending),
            (None, Pending),
        ] {
            assert_eq!(refund(status, 1).map(|refund| refund.status), Some(expected), "{status:?}");
        }
        for amount in [0, -1, i64::from(i32::MAX) + 1] {
            assert!(refund(None, amount).is_none(), "{amount}");
        }
        assert_eq!(refund(None, 4900).map(|refund| refund.amount), Some(Cents(4900)));
        let dispute = |status: &str| {
            let told = json!({"id": "du_1", "amount": 4900, "status": status, "reason": "fraudulent"});
            serde_json::from_value::<Dispute>(told).expect("is a dispute").told().map(|dispute| dispute.status)
        };
        for (statuses, expected) in [
            (["won", "warning_closed", "prevented"], DisputeStatus::Won),
            (["lost", "appeal_needs_response", "appeal_under_review"], DisputeStatus::Lost),
            (["needs_response", "under_review", "something new"], DisputeStatus::Open),
        ] {
            assert_eq!(statuses.map(dispute), [Some(expected); 3], "{statuses:?}");
        }
    }
}
