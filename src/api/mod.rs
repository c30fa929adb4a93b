//! Server functions: doors, not rooms. Each asks who it is, validates, makes one call and returns.

pub mod account;
pub mod admin;
pub mod catalog;
pub mod letters;
pub mod player;
pub mod purchases;
pub mod session;
pub mod submit;
