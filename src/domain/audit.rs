//! What admins did to people: a list that is added to and never changed.

use super::id::UserId;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! acts {
    ($($act:ident $value:literal $words:literal),+ $(,)?) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Act {
            $($act),+
        }

        impl Act {
            pub const ALL: &[Self] = &[$(Self::$act),+];

            /// As it is stored.
            pub fn value(self) -> &'static str {
                match self {
                    $(Self::$act => $value),+
                }
            }

            /// What an actor did to a subject: “Ada … Lee”.
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$act => $words),+
                }
            }
        }
    };
}

acts! {
    FirstAdmin "first_admin" "became the first admin",
    AdminMade "admin_made" "made an admin of",
    AdminEnded "admin_ended" "took the admin's rights from",
    Invited "invited" "made a link that invites an admin",
    Joined "joined" "became an admin by a link",
    Suspended "suspended" "suspended",
    Restored "restored" "let in again",
    Deleted "deleted" "deleted the account of",
    DeletedOwn "deleted_own" "deleted their own account",
    AddressConfirmed "address_confirmed" "confirmed the address of",
    CourseGiven "course_given" "gave a course to",
    GrantRevoked "grant_revoked" "took back a course from",
    Refunded "refunded" "refunded a purchase of",
}

impl Act {
    /// An act as it is stored; none where another version of Lectern stored it.
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.value() == value)
    }
}

/// Somebody as the log names them: by what they are called now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: UserId,
    pub name: String,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub id: i64,
    pub at: Timestamp,
    /// None where it was done at the command line.
    pub actor: Option<Named>,
    pub words: String,
    pub subject: Option<Named>,
    pub detail: String,
}

/// A part of the log, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    pub entries: Vec<Entry>,
    /// The entry to go on after, where there are more.
    pub next: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_is_read_as_it_was_stored() {
        for act in Act::ALL {
            assert_eq!(Act::parse(act.value()), Some(*act));
        }
        assert_eq!(Act::parse("of another version"), None);
    }
}
