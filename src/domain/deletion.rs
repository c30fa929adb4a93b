use super::money::grouped;
use serde::{Deserialize, Serialize};

/// What a deletion would take with it, said before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    pub name: String,
    /// What goes, in words: `7 lessons`, `32 completions of learners`.
    pub goes: Vec<String>,
    /// What forbids it, with the page where it can be changed; empty where nothing does.
    pub forbidden_by: Vec<(String, String)>,
    /// Where to go back to.
    pub back: String,
}

/// `1 lesson`, `7,000 lessons`.
pub fn count(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n.unsigned_abs()), if n == 1 { one } else { many })
}
