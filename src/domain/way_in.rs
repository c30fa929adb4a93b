//! The ways in that a site has besides an e-mail's own, and what can go wrong on one.

use serde::{Deserialize, Serialize};

/// What Clerk is called among providers.
pub const CLERK: &str = "clerk";

/// What a page needs to offer Clerk as a way in. Nothing of it is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClerkFront {
    pub publishable_key: String,
    /// The address of Clerk's script.
    pub script: String,
}

/// An OpenID Connect provider, as pages show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// What it is called in addresses.
    pub slug: String,
    pub name: String,
}

impl Provider {
    /// Where a form is sent that begins a sign-in with it.
    pub fn address(&self) -> String {
        format!("/auth/oidc/{}", self.slug)
    }

    /// Whether its own script signs people in, on a page of its own.
    pub fn is_clerk(&self) -> bool {
        self.slug == CLERK
    }
}

/// How one gets in to this site, as its settings say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaysIn {
    /// Whether accounts with a password can be made and signed in to.
    pub local: bool,
    pub clerk: Option<ClerkFront>,
    pub providers: Vec<Provider>,
}

/// Why somebody who was sent to a provider came back without what they went for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayFailed {
    /// They changed their mind there, or the provider refused them.
    Cancelled,
    /// It took too long, came back to another browser, or a second time.
    Stale,
    /// What came back cannot be believed.
    Refused,
    /// The provider does not answer.
    Away,
    /// The provider tells no e-mail.
    NoAddress,
    /// Another account here has it.
    Taken,
    /// Their account here is suspended.
    Suspended,
}

impl WayFailed {
    const ALL: [Self; 7] =
        [Self::Cancelled, Self::Stale, Self::Refused, Self::Away, Self::NoAddress, Self::Taken, Self::Suspended];

    /// As an address says it.
    pub fn value(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Stale => "stale",
            Self::Refused => "refused",
            Self::Away => "away",
            Self::NoAddress => "no-address",
            Self::Taken => "taken",
            Self::Suspended => "suspended",
        }
    }

    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failed| failed.value() == value)
    }

    /// What happened, and what to do.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Cancelled => {
                ("You are not signed in", "You came back without a sign-in. Try again, or take another way in.")
            }
            Self::Stale => ("That took too long", "This sign-in has ended, or was used before. Begin again."),
            Self::Refused => ("This sign-in was not accepted", "What came back could not be checked. Begin again."),
            Self::Away => ("No answer just now", "Try again in a moment, or take another way in."),
            Self::NoAddress => (
                "Your e-mail is missing",
                "Receipts go to it, and the provider did not tell it. Add one there, or let it be told, then come back.",
            ),
            Self::Suspended => ("This account is suspended", "Write to the author of the site."),
            Self::Taken => (
                "That belongs to another account",
                "Somebody signs in to another account here with it. Sign out and in with it to see which.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_reason_is_read_from_an_address_as_it_was_written() {
        for failed in WayFailed::ALL {
            assert_eq!(WayFailed::parse(failed.value()), Some(failed));
        }
        assert_eq!(WayFailed::parse("<script>"), None);
    }

    #[test]
    fn every_reason_says_in_words_of_its_own_what_happened_and_what_to_do() {
        let words: BTreeSet<_> = WayFailed::ALL.into_iter().map(WayFailed::words).collect();
        assert_eq!(words.len(), WayFailed::ALL.len());
        assert!(words.iter().all(|(what, then)| what.contains(' ') && then.ends_with('.')), "{words:?}");
    }

    #[test]
    fn clerk_is_told_from_a_provider_of_whatever_name() {
        let provider = |slug: &str, name: &str| Provider { slug: slug.to_owned(), name: name.to_owned() };
        assert!(provider(CLERK, "Whatever").is_clerk());
        assert!(!provider("school", "Clerk").is_clerk());
    }
}
