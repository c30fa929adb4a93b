use serde::{Deserialize, Serialize};
use std::fmt;

/// Highest price of a product, in dollars.
pub const PRICE_MAX: i32 = 999_999;

/// An amount of US cents. No float touches money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Cents(pub i32);

impl Cents {
    /// A price in whole dollars. None where it would not fit, which no stored price does.
    pub fn from_dollars(dollars: i32) -> Option<Self> {
        dollars.checked_mul(100).map(Self)
    }

    pub fn is_free(self) -> bool {
        self.0 == 0
    }

    /// As it is typed into a form: `1234.50`, and without cents where there are none.
    pub fn typed(self) -> String {
        let (dollars, cents) = (self.0 / 100, self.0 % 100);
        if cents == 0 { dollars.to_string() } else { format!("{dollars}.{cents:02}") }
    }
}

impl fmt::Display for Cents {
    /// `$1,234.50`, and without cents where there are none: `$1,234`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_amount(i64::from(self.0), f)
    }
}

/// A sum of many amounts, in US cents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TotalCents(pub i64);

impl TotalCents {
    /// `1234.50`, as programs write amounts: no sign of the currency, no commas, and cents always.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

impl From<Cents> for TotalCents {
    fn from(cents: Cents) -> Self {
        Self(i64::from(cents.0))
    }
}

impl fmt::Display for TotalCents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_amount(self.0, f)
    }
}

fn write_amount(cents: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let sign = if cents < 0 { "-" } else { "" };
    write!(f, "{sign}${}", grouped(cents.unsigned_abs() / 100))?;
    match cents.unsigned_abs() % 100 {
        0 => Ok(()),
        rest => write!(f, ".{rest:02}"),
    }
}

/// `12,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A price as it is typed: whole dollars from 0 to [`PRICE_MAX`], a leading `$` and thousands' commas allowed.
pub fn price_dollars(text: &str) -> Result<i32, String> {
    let digits: String = text.trim().trim_start_matches('$').chars().filter(|c| *c != ',').collect();
    let sentence =
        || format!("Enter whole dollars from 0 to {}, without cents.", TotalCents(i64::from(PRICE_MAX) * 100));
    // A number would also be read with a sign of its own.
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(sentence());
    }
    match digits.parse() {
        Ok(dollars) if (0..=PRICE_MAX).contains(&dollars) => Ok(dollars),
        _ => Err(sentence()),
    }
}

/// An amount as it is typed, more than nothing: dollars, and cents after a point; a leading `$` and thousands' commas
/// allowed.
pub fn amount(text: &str) -> Result<Cents, String> {
    let sentence = || "Enter an amount like 12 or 12.50.".to_owned();
    let typed: String = text.trim().trim_start_matches('$').chars().filter(|c| *c != ',').collect();
    let (dollars, cents) = typed.split_once('.').unwrap_or((&typed, "00"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(dollars) || !digits(cents) || cents.len() != 2 || dollars.len() > 7 {
        return Err(sentence());
    }
    match format!("{dollars}{cents}").parse() {
        Ok(0) | Err(_) => Err(sentence()),
        Ok(cents) => Ok(Cents(cents)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        for (cents, text) in
            [(0, "$0"), (1, "$0.01"), (4_900, "$49"), (123_450, "$1,234.50"), (99_999_900, "$999,999"), (-500, "-$5")]
        {
            assert_eq!(Cents(cents).to_string(), text);
        }
    }

    #[test]
    fn plain_amounts_read_as_programs_write_them() {
        for (cents, text) in [(0, "0.00"), (1, "0.01"), (1_900, "19.00"), (123_450, "1234.50"), (-5, "-0.05")] {
            assert_eq!(TotalCents(cents).plain(), text);
        }
    }

    #[test]
    fn an_amount_in_a_form_is_what_the_form_takes() {
        for (cents, text) in [(1, "0.01"), (4_900, "49"), (123_450, "1234.50"), (100_005, "1000.05")] {
            assert_eq!(Cents(cents).typed(), text);
            assert_eq!(amount(text), Ok(Cents(cents)));
        }
        assert_eq!(Cents(0).typed(), "0");
    }

    #[test]
    fn a_price_is_whole_dollars_within_bounds() {
        assert_eq!(price_dollars(" $1,234 "), Ok(1234));
        assert_eq!(price_dollars("0"), Ok(0));
        assert_eq!(price_dollars("999999"), Ok(PRICE_MAX));
        for text in ["", "-1", "+1", "1.5", "1000000", "99999999999", "1e3", "٣"] {
            assert!(price_dollars(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_amount_is_dollars_and_two_digits_of_cents() {
        for (text, cents) in [("12", 1200), ("$1,234.50", 123_450), ("0.01", 1), (" 9999999.99 ", 999_999_999)] {
            assert_eq!(amount(text), Ok(Cents(cents)), "{text}");
        }
        for text in ["", "0", "0.00", "1.5", "1.505", ".50", "1.", "-1", "+1", "1.+5", "1e3", "10000000", "٣"] {
            assert!(amount(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_price_too_large_is_none_and_never_wraps() {
        assert_eq!(Cents::from_dollars(PRICE_MAX), Some(Cents(99_999_900)));
        assert_eq!(Cents::from_dollars(i32::MAX), None);
    }
}
