use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A moment as RFC 3339 text in UTC, `2026-11-23T03:13:00.123456Z`: both sides show the same, and the browser
/// needs no calendar.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub String);

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Timestamp {
    /// `23 Nov 2026`, the day in UTC.
    pub fn day(&self) -> String {
        let mut parts = self.0.get(..10).unwrap_or_default().split('-');
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        let month = month.and_then(|m| m.parse::<usize>().ok()).and_then(|m| MONTHS.get(m.wrapping_sub(1)));
        match (year, month, day.and_then(|d| d.parse::<u8>().ok())) {
            (Some(year), Some(month), Some(day)) => format!("{day} {month} {year}"),
            _ => self.0.clone(),
        }
    }
}

impl Timestamp {
    /// `23 Nov 2026, 03:13`, in UTC.
    pub fn minute(&self) -> String {
        match self.0.get(11..16) {
            Some(minute) => format!("{}, {minute}", self.day()),
            None => self.0.clone(),
        }
    }
}

/// A day of the calendar, read and written as `2026-11-23`, from the year 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// `23 Nov 2026`.
    pub fn words(self) -> String {
        Timestamp(self.to_string()).day()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let shape = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        if text.len() != 10 || !text.bytes().enumerate().all(shape) {
            return Err(());
        }
        let year: u16 = text[..4].parse().map_err(|_| ())?;
        let (month, day): (u8, u8) = (text[5..7].parse().map_err(|_| ())?, text[8..].parse().map_err(|_| ())?);
        let days = match month {
            2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return Err(()),
        };
        if year == 0 || !(1..=days).contains(&day) {
            return Err(());
        }
        Ok(Self { year, month, day })
    }
}

#[cfg(feature = "ssr")]
impl From<chrono::DateTime<chrono::Utc>> for Timestamp {
    fn from(time: chrono::DateTime<chrono::Utc>) -> Self {
        // Microseconds are what PostgreSQL keeps: the text compares equal to the stored moment.
        Self(time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_out() {
        assert_eq!(Timestamp("2026-11-03T03:13:00.000000Z".into()).day(), "3 Nov 2026");
        assert_eq!(Timestamp("soon".into()).day(), "soon");
        assert_eq!(Timestamp("2026-11-03T03:13:00.000000Z".into()).minute(), "3 Nov 2026, 03:13");
    }

    #[test]
    fn a_date_is_a_day_that_there_is() {
        for text in ["2026-11-23", "0001-01-01", "9999-12-31", "2024-02-29", "2000-02-29"] {
            assert_eq!(text.parse::<Date>().map(|date| date.to_string()), Ok(text.to_owned()));
        }
        for text in [
            "",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "0000-01-01",
            "2026-1-1",
            "12026-01-01",
            "2026/01/01",
            "+026-01-01",
            "2026-01-011",
            "２026-01-1",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert!("2025-12-31".parse::<Date>() < "2026-01-01".parse::<Date>());
    }
}
