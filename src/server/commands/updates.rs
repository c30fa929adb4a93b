//! Changes of a folder, shown, and brought in after a yes.

use super::{open_files, with_database};
use crate::domain::change::Change;
use crate::domain::deletion::count;
use crate::error::AppError;
use crate::server::auth::Author;
use crate::server::config::Config;
use crate::server::import::{Ids, read_course};
use crate::server::updating::{self, Compared};
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Reads a folder that was exported and brings what differs into its course. `consent` sees the changes before any of
/// them is written.
pub async fn update(
    config: Config,
    path: &Path,
    delete: bool,
    consent: impl AsyncFnOnce(&[Change]) -> Result<bool, String>,
) -> Result<(), String> {
    let folder = read_course(path, Ids::Kept, &mut |_, _| ()).map_err(|error| error.to_string())?;
    for warning in &folder.warnings {
        println!("{}:{}: {}", warning.file.display(), warning.line, warning.what);
    }
    if folder.exported_as.is_none() {
        return Err("This folder names no course: only one that `lectern export` wrote can update one.".to_owned());
    }
    let files = open_files(&config)?;
    with_database(&config, async |db| {
        files.claim(db).await?;
        let plan = match updating::compare(db, &files, &folder, Compared::default(), delete).await {
            Err(AppError::NotFound) => {
                return Err(format!(
                    "The course “{}” is not here any more: run this without --update to import it.",
                    folder.title
                ));
            }
            plan => plan.map_err(|error| error.to_string())?,
        };
        for change in &plan.changes {
            println!("{}", change.line());
        }
        let same = count(plan.same_lessons() as i64, "lesson stays as it is", "lessons stay as they are");
        if plan.is_empty() {
            println!("Nothing to change: {same}.");
            return Ok(());
        }
        println!("{same}.");
        if plan.changes.iter().any(Change::keeps) {
            println!("What is not in the folder stays; --delete removes it.");
        }
        if !consent(&plan.changes).await? {
            println!("Nothing was changed.");
            return Ok(());
        }
        updating::update(db, &files, &Author::at_the_command_line(), plan).await.map_err(|error| error.to_string())?;
        println!("Updated “{}”.", folder.title);
        Ok(())
    })
    .await
}

/// Asks at the terminal, where there is one.
///
/// # Errors
/// There is none, and nobody said yes before.
pub fn consent(_: &[Change], yes: bool) -> Result<bool, String> {
    if yes {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        return Err(
            "Nothing was changed: there is nobody to ask. Run this with --yes to make these changes.".to_owned()
        );
    }
    print!("Make these changes? [y/N] ");
    let mut answer = String::new();
    std::io::stdout()
        .flush()
        .and_then(|()| std::io::stdin().read_line(&mut answer))
        .map_err(|error| error.to_string())?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
