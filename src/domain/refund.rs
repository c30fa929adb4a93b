use super::id::RefundId;
use super::money::{Cents, TotalCents, amount};
use super::validate::{FieldErrors, Validator, remark};
use serde::{Deserialize, Serialize};

/// What became of money that is to go back. All but the first are Stripe's (docs.stripe.com/api/refunds/object).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "refund_status", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// Written down here, and not answered by the provider yet.
    Requested,
    Pending,
    RequiresAction,
    Succeeded,
    Failed,
    Canceled,
}

impl RefundStatus {
    pub fn label(self) -> &'static str {
        match self {
            Self::Requested => "Waits for the payment provider",
            Self::Pending => "On its way",
            Self::RequiresAction => "Waits for the buyer",
            Self::Succeeded => "Paid back",
            Self::Failed => "Failed",
            Self::Canceled => "Canceled",
        }
    }
}

/// How a bank's dispute of a payment stands. The money is with the bank while it is open, and gone once it is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "dispute_status", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    Open,
    Won,
    Lost,
}

impl DisputeStatus {
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Disputed",
            Self::Won => "Dispute won",
            Self::Lost => "Dispute lost",
        }
    }
}

/// Why money goes back, as Stripe is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefundReason {
    #[default]
    RequestedByCustomer,
    Duplicate,
    Fraudulent,
}

impl RefundReason {
    pub const ALL: [Self; 3] = [Self::RequestedByCustomer, Self::Duplicate, Self::Fraudulent];

    /// The value in forms and at Stripe.
    pub fn value(self) -> &'static str {
        match self {
            Self::RequestedByCustomer => "requested_by_customer",
            Self::Duplicate => "duplicate",
            Self::Fraudulent => "fraudulent",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::RequestedByCustomer => "The buyer asked for it",
            Self::Duplicate => "It was paid twice",
            Self::Fraudulent => "The payment was fraud",
        }
    }

    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.value() == value)
    }
}

/// A refund as an admin asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundForm {
    /// The id that the refund is to have: sent twice, it is one refund.
    #[serde(default)]
    pub refund: String,
    /// Dollars and cents; blank for all that is left.
    #[serde(default)]
    pub amount: String,
    /// Cents that had gone back when the form was shown; blank where that does not matter.
    #[serde(default)]
    pub seen: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundFields {
    /// None where the form had none.
    pub refund: Option<RefundId>,
    /// None for all that is left.
    pub amount: Option<Cents>,
    pub seen: Option<TotalCents>,
    pub reason: RefundReason,
    pub note: Option<String>,
}

impl RefundForm {
    pub fn validate(self) -> Result<RefundFields, FieldErrors> {
        let mut check = Validator::default();
        let broken = || "This form is broken. Reload the page and try again.".to_owned();
        let refund = match self.refund.as_str() {
            "" => Some(None),
            id => check.field("refund", id.parse().map(Some).map_err(|_| broken())),
        };
        let paid_back = match self.amount.trim() {
            "" => Some(None),
            typed => check.field("amount", amount(typed).map(Some)),
        };
        let seen = match self.seen.as_str() {
            "" => Some(None),
            cents => check.field("seen", cents.parse().map(|cents| Some(TotalCents(cents))).map_err(|_| broken())),
        };
        let reason = match self.reason.as_str() {
            "" => Some(RefundReason::default()),
            value => check.field("reason", RefundReason::parse(value).ok_or("Choose a reason.".into())),
        };
        let note = check.field("note", remark(self.note));
        check.done(|| {
            Some(RefundFields { refund: refund?, amount: paid_back?, seen: seen?, reason: reason?, note: note? })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn whatever_became_of_money_is_told_apart() {
        use RefundStatus::{Canceled, Failed, Pending, Requested, RequiresAction, Succeeded};
        let refunds = [Requested, Pending, RequiresAction, Succeeded, Failed, Canceled].map(RefundStatus::label);
        let disputes = [DisputeStatus::Open, DisputeStatus::Won, DisputeStatus::Lost].map(DisputeStatus::label);
        let reasons = RefundReason::ALL.map(RefundReason::label);
        let told: BTreeSet<&str> = refunds.into_iter().chain(disputes).chain(reasons).collect();
        assert_eq!(told.len(), 12, "{told:?}");
        assert!(!told.contains(""));
        for reason in RefundReason::ALL {
            assert_eq!(RefundReason::parse(reason.value()), Some(reason));
        }
    }

    #[test]
    fn a_refund_of_everything_needs_no_field_and_a_part_is_in_cents() {
        let all = RefundForm::default().validate().expect("is valid");
        assert_eq!((all.amount, all.reason), (None, RefundReason::RequestedByCustomer));
        let part = RefundForm { amount: " $12.50 ".into(), reason: "duplicate".into(), ..Default::default() };
        let part = part.validate().expect("is valid");
        assert_eq!((part.amount, part.reason), (Some(Cents(1250)), RefundReason::Duplicate));
        for (amount, reason) in [("0", ""), ("-1", ""), ("1.234", ""), ("1e2", ""), ("", "because")] {
            let form = RefundForm { amount: amount.into(), reason: reason.into(), ..Default::default() };
            assert!(form.validate().is_err(), "{amount} {reason}");
        }
    }
}
