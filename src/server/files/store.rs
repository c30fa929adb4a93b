//! Where files are kept whole, under their ids: in a folder, or in a bucket.

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
use std::time::{Duration, SystemTime};
use tokio::io::AsyncWriteExt;

/// What says in a store whose it is. No file is called so: they have ids.
const OWNER: &str = "owner";

#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// The folder of a store on this machine's disk.
    folder: Option<PathBuf>,
}

impl Store {
    /// A store in a folder, which is made where it is missing.
    pub fn in_folder(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let objects = LocalFileSystem::new_with_prefix(folder).map_err(io::Error::other)?;
        Ok(Self { objects: Arc::new(objects), folder: Some(folder.to_owned()) })
    }

    /// A store in a bucket, `s3://bucket/prefix`. Who may write there, and where it is, the environment says (`AWS_…`).
    #[cfg(feature = "s3")]
    pub fn in_bucket(address: &str) -> io::Result<Self> {
        let named = |(key, value): (std::ffi::OsString, std::ffi::OsString)| {
            let key = key.into_string().ok().filter(|key| key.starts_with("AWS_"))?;
            Some((key.to_ascii_lowercase(), value.into_string().ok()?))
        };
        Self::in_bucket_with(address, std::env::vars_os().filter_map(named))
    }

    #[cfg(feature = "s3")]
    fn in_bucket_with(
        address: &str,
        settings: impl IntoIterator<Item = (impl AsRef<str>, String)>,
    ) -> io::Result<Self> {
        use object_store::ClientConfigKey::{ReadTimeout, Timeout};
        use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
        // Whoever came first: there is one for the process.
        _ = rustls::crypto::ring::default_provider().install_default();
        let (bucket, prefix) = address
            .strip_prefix("s3://")
            .map(|rest| rest.split_once('/').unwrap_or((rest, "")))
            .filter(|(bucket, _)| !bucket.is_empty())
            .ok_or_else(|| io::Error::other("it does not begin like s3://bucket"))?;
        let known =
            |(key, value): (_, String)| Some((AsRef::<str>::as_ref(&key).parse::<AmazonS3ConfigKey>().ok()?, value));
        let builder = settings
            .into_iter()
            .filter_map(known)
            .fold(AmazonS3Builder::new(), |builder, (key, value)| builder.with_config(key, value));
        let objects = builder
            .with_bucket_name(bucket)
            // A film is read for as long as somebody watches; what hangs is given up.
            .with_config(AmazonS3ConfigKey::Client(Timeout), "1day")
            .with_config(AmazonS3ConfigKey::Client(ReadTimeout), "30s")
            .build()
            .map_err(io::Error::other)?;
        let objects = object_store::prefix::PrefixStore::new(objects, prefix);
        Ok(Self { objects: Arc::new(objects), folder: None })
    }

    #[cfg(not(feature = "s3"))]
    pub fn in_bucket(_: &str) -> io::Result<Self> {
        Err(io::Error::other("this build knows no buckets: build with --features s3"))
    }

    /// Takes over a file that is complete, from the same disk: it is there whole or not at all, whatever happens.
    pub async fn adopt(&self, part: &Path, id: FileId) -> io::Result<()> {
        let Some(folder) = self.folder.clone() else { return self.copy_in(part, id).await.map(|_| ()) };
        let (part, to) = (part.to_owned(), folder.join(id.to_string()));
        blocking(move || {
            let whole = std::fs::File::options().append(true).open(&part)?;
            // Its last byte may have come long ago: an old file without a row would be swept before it has one.
            whole.set_modified(SystemTime::now())?;
            whole.sync_all()?;
            std::fs::rename(&part, to)?;
            std::fs::File::open(folder)?.sync_all()
        })
        .await
    }

    /// Says whose the store is: what was noted in it first, or this, where nothing was.
    pub async fn owner(&self, owner: &str) -> Result<String> {
        let mark = Key::from(OWNER);
        match self.objects.get(&mark).await {
            Ok(found) => Ok(String::from_utf8_lossy(&found.bytes().await?).into_owned()),
            Err(object_store::Error::NotFound { .. }) => {
                self.objects.put(&mark, owner.to_owned().into()).await?;
                Ok(owner.to_owned())
            }
            Err(error) => Err(error),
        }
    }

    /// Copies a file in; it is there whole or not at all.
    pub async fn copy_in(&self, path: &Path, id: FileId) -> io::Result<u64> {
        let mut from = tokio::fs::File::open(path).await?;
        let mut to = BufWriter::new(self.objects.clone(), key(id));
        let copied = match tokio::io::copy(&mut from, &mut to).await {
            Ok(copied) => copied,
            Err(error) => {
                // What was sent already goes; there is no more to do about it where that fails.
                _ = to.abort().await;
                return Err(error);
            }
        };
        to.shutdown().await?;
        Ok(copied)
    }

    /// Copies a file of so many bytes out.
    pub async fn copy_out(&self, id: FileId, bytes: u64, path: &Path) -> io::Result<()> {
        let mut to = tokio::fs::File::create(path).await?;
        let mut bytes = self.read(id, 0..bytes).await?;
        while let Some(chunk) = bytes.try_next().await? {
            to.write_all(&chunk).await?;
        }
        to.flush().await
    }

    /// The bytes of a range, a few at a time.
    pub async fn read(&self, id: FileId, range: Range<u64>) -> Result<BoxStream<'static, Result<axum::body::Bytes>>> {
        if range.is_empty() {
            return Ok(futures::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        Ok(self.objects.get_opts(&key(id), options).await?.into_stream())
    }

    /// Makes another file of the same bytes; it is there whole or not at all. They do not come through here where the
    /// store can do without: by a link in a folder, by itself in a bucket.
    pub async fn copy(&self, id: FileId, to: FileId) -> io::Result<()> {
        if let Some(folder) = self.folder.clone() {
            // The copy shares the original's age: an old one would be swept before its row is written.
            let original = folder.join(id.to_string());
            let touch = move || std::fs::File::options().append(true).open(original)?.set_modified(SystemTime::now());
            blocking(touch).await?;
        }
        match self.objects.copy(&key(id), &key(to)).await.map_err(io::Error::from) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::debug!(%error, %id, "a file is copied byte by byte");
                self.copy_through(id, to).await
            }
            copied => copied,
        }
    }

    /// The same byte by byte: for disks that know no links, a file that has all the links it may, and one that is larger
    /// than a bucket copies at once.
    async fn copy_through(&self, id: FileId, to: FileId) -> io::Result<()> {
        let mut from = self.objects.get(&key(id)).await?.into_stream();
        let mut to = BufWriter::new(self.objects.clone(), key(to));
        loop {
            let written = match from.try_next().await {
                Ok(None) => return to.shutdown().await,
                Ok(Some(bytes)) => to.write_all(&bytes).await,
                Err(error) => Err(error.into()),
            };
            if let Err(error) = written {
                // What was sent already goes; there is no more to do about it where that fails.
                _ = to.abort().await;
                return Err(error);
            }
        }
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

#[cfg(all(test, feature = "s3"))]
mod s3_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[tokio::test]
    async fn a_copy_is_a_file_of_its_own_whether_the_bytes_came_through_here_or_not() {
        let folder = tempfile::tempdir().expect("there is room");
        let store = Store::in_folder(folder.path()).expect("is a store");
        let ids = [(); 4].map(|()| FileId(Uuid::new_v4()));
        let path = |id: FileId| folder.path().join(id.to_string());
        // More than is written at a time.
        let bytes: Vec<u8> = (0..12_000_000_u32).map(|n| (n % 251) as u8).collect();
        std::fs::write(path(ids[0]), &bytes).expect("is written");
        store.copy(ids[0], ids[1]).await.expect("is copied");
        store.copy_through(ids[0], ids[2]).await.expect("is copied");
        store.remove(ids[0]).await.expect("is removed");
        for id in &ids[1..3] {
            assert!(std::fs::read(path(*id)).expect("is there") == bytes, "{id}");
        }
        for gone in [store.copy(ids[0], ids[3]).await, store.copy_through(ids[0], ids[3]).await] {
            assert_eq!(gone.expect_err("is gone").kind(), io::ErrorKind::NotFound);
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("is read").count(), 2, "nothing half done is left");
    }
}
