//! Who asks, and proof of what they may do. A right is a value that one must hold: the constructors here are the
//! only way to one, so a write that takes a proof cannot be called without the check.

pub mod clerk;
pub mod cookie;
pub mod device;
pub mod external;
pub mod first_admin;
pub mod oidc;
pub mod passes;
pub mod passkeys;
pub mod password;
pub mod secret;
pub mod session;

use super::db::{self, Db};
use crate::domain::access::{Preview, Standing};
use crate::domain::id::{CourseId, UserId};
use crate::domain::user::User;
use crate::error::AppError;
use std::ops::Deref;

/// Who a request comes from.
#[derive(Debug, Clone)]
pub enum Viewer {
    Anonymous,
    SignedIn(SignedIn),
    /// An admin who looks at the site as others see it, and changes nothing by it.
    Previewing(Preview, SignedIn),
}

/// Proof that a live session of an account in good standing came with the request.
#[derive(Debug, Clone)]
pub struct SignedIn(User);

/// Proof that the account is an admin's, as of this request.
#[derive(Debug, Clone)]
pub struct Admin(SignedIn);

/// Proof of the right to bring in a course: an admin's, as of this request, or that of whoever runs a command beside
/// the database and could as well write to it.
#[derive(Debug, Clone)]
pub struct Author(Option<UserId>);

/// Proof of access to one course, as of this request.
#[derive(Debug, Clone)]
pub struct Entitled {
    signed_in: SignedIn,
    course: CourseId,
}

impl Viewer {
    /// For a user that the session store has just read.
    pub(super) fn of(user: Option<User>) -> Self {
        user.map_or(Self::Anonymous, |user| Self::SignedIn(SignedIn(user)))
    }

    pub fn user(&self) -> Option<&User> {
        match self {
            Self::Anonymous | Self::Previewing(Preview::Visitor, _) => None,
            Self::SignedIn(signed_in) | Self::Previewing(Preview::Buyer, signed_in) => Some(&signed_in.0),
        }
    }

    /// The same account, looking at the site as somebody else would; only an admin can.
    pub fn previewing(self, preview: Option<Preview>) -> Self {
        match (self, preview) {
            (Self::SignedIn(admin), Some(preview)) if admin.is_admin() => Self::Previewing(preview, admin),
            (viewer, _) => viewer,
        }
    }

    /// As whom the viewer looks at the site, where that is not themselves.
    pub fn preview(&self) -> Option<Preview> {
        match self {
            Self::Previewing(preview, _) => Some(*preview),
            _ => None,
        }
    }

    /// How the viewer stands to a course.
    pub fn standing(&self, entitled: bool, in_public_product: bool) -> Standing {
        match self {
            Self::Previewing(Preview::Buyer, _) => Standing::Previewing,
            _ => Standing::of(self.is_admin(), entitled, in_public_product),
        }
    }

    pub fn id(&self) -> Option<UserId> {
        self.user().map(|user| user.id)
    }

    pub fn is_admin(&self) -> bool {
        matches!(self, Self::SignedIn(signed_in) if signed_in.is_admin())
    }

    pub fn signed_in(self) -> Result<SignedIn, AppError> {
        match self {
            Self::Anonymous | Self::Previewing(Preview::Visitor, _) => Err(AppError::SignInRequired),
            Self::SignedIn(signed_in) => Ok(signed_in),
            Self::Previewing(Preview::Buyer, _) => {
                Err(AppError::refused("You look at the site as a buyer would: nothing is recorded."))
            }
        }
    }

    pub fn admin(self) -> Result<Admin, AppError> {
        let signed_in = self.signed_in()?;
        if signed_in.is_admin() { Ok(Admin(signed_in)) } else { Err(AppError::Forbidden) }
    }
}

impl SignedIn {
    /// Asks `user_course_access`, the one table that says so. What is not theirs is not found.
    pub async fn entitled(self, db: &Db, course: CourseId) -> Result<Entitled, AppError> {
        if db::access::has(db, self.id, course).await? {
            Ok(Entitled { signed_in: self, course })
        } else {
            Err(AppError::NotFound)
        }
    }
}

impl Author {
    /// Whoever runs a command.
    pub(super) fn at_the_command_line() -> Self {
        Self(None)
    }

    /// Their account, where it is known.
    pub fn id(&self) -> Option<UserId> {
        self.0
    }
}

impl From<&Admin> for Author {
    fn from(admin: &Admin) -> Self {
        Self(Some(admin.id))
    }
}

impl Entitled {
    pub fn user_id(&self) -> UserId {
        self.signed_in.id
    }

    pub fn course_id(&self) -> CourseId {
        self.course
    }
}

impl Deref for SignedIn {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0
    }
}

impl Deref for Admin {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0.0
    }
}
