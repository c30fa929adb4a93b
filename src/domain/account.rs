//! One's own account: how one gets in, from where one is in, and what goes when it is deleted.

use super::id::SessionId;
use super::passkey::Passkeys;
use super::time::Timestamp;
use super::user::new_password;
use super::validate::{FieldErrors, Validator, name};
use super::way_in::Provider;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Characters of a secret that a browser or a letter carries, all of them hexadecimal digits.
pub const SECRET_LENGTH: usize = 64;

/// An account as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub name: String,
    pub email: String,
    /// Where their picture is, if they have one.
    pub image_url: Option<String>,
    /// Whether the e-mail is known to be theirs.
    pub verified: bool,
    /// Whether the site can send letters.
    pub sends: bool,
    /// Whether a password signs in to it.
    pub password: bool,
    /// Whether the site lets people sign in by a password.
    pub local: bool,
    /// What their name, e-mail and picture are taken from, where that is another provider.
    pub named_by: Option<String>,
    pub ways: Vec<Way>,
    /// The providers that it can be signed in to by as well, once they are added.
    pub addable: Vec<Provider>,
    /// None where passkeys do not sign in to the site.
    pub passkeys: Option<Passkeys>,
    /// The latest first.
    pub sessions: Vec<Session>,
    pub purchases: i64,
}

/// A way in by another provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The provider's, with whom they are there.
    pub id: String,
    /// What the provider is called.
    pub provider: String,
    /// Whether the account was made for it: then it stays as long as the account.
    pub first: bool,
}

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    /// Like `Firefox on Linux`.
    pub device: String,
    pub since: Timestamp,
    pub seen: Timestamp,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// What a letter lets its reader do, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Show that the address is theirs.
    Confirm,
    /// Sign in without a password.
    SignIn,
    /// Choose another password.
    Reset,
}

impl Purpose {
    pub fn value(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::SignIn => "sign_in",
            Self::Reset => "reset",
        }
    }

    /// How long the letter is good for, in minutes from when it is sent.
    pub fn minutes(self) -> i32 {
        match self {
            Self::Confirm => 3 * 24 * 60,
            Self::SignIn => 15,
            Self::Reset => 60,
        }
    }

    /// The page that the letter leads to, which asks for a press: whatever looks into letters follows their links.
    pub fn page(self) -> &'static str {
        match self {
            Self::Confirm => "/account/confirm",
            Self::SignIn => "/sign-in/link",
            Self::Reset => "/sign-in/reset",
        }
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ProfileForm {
    #[serde(default)]
    pub name: String,
}

impl ProfileForm {
    pub fn validate(self) -> Result<String, FieldErrors> {
        let mut check = Validator::default();
        let name = check.field("name", name(self.name));
        check.done(|| name)
    }
}

/// Another password; the current one where there is one.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    pub current: String,
    #[serde(default)]
    pub password: String,
}

impl PasswordForm {
    /// Returns the current password, as it was typed, and the one to take its place.
    pub fn validate(self) -> Result<(String, String), FieldErrors> {
        let mut check = Validator::default();
        let password = check.field("password", new_password(self.password));
        check.done(|| Some((self.current, password?)))
    }
}

impl fmt::Debug for PasswordForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordForm").finish_non_exhaustive()
    }
}

/// The browser and the system that a `User-Agent` header names, like `Firefox on Linux`. Every browser names those that
/// it descends from, too, so the order decides.
pub fn device(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| known.iter().find(|(token, _)| agent.contains(token)).map(|k| k.1);
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Vivaldi", "Vivaldi"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(known), None) | (None, Some(known)) => known.to_owned(),
        (None, None) => "Unknown device".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_told_by_browser_and_system() {
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
                "Safari on Mac",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Safari/604.1",
                "Chrome on iPhone",
            ),
            ("curl/8.5.0", "curl"),
            ("", "Unknown device"),
        ] {
            assert_eq!(device(agent), expected, "{agent}");
        }
    }

    #[test]
    fn a_letter_that_lets_one_in_is_good_for_an_hour_at_most_and_one_that_confirms_for_three_days() {
        assert_eq!([Purpose::SignIn, Purpose::Reset, Purpose::Confirm].map(Purpose::minutes), [15, 60, 4_320]);
    }

    #[test]
    fn another_password_obeys_the_rule_of_the_first_and_is_in_no_log() {
        let form = |password: &str| PasswordForm { current: "old one".into(), password: password.into() };
        assert_eq!(format!("{:?}", form("long enough it is")), "PasswordForm { .. }");
        assert!(form("short").validate().is_err());
        assert_eq!(form("long enough it is").validate().ok(), Some(("old one".into(), "long enough it is".into())));
    }
}
