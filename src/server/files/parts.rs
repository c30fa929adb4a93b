//! Uploads under way: for each a file in the data folder that grows as its bytes come. Its length is how much came,
//! whatever broke off.

use super::store::blocking;
use crate::domain::id::UploadId;
use axum::body::Bytes;
use std::collections::HashSet;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone)]
pub struct Parts {
    folder: PathBuf,
    busy: Arc<Mutex<HashSet<UploadId>>>,
}

/// The right to write to one upload: nobody else has it meanwhile.
pub struct Turn {
    id: UploadId,
    busy: Arc<Mutex<HashSet<UploadId>>>,
}

impl Parts {
    pub fn in_folder(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, busy: Arc::default() })
    }

    pub fn path(&self, id: UploadId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// None while somebody else writes to it.
    pub fn turn(&self, id: UploadId) -> Option<Turn> {
        let free = self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        free.then(|| Turn { id, busy: self.busy.clone() })
    }

    /// Makes the empty file of an upload.
    pub async fn begin(&self, id: UploadId) -> io::Result<()> {
        let path = self.path(id);
        blocking(move || std::fs::File::create_new(path).map(|_| ())).await
    }

    /// How many bytes came.
    pub async fn received(&self, id: UploadId) -> io::Result<u64> {
        let path = self.path(id);
        blocking(move || Ok(std::fs::metadata(path)?.len())).await
    }

    /// Writes bytes at their place. Written twice they are the same: a request that broke off may still write its
    /// last ones while the next begins with them.
    pub async fn write(&self, turn: &Turn, at: u64, bytes: Bytes) -> io::Result<()> {
        let path = self.path(turn.id);
        blocking(move || std::fs::File::options().write(true).open(path)?.write_all_at(&bytes, at)).await
    }

    /// The first bytes, at most `most`.
    pub async fn head(&self, id: UploadId, most: usize) -> io::Result<Vec<u8>> {
        let path = self.path(id);
        blocking(move || {
            use io::Read;
            let mut head = Vec::new();
            std::fs::File::open(path)?.take(most as u64).read_to_end(&mut head)?;
            Ok(head)
        })
        .await
    }

    /// Drops an upload; one that is not there is dropped already.
    pub async fn remove(&self, id: UploadId) -> io::Result<()> {
        let path = self.path(id);
        match blocking(move || std::fs::remove_file(path)).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    /// Every upload that has a file here.
    pub async fn all(&self) -> io::Result<Vec<UploadId>> {
        let folder = self.folder.clone();
        blocking(move || {
            let names = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name()));
            let names: io::Result<Vec<_>> = names.collect();
            Ok(names?.iter().filter_map(|name| name.to_str()?.parse().ok()).collect())
        })
        .await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}
