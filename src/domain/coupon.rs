//! Codes that take something off a price.

use super::id::{CouponId, ProductId};
use super::money::{Cents, amount};
use super::time::Date;
use super::validate::{FieldErrors, Validator};
use serde::{Deserialize, Serialize};

/// What is left of a price costs at least this, or nothing: payment providers take no less (Stripe, minimum charge
/// amounts, US dollars).
pub const LEAST: Cents = Cents(50);
/// Most characters of a code.
pub const CODE_MAX: usize = 40;

/// What a coupon takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Discount {
    /// 1 to 100.
    Percent(i32),
    Amount(Cents),
}

impl Discount {
    /// What is left of a price: rounded half up to a cent, and nothing where it would be less than [`LEAST`].
    pub fn of(self, price: Cents) -> Cents {
        let left = match self {
            Self::Percent(percent) => {
                let off = (i64::from(price.0) * i64::from(percent) + 50) / 100;
                i64::from(price.0) - off
            }
            Self::Amount(amount) => i64::from(price.0) - i64::from(amount.0),
        };
        match i32::try_from(left) {
            Ok(left) if left >= LEAST.0 => Cents(left),
            _ => Cents(0),
        }
    }

    /// `20 %` or `$5`.
    pub fn words(self) -> String {
        match self {
            Self::Percent(percent) => format!("{percent} %"),
            Self::Amount(amount) => amount.to_string(),
        }
    }
}

/// What became of a code that somebody came with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Redeemed {
    /// It takes something off.
    Taken {
        code: String,
        discount: Discount,
        price: Cents,
    },
    Refused {
        code: String,
        why: CouponRefusal,
    },
}

/// Why a code takes nothing off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CouponRefusal {
    /// There is none of this name, or it was switched off.
    Unknown,
    Expired,
    UsedUp,
    OtherProduct,
}

impl CouponRefusal {
    pub fn words(self) -> &'static str {
        match self {
            Self::Unknown => "There is no such code.",
            Self::Expired => "This code has expired.",
            Self::UsedUp => "This code has been used as often as it may be.",
            Self::OtherProduct => "This code is for something else.",
        }
    }
}

/// A coupon among the author's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    pub id: CouponId,
    pub code: String,
    pub discount: Discount,
    /// The product that it is for, and its name; none where it is for all.
    pub product: Option<(ProductId, String)>,
    /// How many have bought with it.
    pub used: i64,
    /// How many more may still pay with it.
    pub under_way: i64,
    pub limit: Option<i32>,
    /// The last day that it is good on, written out.
    pub last_day: Option<String>,
    pub expired: bool,
    pub active: bool,
}

impl Coupon {
    /// How it stands, in a word.
    pub fn state(&self) -> &'static str {
        if !self.active {
            "Off"
        } else if self.expired {
            "Expired"
        } else if self.limit.is_some_and(|limit| self.used + self.under_way >= i64::from(limit)) {
            "Used up"
        } else {
            "On"
        }
    }

    /// Whether it takes something off at this moment.
    pub fn is_on(&self) -> bool {
        self.state() == "On"
    }
}

/// A coupon as an admin edits it, with every product there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponEdit {
    pub form: CouponForm,
    pub products: Vec<(ProductId, String)>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponForm {
    #[serde(default)]
    pub code: String,
    /// `20%`, or an amount like `5` or `5.50`.
    #[serde(default)]
    pub discount: String,
    /// A product's id; empty for all.
    #[serde(default)]
    pub product: String,
    #[serde(default)]
    pub limit: String,
    /// The last day, as `2026-12-31`.
    #[serde(default)]
    pub last_day: String,
    /// `on`, or nothing.
    #[serde(default)]
    pub active: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouponFields {
    pub code: String,
    pub discount: Discount,
    pub product: Option<ProductId>,
    pub limit: Option<i32>,
    /// It is good until the end of that day, UTC.
    pub last_day: Option<Date>,
    pub active: bool,
}

impl CouponForm {
    pub fn validate(self) -> Result<CouponFields, FieldErrors> {
        let mut check = Validator::default();
        let code = check.field("code", code(&self.code));
        let discount = check.field("discount", discount(&self.discount));
        let product = check.field("product", product(&self.product));
        let limit = check.field("limit", limit(&self.limit));
        let last_day = check.field("last_day", last_day(&self.last_day));
        check.done(|| {
            Some(CouponFields {
                code: code?,
                discount: discount?,
                product: product?,
                limit: limit?,
                last_day: last_day?,
                active: !self.active.is_empty(),
            })
        })
    }
}

/// A code, trimmed: letters, digits, `-` and `_`, so that it can be said, typed, and put into an address.
pub fn code(text: &str) -> Result<String, String> {
    let text = text.trim();
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    match text.len() {
        1..=CODE_MAX if plain => Ok(text.to_owned()),
        _ => Err(format!("Use 1 to {CODE_MAX} letters, digits, - and _.")),
    }
}

fn discount(text: &str) -> Result<Discount, String> {
    let sentence = || "Enter a part like 20%, from 1 to 100, or an amount like 5 or 5.50.".to_owned();
    match text.trim().strip_suffix('%') {
        Some(percent) => match percent.trim().parse() {
            Ok(percent @ 1..=100) if !text.contains('+') => Ok(Discount::Percent(percent)),
            _ => Err(sentence()),
        },
        None => amount(text).map(Discount::Amount).map_err(|_| sentence()),
    }
}

fn product(text: &str) -> Result<Option<ProductId>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| "Choose a product, or all of them.".to_owned())
}

fn limit(text: &str) -> Result<Option<i32>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(limit @ 1..=1_000_000) if !text.starts_with('+') => Ok(Some(limit)),
        _ => Err("Enter a number from 1 to 1,000,000, or nothing.".into()),
    }
}

fn last_day(text: &str) -> Result<Option<Date>, String> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|()| "Enter a day like 2026-12-31.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_left_is_whole_cents_and_never_too_little_to_be_paid() {
        for (discount, price, left) in [
            (Discount::Percent(20), 4_900, 3_920),
            (Discount::Percent(33), 1_000, 670),
            // Half a cent is given to the buyer.
            (Discount::Percent(1), 150, 148),
            (Discount::Percent(100), 99_999_900, 0),
            (Discount::Percent(50), 100, 50),
            (Discount::Percent(51), 100, 0),
            (Discount::Amount(Cents(500)), 4_900, 4_400),
            (Discount::Amount(Cents(4_900)), 4_900, 0),
            (Discount::Amount(Cents(4_851)), 4_900, 0),
            (Discount::Amount(Cents(i32::MAX)), 4_900, 0),
            (Discount::Percent(20), 0, 0),
        ] {
            assert_eq!(discount.of(Cents(price)), Cents(left), "{discount:?} of {price}");
        }
    }

    #[test]
    fn a_coupon_is_used_up_by_those_who_paid_and_those_who_still_may() {
        let coupon = |active, expired, used, under_way, limit| Coupon {
            id: CouponId(uuid::Uuid::nil()),
            code: "X".into(),
            discount: Discount::Percent(20),
            product: None,
            used,
            under_way,
            limit,
            last_day: None,
            expired,
            active,
        };
        for (coupon, state) in [
            (coupon(true, false, 0, 0, None), "On"),
            (coupon(true, false, 99, 9, None), "On"),
            (coupon(true, false, 2, 2, Some(5)), "On"),
            (coupon(true, false, 3, 2, Some(5)), "Used up"),
            (coupon(true, false, 5, 0, Some(5)), "Used up"),
            (coupon(true, false, 4, 2, Some(5)), "Used up"),
            (coupon(true, true, 5, 0, Some(5)), "Expired"),
            (coupon(false, true, 5, 0, Some(5)), "Off"),
        ] {
            assert_eq!(coupon.state(), state, "{coupon:?}");
            assert_eq!(coupon.is_on(), state == "On");
        }
    }

    #[test]
    fn a_buyer_is_told_what_a_code_takes_off_or_why_nothing() {
        assert_eq!(Discount::Percent(20).words(), "20 %");
        assert_eq!(Discount::Amount(Cents(550)).words(), "$5.50");
        use CouponRefusal::{Expired, OtherProduct, Unknown, UsedUp};
        let told = [Unknown, Expired, UsedUp, OtherProduct].map(CouponRefusal::words);
        assert!(told.iter().all(|words| words.ends_with('.')));
        assert_eq!(BTreeSet::from(told).len(), 4);
    }

    #[test]
    fn a_discount_is_a_part_or_an_amount() {
        assert_eq!(discount(" 20 %"), Ok(Discount::Percent(20)));
        assert_eq!(discount("$5.50"), Ok(Discount::Amount(Cents(550))));
        for text in ["", "0", "0%", "101%", "-1%", "+5%", "1.5%", "20%%", "%", "five"] {
            assert!(discount(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_code_can_be_said_and_put_into_an_address() {
        assert_eq!(code(" SUMMER-26 "), Ok("SUMMER-26".to_owned()));
        assert!(code(&"a".repeat(CODE_MAX)).is_ok());
        for text in ["", "two words", "50%", "a&b", "ü", &"a".repeat(CODE_MAX + 1)] {
            assert!(code(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_form_may_leave_open_what_is_unbounded() {
        let form = CouponForm { code: "X".into(), discount: "5".into(), ..CouponForm::default() };
        let fields = form.clone().validate().expect("is a coupon");
        assert_eq!((fields.product, fields.limit, fields.last_day, fields.active), (None, None, None, false));
        let full = CouponForm {
            product: uuid::Uuid::nil().to_string(),
            limit: " 1000000 ".into(),
            last_day: "2026-12-31".into(),
            active: "on".into(),
            ..form.clone()
        };
        let fields = full.validate().expect("is a coupon");
        assert_eq!((fields.code.as_str(), fields.discount), ("X", Discount::Amount(Cents(500))));
        assert_eq!((fields.product, fields.limit), (Some(ProductId(uuid::Uuid::nil())), Some(1_000_000)));
        assert_eq!((fields.last_day, fields.active), ("2026-12-31".parse().ok(), true));
        assert!(CouponForm { product: "x".into(), ..form.clone() }.validate().is_err());
        for (limit, last_day) in
            [("0", ""), ("1000001", ""), ("x", ""), ("+1", ""), ("", "2026-02-30"), ("", "soon"), ("", "2026-1-1")]
        {
            let form = CouponForm { limit: limit.into(), last_day: last_day.into(), ..form.clone() };
            assert!(form.validate().is_err(), "{limit} {last_day}");
        }
    }
}
