//! Props in, callbacks out: nothing in here knows a server function or loads anything.

pub mod announcer;
pub mod avatar;
pub mod badge;
pub mod card;
pub mod chart;
pub mod coupon;
pub mod cover;
pub mod dom;
pub mod error_words;
pub mod form;
pub mod icon;
pub mod live;
pub mod notice;
pub mod outline;
pub mod progress;
pub mod response;
pub mod sortable;
pub mod table;
pub mod wordmark;
