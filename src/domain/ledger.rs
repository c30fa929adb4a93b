use super::id::{PaymentFlagId, PurchaseId};
use super::money::Cents;
use super::payment::FlagKind;
use super::refund::RefundStatus;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the payment provider told, and what of it a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// Whether a provider is set up at all.
    pub provider: bool,
    pub counts: LedgerCounts,
    /// Oldest first.
    pub matters: Vec<Matter>,
    /// Those that are not applied first, then the latest.
    pub events: Vec<LedgerEvent>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerCounts {
    pub received: i64,
    pub applied: i64,
    /// Failed, and about to be tried again.
    pub waiting: i64,
    /// Failed so often that nobody tries it any more.
    pub parked: i64,
    /// Checkouts that can still be paid, or whose money is on its way.
    pub open_checkouts: i64,
    pub open_refunds: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEvent {
    /// The provider's.
    pub id: String,
    pub kind: String,
    pub received_at: Timestamp,
    pub attempts: i32,
    pub state: EventState,
    /// The purchase that it is about, where there is one.
    pub purchase: Option<PurchaseId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    Applied,
    Waiting { until: Timestamp, error: String },
    Parked { error: String },
}

/// Something that does not fit, or is not done yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    pub at: Timestamp,
    /// Where there is one: what was paid and not agreed is none.
    pub purchase: Option<PurchaseId>,
    pub product: String,
    pub buyer: String,
    pub what: MatterKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum MatterKind {
    Flag {
        id: PaymentFlagId,
        flag: FlagKind,
        detail: String,
    },
    /// A refund that is not through, or failed in the last thirty days.
    Refund {
        amount: Cents,
        status: RefundStatus,
        error: Option<String>,
    },
}

impl MatterKind {
    pub fn words(&self) -> String {
        match self {
            Self::Flag { flag, detail, .. } if detail.is_empty() => flag.words().to_owned(),
            Self::Flag { flag, detail, .. } => format!("{} {detail}", flag.words()),
            Self::Refund { amount, status: RefundStatus::Requested, .. } => {
                format!("A refund of {amount} waits for Stripe's answer. It is asked for again by itself.")
            }
            Self::Refund { amount, status: RefundStatus::RequiresAction, .. } => {
                format!("A refund of {amount} waits for the buyer, whom Stripe has written to.")
            }
            Self::Refund { amount, status: RefundStatus::Failed | RefundStatus::Canceled, .. } => {
                format!("A refund of {amount} failed: the buyer did not get it, and keeps what it would have taken.")
            }
            Self::Refund { amount, .. } => format!("A refund of {amount} is on its way."),
        }
    }
}
