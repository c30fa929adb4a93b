use super::id::{CourseId, PurchaseId, UserId, WaitingGrantId};
use super::time::Timestamp;
use super::validate::{FieldErrors, Validator, email, remark};
use serde::{Deserialize, Serialize};

/// A course given by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantForm {
    /// The course's id.
    #[serde(default)]
    pub course: String,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFields {
    pub course: CourseId,
    /// Why, in the author's words.
    pub note: Option<String>,
}

impl GrantForm {
    pub fn validate(self) -> Result<GrantFields, FieldErrors> {
        let mut check = Validator::default();
        let course = check.field("course", course(&self.course));
        let note = check.field("note", remark(self.note));
        check.done(|| Some(GrantFields { course: course?, note: note? }))
    }
}

/// A course given to whoever an address is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailGrantForm {
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub course: String,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailGrantFields {
    pub email: String,
    pub grant: GrantFields,
}

impl EmailGrantForm {
    pub fn validate(self) -> Result<EmailGrantFields, FieldErrors> {
        let mut check = Validator::default();
        let email = check.field("email", email(self.email));
        let course = check.field("course", course(&self.course));
        let note = check.field("note", remark(self.note));
        check.done(|| Some(EmailGrantFields { email: email?, grant: GrantFields { course: course?, note: note? } }))
    }
}

fn course(text: &str) -> Result<CourseId, String> {
    text.parse().map_err(|_| "Choose a course.".into())
}

/// Why somebody has a course, as they are told themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessReason {
    Bought {
        purchase: PurchaseId,
        /// The product's name on the day that it was bought.
        product: String,
        at: Timestamp,
    },
    /// By an admin's hand.
    Given { at: Timestamp },
}

/// What a grant comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    Purchase {
        id: PurchaseId,
        /// The product's name on the day that it was bought.
        product: String,
        bought_at: Timestamp,
        refunded: bool,
    },
    /// An admin's hand.
    Hand {
        /// None where that account is gone.
        by: Option<String>,
        note: Option<String>,
    },
}

/// A grant for an address that nobody was shown to be yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingGrant {
    pub id: WaitingGrantId,
    pub email: String,
    pub course: String,
    pub by: Option<String>,
    pub note: Option<String>,
    pub created_at: Timestamp,
    /// Accounts that say to have this address, which is not confirmed of any.
    pub accounts: Vec<(UserId, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_names_its_course_and_may_say_why() {
        let course = "67e55044-10b1-426f-9247-bb680e5fe0c8";
        let form = |course: &str, note: &str| GrantForm { course: course.into(), note: note.into() };
        assert_eq!(form(course, "  ").validate().expect("is a grant").note, None);
        assert_eq!(form(course, " A gift ").validate().expect("is a grant").note.as_deref(), Some("A gift"));
        assert!(form("", "").validate().expect_err("is refused").of("course").is_some());
        assert!(form(course, &"a".repeat(201)).validate().expect_err("is refused").of("note").is_some());
    }
}
