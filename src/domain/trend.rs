//! The author's figures over time. Times are in UTC.

use super::money::TotalCents;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How far back the figures go, and in which steps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrendRange {
    #[default]
    Days,
    Weeks,
    Months,
}

impl TrendRange {
    pub const ALL: [Self; 3] = [Self::Days, Self::Weeks, Self::Months];

    /// The value in addresses.
    pub fn value(self) -> &'static str {
        match self {
            Self::Days => "30d",
            Self::Weeks => "12w",
            Self::Months => "12m",
        }
    }

    /// None where there is no such range; the shortest where none is named.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() { Some(Self::default()) } else { Self::ALL.into_iter().find(|range| range.value() == text) }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Days => "30 days",
            Self::Weeks => "12 weeks",
            Self::Months => "12 months",
        }
    }

    /// A step, as PostgreSQL and people call it. A week begins on Monday.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Days => "day",
            Self::Weeks => "week",
            Self::Months => "month",
        }
    }

    /// How many steps, the one that is not over included.
    pub fn steps(self) -> i32 {
        match self {
            Self::Days => 30,
            Self::Weeks | Self::Months => 12,
        }
    }
}

/// The figures of a range, oldest first, each step there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trend {
    pub range: TrendRange,
    pub points: Vec<TrendPoint>,
}

/// The figures of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// Its first moment.
    pub start: Timestamp,
    /// What was paid less what went back, each on the day that it did: less than nothing where more went back.
    pub net_sales: TotalCents,
    pub refunds: TotalCents,
    /// People whose first purchase that was not refunded is in it: over all time, the number of customers.
    pub customers: i64,
    /// Lessons completed.
    pub completions: i64,
}

impl TrendPoint {
    /// `3 Nov`, or the month as `Nov 2026`.
    pub fn label(&self, range: TrendRange) -> String {
        let day = self.start.day();
        let mut parts = day.split(' ');
        match (range, parts.next(), parts.next(), parts.next()) {
            (TrendRange::Months, _, Some(month), Some(year)) => format!("{month} {year}"),
            (_, Some(day), Some(month), _) => format!("{day} {month}"),
            _ => day,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_named_as_people_write_it() {
        let point = TrendPoint {
            start: Timestamp("2026-11-02T00:00:00.000000Z".into()),
            net_sales: TotalCents(0),
            refunds: TotalCents(0),
            customers: 0,
            completions: 0,
        };
        assert_eq!(TrendRange::ALL.map(|range| point.label(range)), ["2 Nov", "2 Nov", "Nov 2026"]);
    }

    #[test]
    fn a_range_has_one_spelling() {
        for range in TrendRange::ALL {
            assert_eq!(TrendRange::parse(range.value()), Some(range));
        }
        assert_eq!(TrendRange::parse(""), Some(TrendRange::Days));
        assert_eq!(TrendRange::parse("1y"), None);
    }
}
