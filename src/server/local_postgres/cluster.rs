//! Where the cluster lives, whom it belongs to, and how it is made.

use std::{
    fs,
    os::unix::{
        ffi::OsStrExt as _,
        fs::{DirBuilderExt as _, MetadataExt as _, lchown, symlink},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use sha2::{Digest as _, Sha256};

use super::{LocalPostgresError, USER, binaries::Binaries, failed};

/// For clusters of a server that runs as root with a data folder that PostgreSQL's user cannot reach.
const SYSTEM_DIR: &str = "/var/lib/lectern";

/// The user that PostgreSQL's processes run as, where that is not the server's own.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunAs {
    pub uid: u32,
    pub gid: u32,
}

/// A folder that belongs to PostgreSQL's user: the cluster in `data`, and usually the socket in `socket`.
#[derive(Debug)]
pub(super) struct Place {
    pub root: PathBuf,
    pub user: Option<RunAs>,
}

impl Place {
    pub(super) fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// A command that runs as the cluster's user, in a folder that this user can enter, without the server's secrets and
    /// without the `PG…` variables of whoever started it.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null()).env_clear();
        for name in ["PATH", "LD_LIBRARY_PATH", "TZ"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(user) = self.user {
            // Setting the user also clears the supplementary groups.
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    /// True if the cluster's user can use the folder. Asked by doing it, as that user: mode bits alone would not tell of
    /// access lists and read-only mounts.
    async fn prepare(&self) -> Result<bool, LocalPostgresError> {
        let mut command = self.command(Path::new("/bin/sh"));
        command
            .current_dir("/")
            .args(["-c", r#"cd "$1" && test -w . && mkdir -p -m 700 socket"#, "sh"])
            .arg(&self.root)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let status = tokio::process::Command::from(command)
            .status()
            .await
            .map_err(failed("could not run", Path::new("/bin/sh")))?;
        Ok(status.success())
    }

    fn unreachable(self) -> LocalPostgresError {
        LocalPostgresError::Unreachable(self.root)
    }
}

/// Finds the folder of the cluster, or makes one. The caller holds the lock on `data_dir`.
pub(super) async fn place(data_dir: &Path) -> Result<Place, LocalPostgresError> {
    let inside = data_dir.join("postgres");
    if fs::symlink_metadata(&inside).is_err() {
        create_private(&inside)?;
    }
    // Follows the symbolic link of an earlier start.
    let root = fs::canonicalize(&inside).map_err(failed("could not open", &inside))?;
    let place = owned(root)?;
    if place.prepare().await? {
        return Ok(place);
    }
    if place.user.is_none() || place.root != inside || version(&place.data()).is_some() {
        return Err(place.unreachable());
    }

    let outside = Path::new(SYSTEM_DIR).join(hash(data_dir));
    if !outside.is_dir() {
        fs::create_dir_all(SYSTEM_DIR).map_err(failed("could not create", Path::new(SYSTEM_DIR)))?;
        create_private(&outside)?;
    }
    let place = owned(outside)?;
    if !place.prepare().await? {
        return Err(place.unreachable());
    }
    fs::remove_dir(&inside).map_err(failed("could not remove", &inside))?;
    symlink(&place.root, &inside).map_err(failed("could not link", &inside))?;
    tracing::info!(
        link = %inside.display(), folder = %place.root.display(),
        "PostgreSQL's user cannot reach the data folder, so the database is placed elsewhere"
    );
    Ok(place)
}

/// Decides whom the folder's processes run as: always its owner. A fresh folder of root is given away.
fn owned(root: PathBuf) -> Result<Place, LocalPostgresError> {
    let metadata = fs::metadata(&root).map_err(failed("could not open", &root))?;
    let owner = metadata.uid();
    let me = rustix::process::geteuid();
    let user = if !me.is_root() {
        if owner != me.as_raw() {
            return Err(LocalPostgresError::WrongOwner { path: root, owner });
        }
        None
    } else if owner != 0 {
        Some(RunAs { uid: owner, gid: metadata.gid() })
    } else if version(&root.join("data")).is_some() {
        return Err(LocalPostgresError::WrongOwner { path: root, owner });
    } else {
        let user = unprivileged_user()?;
        lchown(&root, Some(user.uid), Some(user.gid)).map_err(failed("could not change the owner of", &root))?;
        Some(user)
    };
    Ok(Place { root, user })
}

fn unprivileged_user() -> Result<RunAs, LocalPostgresError> {
    let path = Path::new("/etc/passwd");
    let passwd = fs::read_to_string(path).map_err(failed("could not read", path))?;
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|wanted| {
            passwd.lines().find_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next()?;
                let uid = fields.nth(1)?.parse().ok()?;
                let gid = fields.next()?.parse().ok()?;
                (name == wanted && uid != 0).then_some(RunAs { uid, gid })
            })
        })
        .ok_or(LocalPostgresError::NoUnprivilegedUser)
}

fn create_private(path: &Path) -> Result<(), LocalPostgresError> {
    fs::DirBuilder::new().mode(0o700).create(path).map_err(failed("could not create", path))
}

/// The major version of the cluster in `data`; none if there is no cluster.
pub(super) fn version(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// Makes the cluster under another name and renames it when it is complete and on disk, so that one whose making was
/// interrupted is never used.
pub(super) async fn create_if_missing(place: &Place, binaries: &Binaries) -> Result<(), LocalPostgresError> {
    if version(&place.data()).is_some() {
        return Ok(());
    }
    let mut output = String::new();
    // The second for systems that have no C.UTF-8.
    for locale in ["C.UTF-8", "C"] {
        remove_incomplete(&place.root).await;
        let fresh = place.root.join(format!("data.incomplete-{}", std::process::id()));
        let initdb = binaries.dir.join("initdb");
        let mut command = place.command(&initdb);
        command
            .arg("-D")
            .arg(&fresh)
            .args(["-U", USER, "-E", "UTF8", "--locale", locale, "--no-instructions"])
            .args(["--auth-local=trust", "--auth-host=reject"]);
        let result = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .output()
            .await
            .map_err(failed("could not run", &initdb))?;
        if result.status.success() {
            let data = place.data();
            fs::rename(&fresh, &data).map_err(failed("could not move the new database to", &data))?;
            return fs::File::open(&place.root)
                .and_then(|root| root.sync_all())
                .map_err(failed("could not write", &place.root));
        }
        output = String::from_utf8_lossy(&result.stderr).into_owned();
    }
    remove_incomplete(&place.root).await;
    Err(LocalPostgresError::Initdb(super::postmaster::last_lines(&output)))
}

/// Best effort: what cannot be removed takes up room, and is in nobody's way.
async fn remove_incomplete(root: &Path) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        if entry.file_name().as_bytes().starts_with(b"data.incomplete-")
            && let Err(error) = tokio::fs::remove_dir_all(entry.path()).await
        {
            tracing::warn!(folder = %entry.path().display(), %error, "could not remove an incomplete database");
        }
    }
}

/// A short name for a folder, the same every time.
pub(super) fn hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
