//! The folder of the Unix socket.

use std::{
    fmt::Write as _,
    fs, io,
    os::unix::{
        ffi::OsStrExt as _,
        fs::{DirBuilderExt as _, MetadataExt as _, lchown},
    },
    path::{Path, PathBuf},
};

use super::{
    LocalPostgresError,
    cluster::{Place, RunAs, hash},
};

/// What fits into `sockaddr_un` with its closing zero: 108 bytes on Linux, 104 on macOS and the BSDs.
const LONGEST_SOCKET_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The folder for the socket: beside the cluster, or a short one where that path is too long or needs quoting.
pub(super) fn dir(place: &Place) -> Result<PathBuf, LocalPostgresError> {
    let beside = place.root.join("socket");
    if fits(&beside) {
        return Ok(beside);
    }
    let bases = if place.user.is_some() {
        vec![PathBuf::from("/run"), PathBuf::from("/tmp")]
    } else {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        runtime.into_iter().chain([PathBuf::from("/tmp")]).collect()
    };
    bases
        .into_iter()
        .filter(|base| base.is_dir())
        .map(|base| base.join(format!("lectern-{}", hash(&place.root))))
        .find(|dir| fits(dir) && make_socket_dir(dir, place.user).is_ok())
        .ok_or(LocalPostgresError::NoSocketDir(beside))
}

/// PostgreSQL reads the setting as a comma-separated list with quotes, so only plain paths are given to it.
fn fits(dir: &Path) -> bool {
    let bytes = dir.as_os_str().as_bytes();
    let name_len = "/.s.PGSQL.5432".len();
    bytes.len() + name_len <= LONGEST_SOCKET_PATH
        && dir.is_absolute()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"/-._+@".contains(byte))
}

/// Others may write to `/tmp` too: an existing folder is only taken if it is ours and closed to everyone else.
fn make_socket_dir(dir: &Path, user: Option<RunAs>) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let metadata = fs::symlink_metadata(dir)?;
    let me = rustix::process::geteuid().as_raw();
    let owner = user.map_or(me, |user| user.uid);
    if !metadata.is_dir() || metadata.mode() & 0o077 != 0 || ![me, owner].contains(&metadata.uid()) {
        return Err(io::Error::from(io::ErrorKind::PermissionDenied));
    }
    match user {
        Some(user) => lchown(dir, Some(user.uid), Some(user.gid)),
        None => Ok(()),
    }
}

/// For the query of a URL.
pub(super) fn percent_encode(path: &Path) -> String {
    let mut encoded = String::new();
    for &byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
