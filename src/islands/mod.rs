//! What hydrates: the parts of a page that answer to script. Everything else is HTML that the server rendered and the
//! browser leaves as it is, so the wasm holds these, what they are made of, and nothing more.
//!
//! An island's props travel in its HTML; what stands between its tags is the server's. With script off all of it is
//! still there, and every form in it is a plain one.

pub mod editor;
pub mod form;
pub mod lesson_editor;
pub mod link_secret;
mod part;
pub mod player;
pub mod queue;
pub mod ready;
