//! Who is looking, for every part of a page.

use crate::domain::user::{User, Visit};
use leptos::prelude::*;

/// As the edge read it from the session. While the routes are listed there is no visit, and nobody is looking.
pub fn visit() -> Visit {
    use_context().unwrap_or_default()
}

/// The person who is signed in.
pub fn user() -> Option<User> {
    visit().user
}
