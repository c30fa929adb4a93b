//! Many files that become draft lessons at once.

use super::id::LessonId;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Most files of one form.
pub const BULK_MAX: usize = 200;

/// What became of each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkReport {
    /// In their order: the lesson, what it is called, and the file that it was made of.
    pub made: Vec<(LessonId, String, String)>,
    /// The file, and why it is no lesson.
    pub refused: Vec<(String, String)>,
}

/// The order in which people count: `2` before `10`, whatever the case of letters.
pub fn natural(one: &str, other: &str) -> Ordering {
    let (mut a, mut b) = (one, other);
    while let (Some(first), Some(second)) = (a.chars().next(), b.chars().next()) {
        let order = if first.is_ascii_digit() && second.is_ascii_digit() {
            let (left, right);
            ((left, a), (right, b)) = (number(a), number(b));
            left.len().cmp(&right.len()).then_with(|| left.cmp(right))
        } else {
            (a, b) = (&a[first.len_utf8()..], &b[second.len_utf8()..]);
            first.to_lowercase().cmp(second.to_lowercase())
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len()).then_with(|| one.cmp(other))
}

/// The digits at the start of a text, without zeros that count for nothing, and the rest.
fn number(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    (text[..end].trim_start_matches('0'), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_in_the_order_in_which_people_count() {
        let mut names = [
            "10 End.md",
            "2 Middle.md",
            "1 Start.md",
            "2.10.md",
            "2.9.md",
            "b.md",
            "A.md",
            "a1.md",
            "é.md",
            "02b.md",
            "",
        ];
        names.sort_by(|one, other| natural(one, other));
        assert_eq!(
            names,
            [
                "",
                "1 Start.md",
                "2 Middle.md",
                "2.9.md",
                "2.10.md",
                "02b.md",
                "10 End.md",
                "A.md",
                "a1.md",
                "b.md",
                "é.md"
            ]
        );
        let long = "9".repeat(300);
        assert_eq!(natural(&long, &format!("{long}0")), Ordering::Less);
        assert_eq!(natural("a01", "a1"), Ordering::Less);
        assert_eq!(natural("a1", "a1"), Ordering::Equal);
    }
}
