use serde::{Deserialize, Serialize};

/// What about a payment does not fit, so that a person has to look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "payment_flag_kind", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// What was paid is not what was agreed: there is no purchase.
    AmountDiffers,
    /// The buyer's account was deleted before the payment came: there is a purchase, and nobody who can use it.
    BuyerDeleted,
    /// The buyer had bought the same product already.
    BoughtTwice,
    /// More went back than was paid.
    ReturnedTooMuch,
}

impl FlagKind {
    /// What happened, and what is to be done about it.
    pub fn words(self) -> &'static str {
        match self {
            Self::AmountDiffers => {
                "The amount paid is not the price agreed. Nothing was given for it: refund it at the payment provider, \
                 or give the courses by hand."
            }
            Self::BuyerDeleted => "The buyer's account was deleted before the payment came. Refund it.",
            Self::BoughtTwice => "The buyer had bought this already, and paid twice. Refund one of the two.",
            Self::ReturnedTooMuch => {
                "More went back than was paid, by a refund and a lost dispute together. Ask the payment provider."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn whoever_looks_at_a_payment_is_told_what_is_wrong_with_it() {
        use FlagKind::{AmountDiffers, BoughtTwice, BuyerDeleted, ReturnedTooMuch};
        let told = [AmountDiffers, BuyerDeleted, BoughtTwice, ReturnedTooMuch].map(FlagKind::words);
        assert!(told.iter().all(|words| words.ends_with('.')));
        assert_eq!(BTreeSet::from(told).len(), 4);
    }
}
