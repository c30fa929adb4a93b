//! Lectern sells and teaches courses from one small server. Shared components are rendered on the server and hydrate
//! in the browser; everything that touches the database is under [`server`].

#![recursion_limit = "256"]

pub mod api;
#[cfg(feature = "ssr")]
pub mod app;
pub mod components;
pub mod domain;
pub mod error;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server;

// Tests inside the library reach what none outside of it does (`server/fault.rs`), with the same helpers.
#[cfg(all(test, feature = "ssr"))]
extern crate self as lectern;
#[cfg(all(test, feature = "ssr"))]
#[allow(dead_code, unused_imports, clippy::unwrap_used)]
#[path = "tests/support/mod.rs"]
mod support;

/// Room that nothing uses. What splits the wasm moves constants to the part that needs them and aligns those of each
/// part anew; where the sum grows by a byte, it leaves all of them in the part that every page loads.
#[cfg(feature = "hydrate")]
#[used]
static SLACK: [u8; 512] = [b'.'; 512];

/// Where the browser starts; each island then takes over its part of the HTML that the server sent.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    // In a release a panic is a defect that a test has missed; the words for it would cost every visitor.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
