//! What a page costs beside its SQL: every page against a bare route that calls the same `db` functions and answers
//! JSON. Both are called in this process and without sockets, so that all else is the same for both. Nothing here
//! asserts a time; an answer that is no success ends the run.

mod bare;
mod cases;
mod films;
mod load;

use axum::http::HeaderValue;
use clap::Parser;
use films::Films;
use lectern::server::auth::oidc::Oidc;
use lectern::server::config::{Cli, Config};
use lectern::server::context::AppState;
use lectern::server::db::Db;
use lectern::server::files::Files;
use lectern::server::live::Live;
use lectern::server::payments::Gateways;
use lectern::server::rendered::Rendered;
use lectern::server::{edge, telemetry};
use leptos::prelude::{LeptosOptions, get_configuration};
use load::{Figures, Seen, Until, load};
use sqlx::Postgres;
use sqlx::migrate::MigrateDatabase;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Turns that each side of a case takes, one after the other, so that noise on the machine meets both.
const TURNS: u32 = 3;

/// Measures Lectern's pages against bare routes that ask the same SQL.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    /// A database that does not exist yet: it is made, filled, and dropped at the end
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Seconds of load on each side of a case
    #[arg(long, default_value = "3", value_parser = seconds)]
    seconds: Duration,
    /// Requests under way at a time
    #[arg(long, default_value_t = 16)]
    concurrency: usize,
    /// Sent with every request, like br; without it no answer is compressed
    #[arg(long)]
    accept_encoding: Option<HeaderValue>,
    /// Only the cases whose name holds this
    #[arg(long, default_value = "")]
    only: String,
}

fn seconds(text: &str) -> Result<Duration> {
    Ok(Duration::try_from_secs_f64(text.parse()?)?)
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    // Refused where there is one of that name: nobody's data is filled or dropped by mistake.
    Postgres::create_database(&arguments.database_url).await.map_err(|error| error.to_string())?;
    let folder = std::env::temp_dir().join(format!("lectern-bench-{}", std::process::id()));
    let measured = bench(&arguments, &folder).await;
    _ = std::fs::remove_dir_all(&folder);
    Postgres::force_drop_database(&arguments.database_url).await?;
    measured
}

async fn bench(arguments: &Arguments, folder: &Path) -> Result<()> {
    let state = state(&arguments.database_url, folder)?;
    state.db.migrate().await?;
    let cases::Seeded { cases, jumps } = cases::seed(&state, arguments.accept_encoding.as_ref()).await?;
    let (page, bare) = (edge::router(state.clone())?, bare::router(state.clone()));
    print_head(["page", "bare"]);
    for case in cases.iter().filter(|case| case.name.contains(&arguments.only)) {
        // Every request once, so that what is kept is rendered, and often enough to fill the pool of connections.
        let warm = Until::Asked(case.requests.len().max(arguments.concurrency * 8));
        for router in [&page, &bare] {
            load(router, case, arguments.concurrency, warm).await?;
        }
        let (mut of_page, mut of_bare) = (Seen::default(), Seen::default());
        for _ in 0..TURNS {
            for (router, seen) in [(&page, &mut of_page), (&bare, &mut of_bare)] {
                let until = Until::Passed(Instant::now() + arguments.seconds / TURNS);
                seen.add(load(router, case, arguments.concurrency, until).await?);
            }
        }
        print_row(case.name, &Figures::of(of_page), &Figures::of(of_bare));
    }
    // The same page, asked for while nothing else happens and while films are watched.
    let watched = cases.iter().filter(|case| case.name.starts_with("lesson") && case.name.contains(&arguments.only));
    for (n, case) in watched.enumerate() {
        if n == 0 {
            print_head(["films", "alone"]);
        }
        let (mut beside, mut alone) = (Seen::default(), Seen::default());
        for _ in 0..TURNS {
            for (films, seen) in [(true, &mut beside), (false, &mut alone)] {
                let films = films.then(|| Films::roll(&page, &jumps));
                let until = Until::Passed(Instant::now() + arguments.seconds / TURNS);
                seen.add(load(&page, case, arguments.concurrency, until).await?);
                if let Some(films) = films {
                    films.stop().await?;
                }
            }
        }
        print_row(case.name, &Figures::of(beside), &Figures::of(alone));
    }
    state.db.pool().close().await;
    Ok(())
}

/// The state as the server makes it in production, logging included.
fn state(database_url: &str, folder: &Path) -> Result<AppState> {
    let settings = ["bench", "--mode=production", "--public-url=http://127.0.0.1:3000", "--database-url", database_url];
    let config = Config::new(Cli::try_parse_from(settings)?.settings)?;
    telemetry::start(&config.settings);
    let files = Files::open(folder, None)?;
    Ok(AppState {
        files,
        db: Db::connect(database_url.parse()?),
        mailer: None,
        clerk: None,
        oidc: Oidc::of(&config)?,
        gateways: Gateways::default(),
        limits: Default::default(),
        live: Live::default(),
        rendered: Rendered::default(),
        leptos_options: leptos_options(&config)?,
        config: Arc::new(config),
    })
}

/// The site's keys. A page looks for its files' hashes beside this program, and panics where they are said to be and
/// are not: without a built site it names its files plainly.
fn leptos_options(config: &Config) -> Result<LeptosOptions> {
    let file = config.settings.leptos_toml.to_str();
    let mut options = get_configuration(file).map_err(|error| error.to_string())?.leptos_options;
    options.hash_files = std::env::current_exe()?.with_file_name(options.hash_file.as_ref()).exists();
    Ok(options)
}

fn print_head([left, right]: [&str; 2]) {
    println!("{:<21}{:^26}{:^18}{:^18}{:^18}", "", "requests/s", "p50, ms", "p99, ms", "answer, kB");
    let sides = format!("{left:>9}{right:>9}");
    println!("{:<21}{sides}{:>8}{}", "", "ratio", sides.repeat(3));
}

fn print_row(name: &str, page: &Figures, bare: &Figures) {
    print!("{name:<21}{:>9.0}{:>9.0}{:>8.2}", page.rate, bare.rate, page.rate / bare.rate);
    for (page, bare) in [(page.p50, bare.p50), (page.p99, bare.p99), (page.size, bare.size)] {
        print!("{page:>9.2}{bare:>9.2}");
    }
    println!();
}
