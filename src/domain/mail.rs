//! Letters that Lectern writes to people.

use super::account::Purpose;
use super::id::{CourseId, GrantId, MailId, PurchaseId};
use super::money::{Cents, TotalCents};
use super::purchase::PaymentMethod;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a letter tells, as it was when it was caused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Letter {
    /// Something was bought.
    Receipt {
        purchase: PurchaseId,
        product: String,
        paid: Cents,
        method: PaymentMethod,
        /// The courses that it opens.
        courses: Vec<String>,
    },
    /// Courses were given to somebody who has an account.
    Given { courses: Vec<GivenCourse> },
    /// A course waits for somebody to be shown to have this address.
    Waiting { course: String },
    /// Money of a purchase went back.
    Refunded {
        purchase: PurchaseId,
        product: String,
        amount: Cents,
        method: PaymentMethod,
        /// What went back of it in all.
        refunded: TotalCents,
        /// Whether the access that the purchase gave ended with it.
        ended: bool,
    },
    /// Money that was said to go back did not: the bank did not take it.
    RefundFailed { purchase: PurchaseId, product: String, amount: Cents },
    /// What cost nothing was taken back.
    TakenBack { purchase: PurchaseId, product: String },
    /// The reader may do something once; the secret for it is made when the letter is sent.
    Pass { purpose: Purpose },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenCourse {
    /// Why they have it.
    pub grant: GrantId,
    pub id: CourseId,
    pub title: String,
}

impl Letter {
    /// The line that a mailbox shows.
    pub fn subject(&self) -> String {
        match self {
            Self::Receipt { product, .. } => format!("Your receipt: {product}"),
            Self::Given { courses } => match courses.as_slice() {
                [one] => format!("“{}” is open for you", one.title),
                several => format!("{} courses are open for you", several.len()),
            },
            Self::Waiting { course } => format!("“{course}” waits for you"),
            Self::Refunded { amount, product, .. } => format!("{amount} back for {product}"),
            Self::RefundFailed { amount, product, .. } => format!("{amount} for {product} did not reach you"),
            Self::TakenBack { product, .. } => format!("{product} was taken back"),
            Self::Pass { purpose: Purpose::Confirm } => "Is this your address?".to_owned(),
            Self::Pass { purpose: Purpose::SignIn } => "Your link to sign in".to_owned(),
            Self::Pass { purpose: Purpose::Reset } => "Choose another password".to_owned(),
        }
    }
}

/// How far a letter has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum MailState {
    /// The mail server took it.
    Sent { at: Timestamp },
    /// It is tried then, if there is a mail server to try.
    Waiting { until: Timestamp, error: Option<String> },
    /// Nobody tries any more, unless told to.
    GivenUp { error: String },
}

impl MailState {
    pub fn words(&self) -> String {
        match self {
            Self::Sent { at } => format!("Sent {}", at.minute()),
            Self::Waiting { error: None, .. } => "Not sent yet".to_owned(),
            Self::Waiting { until, error: Some(_) } => format!("Tried again {}", until.minute()),
            Self::GivenUp { .. } => "Not sent".to_owned(),
        }
    }

    /// Why it was not sent, where there is anything to say.
    pub fn error(&self) -> Option<&str> {
        match self {
            Self::Sent { .. } => None,
            Self::Waiting { error, .. } => error.as_deref(),
            Self::GivenUp { error } => Some(error),
        }
    }
}

/// A letter as the author sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub id: MailId,
    pub email: String,
    pub purchase: Option<PurchaseId>,
    pub created_at: Timestamp,
    pub state: MailState,
    pub subject: String,
    /// Its words without markup.
    pub text: String,
}

/// The letters of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPage {
    /// Whether a mail server is set up.
    pub sends: bool,
    /// Those that are not sent, whether or not they are in the list.
    pub unsent: i64,
    /// Those that are not sent first, then the latest.
    pub mails: Vec<Mail>,
}
