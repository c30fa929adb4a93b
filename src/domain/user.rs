use super::access::Preview;
use super::id::UserId;
use super::validate::{FieldErrors, Validator, email, name};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a person may do, read from `users` on every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "user_role", rename_all = "lowercase"))]
pub enum Role {
    Admin,
    User,
}

/// The person who is signed in, as the pages show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub email: String,
    /// Where their picture is, if they have one.
    pub image_url: Option<String>,
    pub role: Role,
}

impl User {
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }
}

/// What every page knows of its visitor and of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub user: Option<User>,
    /// As whom an admin looks at the site.
    pub preview: Option<Preview>,
    /// Whether this is a demo, which every page says.
    pub demo: bool,
    /// Whether the site can send letters.
    pub sends: bool,
    /// The site's address as people type it, without a slash at its end.
    pub origin: String,
    /// Whether the player asks, which has what stands around a lesson.
    pub part: bool,
}

/// The request header by which a page says whose it is.
pub const PERSON: &str = "lectern-person";

/// Fewest characters of a password.
pub const PASSWORD_MIN: usize = 10;
/// Most characters of a password: more would only make hashing a burden.
pub const PASSWORD_MAX: usize = 200;

#[derive(Clone, Default, Serialize, Deserialize)]
pub struct SignUpForm {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub password: String,
}

/// A new local account; the password is still plain.
pub struct SignUpFields {
    pub name: String,
    pub email: String,
    pub password: String,
}

impl SignUpForm {
    /// Trims name and e-mail; the password is taken as it was typed.
    pub fn validate(self) -> Result<SignUpFields, FieldErrors> {
        let mut check = Validator::default();
        let name = check.field("name", name(self.name));
        let email = check.field("email", email(self.email));
        let password = check.field("password", new_password(self.password));
        check.done(|| Some(SignUpFields { name: name?, email: email?, password: password? }))
    }
}

/// A password as somebody chooses it, taken as it was typed.
pub fn new_password(text: String) -> Result<String, String> {
    if text.contains('\0') {
        return Err("This holds a NUL character, which cannot be typed again.".into());
    }
    let length = text.chars().count();
    if length < PASSWORD_MIN {
        return Err(format!("Use at least {PASSWORD_MIN} characters."));
    }
    if length > PASSWORD_MAX {
        return Err(format!("Use at most {PASSWORD_MAX} characters."));
    }
    Ok(text)
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub password: String,
}

// A form may be logged; a password may not.
impl fmt::Debug for SignUpForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignUpForm").field("email", &self.email).finish_non_exhaustive()
    }
}

impl fmt::Debug for SignInForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInForm").field("email", &self.email).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(email: &str, password: &str) -> SignUpForm {
        SignUpForm { name: " Ada ".into(), email: email.into(), password: password.into() }
    }

    #[test]
    fn a_password_is_counted_in_characters_not_bytes() {
        assert!(form("ada@example.org", "ééééééééé").validate().is_err());
        assert!(form("ada@example.org", "éééééééééé").validate().is_ok());
    }

    #[test]
    fn a_password_has_ten_characters_to_two_hundred() {
        for (length, fine) in
            [(0, false), (9, false), (10, true), (11, true), (199, true), (200, true), (201, false), (202, false)]
        {
            assert_eq!(new_password("é".repeat(length)).is_ok(), fine, "{length}");
        }
    }

    #[test]
    fn a_form_in_the_log_tells_its_email_and_no_password() {
        let sign_up = form("ada@example.org", "correct horse battery");
        let sign_in = SignInForm { email: sign_up.email.clone(), password: sign_up.password.clone() };
        for text in [format!("{sign_up:?}"), format!("{sign_in:?}")] {
            assert!(text.contains("ada@example.org") && !text.contains("horse"), "{text}");
        }
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let errors = form("nobody", "short").validate().err().expect("both are wrong");
        assert!(errors.of("email").is_some() && errors.of("password").is_some());
        assert!(errors.of("name").is_none());
    }
}
