//! What the tests share: the application on a database of its own, people and courses to fill it, and ways to look at
//! what it did.

pub mod app;
pub mod authenticator;
pub mod builders;
pub mod clerk;
pub mod coupons;
// The program looks into it where tests do not.
#[allow(dead_code)]
#[path = "../../fake_clerk/fake/mod.rs"]
pub mod fake_clerk;
// The program and the torture look into it where tests do not.
#[allow(dead_code)]
#[path = "../../fake_stripe/fake/mod.rs"]
pub mod fake_stripe;
pub mod oidc;
pub mod reply;
pub mod shop;
pub mod smtp;
pub mod statements;
pub mod store;
pub mod world;

pub use app::{App, Person};
pub use builders::{Course, Lesson, course, lesson, person, product, section};
pub use reply::Reply;
pub use shop::Shop;
pub use world::World;

/// A film of a few seconds (WebM).
pub const CLIP: &[u8] = include_bytes!("../../../end2end/media/clip.webm");

/// Form fields as they are sent: `fields!["course" => course.id, "done" => true]`.
#[macro_export]
macro_rules! fields {
    ($($name:expr => $value:expr),* $(,)?) => {
        vec![$(($name.to_string(), $value.to_string())),*] as $crate::support::app::Fields
    };
}
