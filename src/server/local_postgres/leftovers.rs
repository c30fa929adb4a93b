//! What an earlier server, or an earlier postmaster, left running on the cluster.

use std::{
    fs, io,
    os::unix::{ffi::OsStrExt as _, fs::MetadataExt as _},
    path::Path,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use super::{
    LocalPostgresError, failed,
    postmaster::{FAST_STOP, IMMEDIATE_STOP},
};

/// Makes way for a new postmaster: stops one that a killed server left running on this cluster, waits for processes that a
/// killed postmaster left, and removes a pid file whose number now belongs to something else.
pub(super) async fn clear(data: &Path) -> Result<(), LocalPostgresError> {
    let pid_file = data.join("postmaster.pid");
    let Ok(content) = fs::read_to_string(&pid_file) else {
        return Ok(());
    };
    let pid = content.lines().next().and_then(|line| line.trim().parse().ok());
    let pid = pid.and_then(Pid::from_raw);
    let left = processes_of(data);
    if let Some(pid) = pid.filter(|pid| left.contains(pid)) {
        tracing::warn!(pid = pid.as_raw_nonzero(), "stopping a PostgreSQL that an earlier server left running");
        for (signal, limit) in [(Signal::INT, FAST_STOP), (Signal::QUIT, IMMEDIATE_STOP)] {
            // Fails only for a process that has ended already.
            let _ = kill_process(pid, signal);
            if none_left(data, limit).await {
                return Ok(());
            }
        }
        return Err(LocalPostgresError::StopTimeout(pid.as_raw_nonzero().get()));
    }
    // Without their postmaster, PostgreSQL's processes end by themselves, unless they are busy.
    if !none_left(data, IMMEDIATE_STOP).await {
        for pid in processes_of(data) {
            let _ = kill_process(pid, Signal::QUIT);
        }
        if !none_left(data, IMMEDIATE_STOP).await {
            let first = processes_of(data).first().map_or(0, |pid| pid.as_raw_nonzero().get());
            return Err(LocalPostgresError::StopTimeout(first));
        }
    }
    // PostgreSQL recognises a stale file by itself, unless its number was given to another process since, as happens after
    // every restart of a container.
    if pid.is_some_and(|pid| Path::new("/proc").join(pid.as_raw_nonzero().to_string()).exists()) {
        match fs::remove_file(&pid_file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed("could not remove", &pid_file)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

async fn none_left(data: &Path, limit: Duration) -> bool {
    let deadline = Instant::now() + limit;
    while !processes_of(data).is_empty() {
        if Instant::now() >= deadline {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    true
}

/// The PostgreSQL processes of this very cluster. Empty where there is no `/proc`; PostgreSQL's own pid file then has the
/// last word.
fn processes_of(data: &Path) -> Vec<Pid> {
    let Ok(owner) = fs::metadata(data).map(|metadata| metadata.uid()) else {
        return Vec::new();
    };
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok().and_then(Pid::from_raw)?;
            let process = entry.path();
            let ours = entry.metadata().ok()?.uid() == owner
                && fs::read(process.join("comm")).ok()?.trim_ascii_end() == b"postgres"
                && works_on(&process, data);
            ours.then_some(pid)
        })
        .collect()
}

/// All of a cluster's processes have its folder as their working directory. Root in a container may not be allowed to see
/// that of another user's process; the postmaster's command line is open to all.
fn works_on(process: &Path, data: &Path) -> bool {
    match fs::read_link(process.join("cwd")) {
        Ok(cwd) if cwd == data => true,
        _ => fs::read(process.join("cmdline"))
            .is_ok_and(|line| line.split(|&byte| byte == 0).any(|argument| argument == data.as_os_str().as_bytes())),
    }
}
