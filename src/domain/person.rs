//! One person as the author looks after them.

use super::grant::{Source, WaitingGrant};
use super::id::{CourseId, GrantId, UserId};
use super::progress::Progress;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub admin: bool,
    /// Whether it is the one who looks.
    pub myself: bool,
    /// Since when they are not let in.
    pub suspended_at: Option<Timestamp>,
    /// Since when the e-mail is known to be theirs.
    pub verified_at: Option<Timestamp>,
    pub joined: Timestamp,
    /// Every course that anything ever gave them, those with access first.
    pub courses: Vec<PersonCourse>,
    /// What waits for their e-mail to be known as theirs.
    pub waiting: Vec<WaitingGrant>,
    /// Every course there is, to give one.
    pub choices: Vec<(CourseId, String)>,
}

impl Person {
    /// The last time that they completed a lesson, or watched or read one.
    pub fn active(&self) -> Option<&Timestamp> {
        self.courses.iter().filter_map(|course| course.active.as_ref()).max()
    }
}

/// A course as one person has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCourse {
    pub id: CourseId,
    pub title: String,
    pub progress: Progress,
    pub active: Option<Timestamp>,
    /// When all of it was completed for the first time.
    pub finished_at: Option<Timestamp>,
    /// Newest first, those that were taken back too.
    pub grants: Vec<Grant>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub id: GrantId,
    pub source: Source,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

impl PersonCourse {
    /// Grants that are not taken back: while there is one, there is access.
    pub fn live(&self) -> usize {
        self.grants.iter().filter(|grant| grant.revoked_at.is_none()).count()
    }

    /// What revoking one of the live grants would leave.
    pub fn without_one(&self) -> &'static str {
        match self.live() {
            0 | 1 => "If you revoke this, access ends: nothing else gives this course.",
            2 => "If you revoke this, access stays, by the other source.",
            _ => "If you revoke this, access stays, by the other sources.",
        }
    }
}
