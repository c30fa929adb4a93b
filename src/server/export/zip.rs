//! The folder as a zip file that is written while it is sent: neither is ever whole on this machine.

use super::{Content, Piece};
use crate::server::files::store::Store;
use axum::body::Bytes;
use futures::{Stream, TryStreamExt, stream};
use std::io::{self, Write};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, result::ZipError};

/// Bytes that are sent at a time.
const CHUNK: usize = 64 << 10;
/// Chunks that wait for a slow reader.
const AHEAD: usize = 4;

/// The bytes of the zip file. One that cannot be written to its end ends in an error, which its reader sees as a
/// download that broke off.
pub fn stream(pieces: Vec<Piece>, store: Store) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let handle = Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut chunks = Chunks { sender, waiting: Vec::with_capacity(CHUNK) };
        let written = write(&pieces, &store, &handle, &mut chunks).and_then(|()| chunks.flush());
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            tracing::error!(%error, "a course could not be sent as a zip file");
            _ = chunks.sender.blocking_send(Err(error));
        }
    });
    stream::unfold(receiver, async |mut receiver| receiver.recv().await.map(|chunk| (chunk, receiver)))
}

fn write(pieces: &[Piece], store: &Store, handle: &Handle, chunks: &mut Chunks) -> io::Result<()> {
    let mut zip = ZipWriter::new_stream(chunks);
    for piece in pieces {
        match &piece.content {
            Content::Text(text) => {
                let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
                zip.start_file(&*piece.path, options).map_err(broken)?;
                zip.write_all(text.as_bytes())?;
            }
            // Pictures and films are compressed already, and may be large.
            Content::Stored(id, length) => {
                let options =
                    SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
                zip.start_file(&*piece.path, options).map_err(broken)?;
                let mut bytes = handle.block_on(store.read(*id, 0..*length))?;
                while let Some(some) = handle.block_on(bytes.try_next())? {
                    zip.write_all(&some)?;
                }
            }
        }
    }
    zip.finish().map_err(broken)?;
    Ok(())
}

fn broken(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => error,
        error => io::Error::other(error),
    }
}

/// Gathers small writes, and waits where the reader is slow.
struct Chunks {
    sender: mpsc::Sender<io::Result<Bytes>>,
    waiting: Vec<u8>,
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let chunk = std::mem::replace(&mut self.waiting, Vec::with_capacity(CHUNK));
        if chunk.is_empty() {
            return Ok(());
        }
        self.sender.blocking_send(Ok(chunk.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
