//! The native half: nothing in here reaches the wasm.

pub mod auth;
pub mod catalog;
pub mod commands;
pub mod config;
pub mod context;
pub mod db;
pub mod demo;
pub mod edge;
pub mod error;
pub mod export;
pub mod files;
pub mod history;
pub mod import;
pub mod importing;
pub mod local_postgres;
pub mod markdown;
pub mod payments;
pub mod people;
pub mod player;
pub mod policy;
pub mod rendered;
pub mod telemetry;
