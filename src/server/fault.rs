//! Where a test may let the server die. A life ends at one point, and from there on nothing that it does is written
//! down or told to anybody: what is left is what a machine that lost its power would leave.

use crate::error::AppError;

/// A point before or after something that lasts: a commit, or a call of somebody else.
///
/// # Errors
/// The life is over. Nobody dies outside of this library's own tests.
#[cfg(test)]
pub fn point() -> Result<(), AppError> {
    fail::fail_point!("death", |_| Err(AppError::Internal));
    Ok(())
}

/// The same in a server: nothing.
#[cfg(not(test))]
#[inline]
pub fn point() -> Result<(), AppError> {
    Ok(())
}
