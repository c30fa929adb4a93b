//! The one error that crosses the wire. It says what a page can act on, and never SQL or another service's text.

use crate::domain::validate::FieldErrors;
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Error)]
pub enum AppError {
    #[error("Sign in to go on.")]
    SignInRequired,
    #[error("Only an admin may do this.")]
    Forbidden,
    /// Also for what the viewer may not know to exist.
    #[error("There is nothing here.")]
    NotFound,
    #[error("Some fields need another look.")]
    Invalid(FieldErrors),
    #[error("{0}")]
    Conflict(Conflict),
    /// Somebody tries to get in too often.
    #[error("Too many attempts. Wait a minute, then try again.")]
    TooMany,
    /// The server's disk has no room for what was sent.
    #[error("There is no room left on the server. Nothing was kept of this.")]
    StorageFull,
    #[error("No answer just now. Nothing was lost: try again in a moment.")]
    Unavailable,
    #[error("Something went wrong on our side. It has been written down.")]
    Internal,
}

/// Why a change that was fine by itself does not fit what is stored now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Error)]
pub enum Conflict {
    /// The order that the change was made on is no more; the ids are the current one.
    #[error("Someone else changed the order. This is how it is now.")]
    Stale(Vec<Uuid>),
    /// Somebody saved while this was being edited.
    #[error("Someone else saved this while you were editing. Copy your text, then reload to see theirs.")]
    Edited,
    /// A rule of the data forbids it; the sentence says which.
    #[error("{0}")]
    Refused(String),
}

impl AppError {
    pub fn refused(sentence: impl Into<String>) -> Self {
        Self::Conflict(Conflict::Refused(sentence.into()))
    }

    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(FieldErrors::one(field, message))
    }

    /// The status under which it is answered (RFC 9110).
    pub fn status(&self) -> u16 {
        match self {
            Self::SignInRequired => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Invalid(_) => 400,
            Self::Conflict(_) => 409,
            Self::TooMany => 429,
            Self::StorageFull => 507,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

impl From<FieldErrors> for AppError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as E;
        match error {
            // What was sent does not fit the function's arguments: the form is broken, not the server.
            E::Args(_) | E::MissingArg(_) | E::Deserialization(_) => {
                Self::invalid("form", "This form was not understood. Reload the page and try again.")
            }
            E::Request(_) | E::UnsupportedRequestMethod(_) => Self::Unavailable,
            E::Registration(_) | E::ServerError(_) | E::MiddlewareError(_) | E::Serialization(_) | E::Response(_) => {
                Self::Internal
            }
        }
    }
}
