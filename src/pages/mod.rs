//! A component a route; each owns what it loads.

pub mod admin;
pub mod checkout;
pub mod course;
pub mod courses;
pub mod form;
pub mod head;
pub mod home;
pub mod layout;
pub mod lazy;
pub mod lesson;
pub mod load;
pub mod not_found;
pub mod params;
pub mod product;
pub mod purchase;
pub mod purchases;
pub mod session;
pub mod sign_in;
pub mod sign_up;
