//! What only admins may do: every function takes the proof first.

pub mod copies;
pub mod coupons;
pub mod courses;
pub mod drafts;
pub mod files;
pub mod imports;
pub mod ledger;
pub mod lessons;
pub mod mails;
pub mod outline;
pub mod people;
pub mod preview;
pub mod products;
pub mod sales;
pub mod sections;
