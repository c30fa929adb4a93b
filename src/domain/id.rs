//! Ids are types, so that a lesson's cannot be passed where a section's is meant.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            /// Takes the hyphenated form only: one id has one address.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let id = Uuid::try_parse(text)?;
                if text.len() == 36 { Ok(Self(id)) } else { Uuid::try_parse("").map(Self) }
            }
        }
    )+};
}

id_types! {
    UserId,
    ProductId,
    CourseId,
    SectionId,
    LessonId,
    /// A browser that is signed in; opens nothing.
    SessionId,
    PasskeyId,
    PurchaseId,
    /// Money given back, or about to be; also the key under which the provider is asked for it.
    RefundId,
    DisputeId,
    /// Something about a payment that a person has to look at.
    PaymentFlagId,
    /// Why a person has access to a course.
    GrantId,
    /// A grant for somebody who is not there yet.
    WaitingGrantId,
    /// A state of a lesson's text.
    VersionId,
    CheckoutId,
    /// A code that takes something off a price.
    CouponId,
    /// A letter to somebody.
    MailId,
    FileId,
    UploadId,
    /// An uploaded picture of a product.
    CoverId,
    /// What became of many files that were sent at once.
    BulkReportId,
    CaptionsId,
    /// What was deleted together, and can be had again for a while.
    DeletionId,
    /// A course that was sent and waits to be imported.
    ImportId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let text = "67e55044-10b1-426f-9247-bb680e5fe0c8";
        assert_eq!(text.parse::<LessonId>().map(|id| id.to_string()), Ok(text.to_owned()));
        assert!("67e5504410b1426f9247bb680e5fe0c8".parse::<LessonId>().is_err());
        assert!("".parse::<LessonId>().is_err());
    }
}
