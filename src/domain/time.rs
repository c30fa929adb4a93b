use serde::{Deserialize, Serialize};

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
}
