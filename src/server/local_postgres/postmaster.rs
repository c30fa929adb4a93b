//! PostgreSQL's main process: starting, watching and stopping it.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom},
    os::unix::{fs::OpenOptionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tokio::sync::{oneshot, watch};

use super::{LocalPostgresError, PORT, binaries::Binaries, cluster::Place, failed};

pub(super) const FAST_STOP: Duration = Duration::from_secs(30);
pub(super) const IMMEDIATE_STOP: Duration = Duration::from_secs(10);
const LONGEST_LOG: u64 = 10 << 20;

/// Sized for a server with little memory. Given on the command line, so that they are the same whatever the cluster's own
/// files say.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=40",
    "shared_buffers=32MB",
    "max_wal_size=256MB",
    "max_parallel_workers_per_gather=0",
    "max_logical_replication_workers=0",
    "jit=off",
    "fsync=on",
    "full_page_writes=on",
    "synchronous_commit=on",
    "logging_collector=off",
    "log_destination=stderr",
    "log_checkpoints=off",
    "timezone=UTC",
    "log_timezone=UTC",
];

/// What PostgreSQL says, in a file of the server's own folder: PostgreSQL's user inherits it open and cannot replace it.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: File,
    start: u64,
}

impl Log {
    pub(super) fn open(data_dir: &Path) -> Result<Self, LocalPostgresError> {
        let path = data_dir.join("postgres.log");
        if fs::metadata(&path).is_ok_and(|metadata| metadata.len() > LONGEST_LOG) {
            let old = data_dir.join("postgres.log.1");
            fs::rename(&path, &old).map_err(failed("could not rename", &path))?;
        }
        let open = || {
            let file = File::options().append(true).create(true).mode(0o600).open(&path)?;
            let start = file.metadata()?.len();
            Ok((file, start))
        };
        let (file, start) = open().map_err(failed("could not open", &path))?;
        Ok(Self { path, file, start })
    }

    /// The last lines of this start, in one.
    pub(super) fn tail(&self) -> String {
        let mut text = Vec::new();
        let read = File::open(&self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.start))?;
            file.take(1 << 20).read_to_end(&mut text)
        });
        let lines = last_lines(&String::from_utf8_lossy(&text));
        match read {
            Ok(_) if !lines.is_empty() => lines,
            _ => format!("see {}", self.path.display()),
        }
    }
}

/// The last few lines, joined into one that fits an error message.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(6)..].join(" | ")
}

/// A running `postgres`. Dropped, it is told to shut down.
#[derive(Debug)]
pub(super) struct Postmaster {
    pid: Pid,
    /// False from just before the process is reaped: from then on its id may be somebody else's.
    running: Arc<Mutex<bool>>,
    exit: watch::Receiver<Option<ExitStatus>>,
}

impl Postmaster {
    pub(super) async fn spawn(
        place: &Place,
        binaries: &Binaries,
        socket_dir: &Path,
        log: &Log,
    ) -> Result<Self, LocalPostgresError> {
        let postgres = binaries.dir.join("postgres");
        let mut command = die_with_parent(place, &postgres).await;
        command.arg("-D").arg(place.data());
        let socket_dir = socket_dir.display();
        for setting in [format!("port={PORT}"), format!("unix_socket_directories={socket_dir}")] {
            command.args(["-c", &setting]);
        }
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let output = || log.file.try_clone().map(Stdio::from).map_err(failed("could not open", &log.path));
        // A group of its own: Ctrl-C in a terminal reaches every process of the server's group, and PostgreSQL would shut
        // down before the server has answered its last requests.
        command.stdout(output()?).stderr(output()?).process_group(0);
        Self::watch(command).await.map_err(failed("could not run", &postgres))
    }

    /// Starts the process from a thread that stays until the process has ended: the kernel's "parent has died" signal is
    /// about the thread that started a process, and the runtime's threads come and go.
    async fn watch(mut command: Command) -> io::Result<Self> {
        let (started, starting) = oneshot::channel();
        std::thread::Builder::new().name("local-postgres".to_owned()).stack_size(256 << 10).spawn(
            move || match command.spawn() {
                Ok(child) => {
                    let (exited, exit) = watch::channel(None);
                    let running = Arc::new(Mutex::new(true));
                    let pid = Pid::from_child(&child);
                    let postmaster = Self { pid, running: Arc::clone(&running), exit };
                    // If nobody waits for it any more, it comes back, is dropped, and so told to shut down.
                    drop(started.send(Ok(postmaster)));
                    // Nobody left to tell is fine.
                    let _ = exited.send(reap(child, pid, &running));
                }
                Err(error) => drop(started.send(Err(error))),
            },
        )?;
        starting.await.map_err(io::Error::other)?
    }

    /// Waits until the process has ended, at most for `limit`.
    pub(super) async fn wait(&self, limit: Duration) -> Option<ExitStatus> {
        let mut exit = self.exit.clone();
        let exited = tokio::time::timeout(limit, exit.wait_for(Option::is_some)).await;
        exited.ok()?.ok().and_then(|status| *status)
    }

    pub(super) async fn stop(&self) -> Result<(), LocalPostgresError> {
        for (signal, limit) in [(Signal::INT, FAST_STOP), (Signal::QUIT, IMMEDIATE_STOP)] {
            self.signal(signal);
            if self.wait(limit).await.is_some() {
                return Ok(());
            }
        }
        Err(LocalPostgresError::StopTimeout(self.pid.as_raw_nonzero().get()))
    }

    fn signal(&self, signal: Signal) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if *running {
            // Fails only for a process that has ended already.
            let _ = kill_process(self.pid, signal);
        }
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        self.signal(Signal::INT);
    }
}

/// Waits for the end of the process in two steps, so that no signal is sent once its id is free.
fn reap(mut child: Child, pid: Pid, running: &Mutex<bool>) -> Option<ExitStatus> {
    let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while matches!(waitid(WaitId::Pid(pid), ended), Err(rustix::io::Errno::INTR)) {}
    *running.lock().unwrap_or_else(PoisonError::into_inner) = false;
    child.wait().ok()
}

/// `postgres`, to be shut down by the kernel when the server dies without stopping it. The user is changed before `setpriv`
/// runs, because changing it later would clear the request. Without a `setpriv` that can do this (BusyBox has none), the
/// next start stops what was left running.
async fn die_with_parent(place: &Place, postgres: &Path) -> Command {
    let setpriv = || {
        let mut command = place.command(Path::new("setpriv"));
        command.args(["--pdeathsig", "INT", "--"]);
        command
    };
    let mut trial = setpriv();
    trial.arg("true").stdout(Stdio::null()).stderr(Stdio::null());
    let works = tokio::process::Command::from(trial).status().await;
    if works.is_ok_and(|status| status.success()) {
        let mut command = setpriv();
        command.arg(postgres);
        command
    } else {
        place.command(postgres)
    }
}
