//! Sells much at once while the server and its database are killed at random, and then counts: what was paid is bought,
//! once, and what went back is taken back. Everything on loopback, in a folder of its own, and it ends by itself.

// The tests look into it where this does not.
#[allow(dead_code)]
#[path = "../fake_stripe/fake/mod.rs"]
mod fake;

mod buyers;
mod count;
mod rows;
mod shop;

use clap::{Args, Parser, Subcommand};
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// How long everything has to come together once nobody buys or kills any more.
const CONVERGES_WITHIN: Duration = Duration::from_secs(120);

#[derive(Debug, Parser)]
#[command(name = "torture")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Checkouts, payments, refunds and disputes
    Payments(Payments),
}

/// How much of it.
#[derive(Debug, Clone, Args)]
pub struct Payments {
    #[arg(long, default_value_t = 300)]
    checkouts: usize,
    /// How often each webhook is delivered
    #[arg(long, default_value_t = 8)]
    dup: u32,
    /// How many buyers act at once
    #[arg(long, default_value_t = 64)]
    par: usize,
    /// How often the server is killed
    #[arg(long, default_value_t = 2)]
    kill_app: usize,
    /// How often the database is killed
    #[arg(long, default_value_t = 2)]
    kill_db: usize,
    /// Decides who does what; when something is killed is up to the machine
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let What::Payments(how) = Arguments::parse().what;
    match payments(how).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("torture: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all of it held.
async fn payments(how: Payments) -> Result<bool> {
    let began = Instant::now();
    let shop = shop::Shop::open(&how).await?;
    let bought = buyers::buy(&shop, &how).await?;
    let load = began.elapsed();
    let ended = Instant::now();
    let mut found = count::count(&shop, &bought).await?;
    while !found.holds() && ended.elapsed() < CONVERGES_WITHIN {
        // As an admin would by hand; by itself the server does it every five minutes.
        shop.reconcile().await;
        tokio::time::sleep(Duration::from_millis(250)).await;
        found = count::count(&shop, &bought).await?;
    }
    println!(
        "torture: checkouts={} deliveries={} kills: server={} database={} load={:.1}s",
        how.checkouts,
        shop.fake.events().len() * how.dup as usize,
        how.kill_app,
        how.kill_db,
        load.as_secs_f32(),
    );
    println!("torture: {found} converged={:.1}s", ended.elapsed().as_secs_f32());
    shop.close().await?;
    Ok(found.holds())
}
