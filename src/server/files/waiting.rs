//! What was sent and is not anything yet: a folder each, under a random id in the data folder.

use super::store::blocking;
use crate::domain::id::ImportId;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use uuid::Uuid;

#[derive(Clone)]
pub struct Waiting {
    folder: PathBuf,
    busy: Arc<Mutex<HashSet<ImportId>>>,
}

/// A folder that goes with this value, unless it is kept; nobody sweeps it before.
pub struct Stage {
    turn: Turn,
    path: PathBuf,
    kept: bool,
}

/// The right to do something with what waits: nobody else has it meanwhile.
pub struct Turn {
    id: ImportId,
    busy: Arc<Mutex<HashSet<ImportId>>>,
}

impl Waiting {
    pub fn in_folder(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, busy: Arc::default() })
    }

    pub fn path(&self, id: ImportId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// A new and empty folder.
    pub async fn stage(&self) -> io::Result<Stage> {
        let id = ImportId(Uuid::new_v4());
        let path = self.path(id);
        let turn = self.turn(id).ok_or(io::ErrorKind::AlreadyExists)?;
        let folder = path.clone();
        blocking(move || std::fs::create_dir(folder)).await?;
        Ok(Stage { turn, path, kept: false })
    }

    /// None while somebody else has it.
    pub fn turn(&self, id: ImportId) -> Option<Turn> {
        let free = self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        free.then(|| Turn { id, busy: self.busy.clone() })
    }

    /// Drops what waits; what is not there is dropped already.
    pub async fn remove(&self, id: ImportId) -> io::Result<()> {
        let path = self.path(id);
        match blocking(move || std::fs::remove_dir_all(path)).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    /// Everything here to which nothing was written for `age`, and which nobody here has a turn of.
    pub async fn older_than(&self, age: Duration) -> io::Result<Vec<ImportId>> {
        let (folder, busy) = (self.folder.clone(), self.busy.clone());
        blocking(move || {
            let before = SystemTime::now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
            let mut old = Vec::new();
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                let id = path.file_name().and_then(|name| name.to_str()?.parse().ok());
                if let Some(id) = id.filter(|_| last_written(&path) <= Some(before)) {
                    old.push(id);
                }
            }
            let busy = busy.lock().unwrap_or_else(PoisonError::into_inner);
            old.retain(|id| !busy.contains(id));
            Ok(old)
        })
        .await
    }
}

/// When something in a folder was last written to, itself included.
fn last_written(folder: &Path) -> Option<SystemTime> {
    let of = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let inside = std::fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| of(&entry.path()));
    inside.chain(of(folder)).max()
}

impl Stage {
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn id(&self) -> ImportId {
        self.turn.id
    }

    /// Says to other servers on this folder, too, that somebody is at it.
    pub fn touch(&self) -> io::Result<()> {
        std::fs::File::open(&self.path)?.set_modified(SystemTime::now())
    }

    /// Lets the folder stay.
    pub fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed now the sweep removes later.
            _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}
