//! A component a route; each owns what it loads. Pages are rendered on the server alone: what of them answers to
//! script is an island.

pub mod account;
pub mod account_delete;
pub mod account_ways;
pub mod admin;
pub mod checkout;
pub mod checkout_return;
pub mod clerk;
pub mod course;
pub mod courses;
pub mod error;
pub mod field;
pub mod head;
pub mod home;
pub mod layout;
pub mod lesson;
pub mod letters;
pub mod load;
pub mod not_found;
pub mod params;
pub mod passkeys;
pub mod preload;
pub mod product;
pub mod purchase;
pub mod purchases;
pub mod sign_in;
pub mod sign_up;
pub mod visit;
mod ways_in;
