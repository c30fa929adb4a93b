//! Finding PostgreSQL's server binaries.

use std::path::{Path, PathBuf};

use super::LocalPostgresError;

const OLDEST: u32 = 14;

/// A folder with `initdb` and `postgres`.
#[derive(Debug)]
pub(super) struct Binaries {
    pub dir: PathBuf,
    pub major: u32,
}

/// Takes the binaries that made the cluster, because no other major version can read it; without a cluster the first found.
pub(super) async fn find(cluster: &Path, wanted: Option<u32>) -> Result<Binaries, LocalPostgresError> {
    if let Some(dir) = std::env::var_os("PG_BINDIR").filter(|dir| !dir.is_empty()) {
        let dir = PathBuf::from(dir);
        if inspect(&dir).await.is_none() {
            return Err(LocalPostgresError::BadBindir(dir));
        }
        return first_fitting(vec![dir], cluster, wanted).await;
    }
    first_fitting(candidates().await, cluster, wanted).await
}

pub(super) async fn first_fitting(
    candidates: Vec<PathBuf>,
    cluster: &Path,
    wanted: Option<u32>,
) -> Result<Binaries, LocalPostgresError> {
    for dir in candidates {
        if let Some(binaries) = inspect(&dir).await
            && wanted.is_none_or(|wanted| wanted == binaries.major)
        {
            return Ok(binaries);
        }
    }
    Err(match wanted {
        Some(wanted) => LocalPostgresError::VersionMissing { cluster: cluster.to_owned(), wanted },
        None => LocalPostgresError::BinariesNotFound,
    })
}

async fn inspect(dir: &Path) -> Option<Binaries> {
    if !dir.join("initdb").is_file() {
        return None;
    }
    let output = tokio::process::Command::new(dir.join("postgres")).arg("--version").output().await.ok()?;
    let major = parse_major(&String::from_utf8_lossy(&output.stdout))?;
    (major >= OLDEST).then(|| Binaries { dir: dir.to_owned(), major })
}

/// Reads `postgres (PostgreSQL) 17.2 (Debian 17.2-1)`, and `18beta1` for a version to come.
pub(super) fn parse_major(version: &str) -> Option<u32> {
    let number = version.split("(PostgreSQL)").nth(1)?.trim_start();
    let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

async fn candidates() -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Ok(output) = tokio::process::Command::new("pg_config").arg("--bindir").output().await
        && output.status.success()
    {
        found.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/usr/libexec", "postgresql"),
        ("/opt/homebrew/opt", "postgresql@"),
        ("/usr/local/opt", "postgresql@"),
    ] {
        found.extend(versioned(Path::new(parent), prefix));
    }
    found.push(PathBuf::from("/opt/homebrew/bin"));
    if let Some(path) = std::env::var_os("PATH") {
        found.extend(std::env::split_paths(&path));
    }
    found
}

/// The `bin` folders of `parent/prefixN`, highest version first. Some distributions have no `bin` below the version.
fn versioned(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path()))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().flat_map(|(_, path)| [path.join("bin"), path]).collect()
}
