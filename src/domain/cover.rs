//! Pictures of products that authors upload.

use super::id::CoverId;

/// Most bytes of a picture as it is kept. What the browser cuts is far smaller.
pub const COVER_MAX: usize = 3_000_000;

/// The kinds of pictures that are taken, as a file field says them.
pub const COVER_KINDS: &str = "image/png,image/jpeg,image/webp,image/avif,image/gif";

/// Where everybody reads it: what a product's picture address is.
pub fn address(cover: CoverId) -> String {
    format!("/covers/{cover}")
}
