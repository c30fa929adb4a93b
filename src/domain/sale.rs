use super::id::{CourseId, RefundId, UserId};
use super::mail::Letter;
use super::money::{Cents, TotalCents};
use super::payment::FlagKind;
use super::purchase::Purchase;
use super::refund::{DisputeStatus, RefundReason, RefundStatus};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A purchase in the author's list of sales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    pub purchase: Purchase,
    pub buyer: UserId,
    pub buyer_name: String,
    pub buyer_email: String,
    /// How the latest dispute of it stands.
    pub dispute: Option<DisputeStatus>,
    /// The provider's id of the payment, or of the session that it was made in; none where nothing was paid.
    pub payment: Option<String>,
}

impl Sale {
    /// How it stands, a state each: `Partly refunded`, `Dispute won`.
    pub fn states(&self) -> Vec<&'static str> {
        [Some(self.purchase.state().label()), self.dispute.map(DisputeStatus::label)].into_iter().flatten().collect()
    }
}

/// A purchase as its author sees it, with all that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalePage {
    pub sale: Sale,
    /// The payment in it, at a provider.
    pub payment_intent: Option<String>,
    /// The provider's own receipt.
    pub receipt: Option<String>,
    /// What went back or is about to.
    pub spoken_for: TotalCents,
    /// The id that the next refund is to have.
    pub next_refund: RefundId,
    /// Oldest first.
    pub story: Vec<Told>,
}

impl SalePage {
    /// What can still be given back.
    pub fn left(&self) -> TotalCents {
        TotalCents((i64::from(self.sale.purchase.paid.0) - self.spoken_for.0).max(0))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub at: Timestamp,
    pub what: Happening,
}

/// What a coupon took off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponUse {
    pub code: String,
    /// The price without it.
    pub list_price: Cents,
}

/// Something that happened to a purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Happening {
    CheckedOut {
        price: Cents,
        coupon: Option<CouponUse>,
    },
    Paid {
        amount: Cents,
    },
    Refund {
        amount: Cents,
        status: RefundStatus,
        /// As the provider spells it.
        reason: Option<String>,
        note: Option<String>,
        /// Who asked for it here; none where it was made at the provider.
        by: Option<String>,
        error: Option<String>,
    },
    Dispute {
        amount: Cents,
        status: DisputeStatus,
        reason: String,
    },
    Granted {
        course: CourseId,
        title: String,
    },
    TakenBack {
        course: CourseId,
        title: String,
    },
    Flagged {
        flag: FlagKind,
        detail: String,
    },
    /// The buyer was written to.
    Mail {
        email: String,
        letter: Letter,
        sent: bool,
    },
    /// Stripe told of something by itself.
    Event {
        event: String,
        applied: bool,
        error: Option<String>,
    },
}

impl Happening {
    /// In a sentence, without what links to elsewhere.
    pub fn words(&self) -> String {
        match self {
            Self::CheckedOut { price, coupon: None } => format!("Checkout opened for {price}"),
            Self::CheckedOut { price, coupon: Some(coupon) } => {
                format!("Checkout opened for {price} instead of {}, with the coupon {}", coupon.list_price, coupon.code)
            }
            Self::Paid { amount } if amount.is_free() => "Got for nothing".to_owned(),
            Self::Paid { amount } => format!("{amount} paid"),
            Self::Refund { amount, by: Some(by), .. } => format!("Refund of {amount} asked for by {by}"),
            Self::Refund { amount, by: None, .. } => format!("Refund of {amount} made at the payment provider"),
            Self::Dispute { amount, status, .. } => match status {
                DisputeStatus::Open => format!("The buyer's bank disputes {amount}"),
                DisputeStatus::Won => format!("The buyer's bank disputed {amount}: won"),
                DisputeStatus::Lost => format!("The buyer's bank disputed {amount}: lost, the money is gone"),
            },
            Self::Granted { title, .. } => format!("Access to “{title}” given"),
            Self::TakenBack { title, .. } => format!("Access to “{title}” ended"),
            Self::Flagged { flag, .. } => flag.words().to_owned(),
            Self::Mail { email, letter, sent: true } => format!("“{}” sent to {email}", letter.subject()),
            Self::Mail { email, letter, sent: false } => {
                format!("“{}” written to {email}, and not sent yet", letter.subject())
            }
            Self::Event { event, applied: true, .. } => format!("Stripe told: {event}"),
            Self::Event { event, applied: false, .. } => {
                format!("Stripe told, and it could not be applied yet: {event}")
            }
        }
    }

    /// What there is to say beside it.
    pub fn details(&self) -> Vec<String> {
        match self {
            Self::Refund { status, reason, note, error, .. } => {
                let reason = reason.as_deref().map(|value| {
                    RefundReason::parse(value).map_or_else(|| value.replace('_', " "), |known| known.label().to_owned())
                });
                let error = error.as_ref().map(|error| format!("The payment provider says: {error}"));
                [Some(status.label().to_owned()), reason, note.clone(), error].into_iter().flatten().collect()
            }
            Self::Dispute { reason, .. } => vec![reason.replace('_', " ")],
            Self::Flagged { detail, .. } => {
                Some(detail.clone()).filter(|detail| !detail.is_empty()).into_iter().collect()
            }
            Self::Event { error, .. } => error.iter().cloned().collect(),
            _ => Vec::new(),
        }
    }
}
