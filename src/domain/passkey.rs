//! Passkeys of an account: what its person sees of them.

use super::id::PasskeyId;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Most passkeys of an account: more devices than anybody has, and a list that is read at a glance.
pub const PASSKEYS_MAX: i64 = 20;

/// A passkey, without its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    pub id: PasskeyId,
    pub name: String,
    pub made: Timestamp,
    /// When it last signed somebody in.
    pub used: Option<Timestamp>,
}

/// The passkeys of an account, on a site where there can be some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkeys {
    /// The oldest first.
    pub made: Vec<Passkey>,
    /// What the browser that asks is called, like `Firefox on Linux`: a name for the next one.
    pub device: String,
}

/// Marks pages of a site that signs people in by passkeys.
#[derive(Debug, Clone, Copy)]
pub struct PasskeysWork;
