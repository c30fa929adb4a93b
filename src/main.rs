//! The command line: settings, then one command.

use clap::Parser;
use lectern::server::commands;
use lectern::server::config::{AdminCommand, Cli, Command, Config, DemoCommand};
use lectern::server::telemetry;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    // A missing file is no error; one that cannot be read is.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        eprintln!("lectern: .env: {error}");
        return ExitCode::FAILURE;
    }
    let cli = Cli::parse();
    telemetry::start(&cli.settings);
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("lectern: {sentence}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), String> {
    let config = Config::new(cli.settings)?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => commands::serve(config).await,
        Command::Migrate => commands::migrate(config).await,
        Command::Import { path, update: true, delete, yes, .. } => {
            commands::update(config, &path, delete, async |changes| commands::consent(changes, yes)).await
        }
        Command::Import { path, new, .. } => commands::import(config, &path, new).await,
        Command::Export { course, path } => commands::export(config, &course, &path).await,
        Command::Demo { command: DemoCommand::Seed { learners, into_this_database } } => {
            commands::seed_demo(config, learners, into_this_database.as_deref()).await
        }
        Command::Admin { command: AdminCommand::Grant { email } } => commands::grant_admin(config, email).await,
    }
}
