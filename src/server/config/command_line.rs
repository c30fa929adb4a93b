//! What `lectern` is called with. The doc comments are the manual that `lectern --help` prints.

use super::settings::Settings;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Sell and teach courses from one small server.
///
/// Without any setting it runs as a demo on a PostgreSQL of its own. Settings are read from the command line, then
/// from the environment, then from a file `.env` in the working directory.
#[derive(Debug, Parser)]
#[command(name = "lectern", version)]
pub struct Cli {
    #[command(flatten)]
    pub settings: Settings,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Serve the site (the default)
    Serve,
    /// Bring the database's schema up to date and stop
    Migrate,
    /// Read a folder of Markdown with a SUMMARY.md (mdBook's shape) as a course
    Import {
        /// The folder that holds book.toml, or SUMMARY.md itself
        path: PathBuf,
        /// Make a second course where one of the same title exists
        #[arg(long)]
        new: bool,
        /// Bring the folder's changes into the course that it was exported from: they are shown first
        #[arg(long, conflicts_with = "new")]
        update: bool,
        /// With --update, also remove what the folder does not have any more
        #[arg(long, requires = "update")]
        delete: bool,
        /// With --update, do not ask
        #[arg(long, requires = "update")]
        yes: bool,
    },
    /// Write a course as such a folder, from which it is imported as it was
    Export {
        /// The course's title, or the id in its address
        course: String,
        /// The folder to write, which is not there yet
        path: PathBuf,
    },
    /// Manage admins
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Fill a demo
    Demo {
        #[command(subcommand)]
        command: DemoCommand,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub enum AdminCommand {
    /// Make the account with this e-mail an admin
    Grant {
        /// The e-mail that the account signs in with, or has confirmed
        email: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub enum DemoCommand {
    /// Make up learners: people with purchases, refunds, grants and progress over the past year. Where some are there
    /// already, those that are missing are made; the others stay as they are. Refused outside a demo, and in a database
    /// with anything that no demo made
    Seed {
        /// How many there are to be
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(i32).range(1..=100_000))]
        learners: i32,
        /// Write into the database of this name, although somebody signed up there or bought something
        #[arg(long, value_name = "NAME")]
        into_this_database: Option<String>,
    },
}
