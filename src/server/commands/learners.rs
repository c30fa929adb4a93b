use super::{open_files, with_database};
use crate::server::config::Config;
use crate::server::demo::{self, learners};

/// Makes up learners of a demo, and says how long its large pages take then. That the mode is named is no proof that the
/// database is a demo's: one that was named and holds what no demo makes is to be named once more, as `into`.
pub async fn seed_demo(config: Config, count: i32, into: Option<&str>) -> Result<(), String> {
    if !config.is_demo() {
        return Err("Learners are made up for a demo alone, and where a database is named it is production's. \
                    If this one is a demo's, say so: --mode demo."
            .into());
    }
    let files = open_files(&config)?;
    let started = std::time::Instant::now();
    with_database(&config, async |db| {
        let failed = |error: crate::error::AppError| error.to_string();
        // One of its own has no name to confuse, and never was production's.
        if config.settings.database_url.is_some() {
            demo::refuse_others(db, into).await?;
        }
        files.claim(db).await?;
        demo::seed(db, &files, &config.settings.demo_dir).await.map_err(failed)?;
        let made = learners::fill(db, count).await.map_err(failed)?;
        println!(
            "Made {} learners, {} purchased courses, {} completed lessons in {:.1} s.",
            made.people,
            made.bought,
            made.completions,
            started.elapsed().as_secs_f64()
        );
        for line in learners::measure(db).await.map_err(failed)? {
            println!("  {line}");
        }
        Ok(())
    })
    .await
}
