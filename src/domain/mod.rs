//! What Lectern is about, in types and rules that run on both sides. No I/O and no user interface in here.

pub mod access;
pub mod bulk;
pub mod captions;
pub mod change;
pub mod course;
pub mod deletion;
pub mod embed;
pub mod file;
pub mod id;
pub mod import;
pub mod language;
pub mod lesson;
pub mod money;
pub mod outline;
pub mod product;
pub mod progress;
pub mod purchase;
pub mod section;
pub mod step;
pub mod time;
mod tuple;
pub mod typed;
pub mod user;
pub mod validate;
pub mod version;
pub mod video;
pub mod watched;
