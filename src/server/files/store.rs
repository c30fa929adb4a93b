//! Where files are kept whole, under their ids.

use crate::domain::id::FileId;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, Result};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// The folder of a store on this machine's disk.
    folder: PathBuf,
}

impl Store {
    /// A store in a folder, which is made where it is missing.
    pub fn in_folder(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let objects = LocalFileSystem::new_with_prefix(folder).map_err(io::Error::other)?;
        Ok(Self { objects: Arc::new(objects), folder: folder.to_owned() })
    }

    /// Takes over a file that is complete, from the same disk: it is there whole or not at all, whatever happens.
    pub async fn adopt(&self, part: &Path, id: FileId) -> io::Result<()> {
        let (part, to, folder) = (part.to_owned(), self.folder.join(id.to_string()), self.folder.clone());
        blocking(move || {
            std::fs::File::open(&part)?.sync_all()?;
            std::fs::rename(&part, to)?;
            std::fs::File::open(folder)?.sync_all()
        })
        .await
    }

    /// Copies a file in; it is there whole or not at all.
    pub async fn copy_in(&self, path: &Path, id: FileId) -> io::Result<()> {
        let mut from = tokio::fs::File::open(path).await?;
        let mut to = BufWriter::new(self.objects.clone(), key(id));
        let copied = async {
            tokio::io::copy(&mut from, &mut to).await?;
            to.shutdown().await
        };
        let copied = copied.await;
        if copied.is_err() {
            _ = to.abort().await;
        }
        copied
    }

    /// The bytes of a range, a few at a time.
    pub async fn read(&self, id: FileId, range: Range<u64>) -> Result<BoxStream<'static, Result<axum::body::Bytes>>> {
        if range.is_empty() {
            return Ok(futures::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        Ok(self.objects.get_opts(&key(id), options).await?.into_stream())
    }

    /// Removes a file; one that is not there is removed already.
    pub async fn remove(&self, id: FileId) -> Result<()> {
        match self.objects.delete(&key(id)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            result => result,
        }
    }

    /// The files that were last written longer ago than `age`.
    pub async fn older_than(&self, age: Duration) -> Result<Vec<FileId>> {
        let before = chrono::Utc::now() - age;
        let all: Vec<_> = self.objects.list(None).try_collect().await?;
        Ok(all
            .into_iter()
            .filter(|object| object.last_modified < before)
            .filter_map(|object| object.location.as_ref().parse().ok())
            .collect())
    }
}

fn key(id: FileId) -> Key {
    Key::from(id.to_string())
}

/// File work off the async threads.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
