//! Files of lessons: they come in parts, are kept whole, and go out by ranges to whoever may open their lesson.

pub mod address;
pub mod kind;
pub mod parts;
pub mod ranges;
pub mod store;
pub mod waiting;

use super::auth::Admin;
use super::db::files::{NewFile, Upload};
use super::db::{self, Db};
use super::import::{ImportedCourse, ImportedFile};
use crate::domain::captions;
use crate::domain::id::{FileId, ImportId, LessonId, UploadId};
use crate::error::AppError;
use futures::TryStreamExt;
use kind::Found;
use parts::Parts;
use rand::TryRng;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::io::AsyncReadExt;
use tokio::sync::OnceCell;
use uuid::Uuid;
use waiting::Waiting;

/// Most bytes of a file with captions: 20,000 long ones.
const CAPTIONS_MAX: u64 = 4 << 20;
/// A file without a row is somebody's upload that is about to have one, until it is this old.
pub const ORPHANED: Duration = Duration::from_secs(60 * 60);
/// Time between two sweeps.
pub const SWEEP: Duration = Duration::from_secs(60 * 60);

#[derive(Clone)]
pub struct Files {
    pub store: Store,
    pub parts: Parts,
    /// Courses that were sent and are not imported yet.
    pub waiting: Waiting,
    key: Arc<OnceCell<Vec<u8>>>,
}

impl Files {
    /// In a data folder; what is whole in a bucket, where one is named.
    pub fn open(data_dir: &Path, bucket: Option<&str>) -> io::Result<Self> {
        let store = match bucket {
            Some(address) => Store::in_bucket(address)?,
            None => Store::in_folder(&data_dir.join("files"))?,
        };
        let parts = Parts::in_folder(data_dir.join("uploads"))?;
        let waiting = Waiting::in_folder(data_dir.join("imports"))?;
        Ok(Self { store, parts, waiting, key: Arc::default() })
    }

    /// Makes sure that the store is this database's: another one would sweep its files away, and not find its own. The
    /// error says what to do.
    pub async fn claim(&self, db: &Db) -> Result<(), String> {
        let fresh = Uuid::new_v4().to_string().into_bytes();
        let ours = db.write(move |tx| Box::pin(async move { db::secrets::get_or_make(tx, "store", &fresh).await }));
        let ours = ours.await.map_err(|error| error.to_string())?;
        let ours = String::from_utf8_lossy(&ours);
        match self.store.owner(&ours).await {
            Ok(owner) if owner == ours => Ok(()),
            Ok(_) => {
                Err("The files of lessons in the data folder, or in the bucket, belong to another database: name \
                the folder or the bucket of this one."
                    .to_owned())
            }
            Err(error) => Err(format!("The files of lessons cannot be reached: {error}")),
        }
    }

    /// The key that signs addresses, the same for every server on this database.
    pub async fn key(&self, db: &Db) -> Result<&[u8], AppError> {
        let key = self.key.get_or_try_init(|| async {
            let mut fresh = vec![0; address::KEY];
            rand::rngs::SysRng.try_fill_bytes(&mut fresh).map_err(|error| {
                tracing::error!(%error, "no randomness from the system");
                AppError::Internal
            })?;
            db.write(move |tx| Box::pin(async move { db::secrets::get_or_make(tx, "media", &fresh).await })).await
        });
        key.await.map(Vec::as_slice)
    }

    /// Makes an upload that came whole a file of its lesson: its bytes are in the store before its row is written.
    /// What it takes the place of goes.
    pub async fn keep(&self, db: &Db, admin: &Admin, upload: Upload) -> Result<(), AppError> {
        let (admin, by, id) = (admin.clone(), admin.clone(), upload.id);
        db.write(move |tx| Box::pin(async move { db::files::claim_upload(tx, &by, id).await })).await?;
        let head = self.parts.head(id, kind::HEAD).await.map_err(broken)?;
        let found = kind::of(&upload.name, &head).map_err(AppError::refused)?;
        let gone = match found {
            Found::Captions => {
                let vtt = self.captions(&upload).await?;
                let (lesson, language) = (upload.lesson_id, upload.language.unwrap_or_else(|| "en".to_owned()));
                db.write(move |tx| {
                    Box::pin(async move {
                        db::captions::put(tx, &admin, lesson, &language, &vtt).await?;
                        db::files::finish_upload(tx, &admin, id).await?;
                        Ok(Vec::new())
                    })
                })
                .await?
            }
            Found::File(kind, content_type) => {
                let file = FileId(Uuid::new_v4());
                let Upload { lesson_id, name, bytes, .. } = upload;
                self.store.adopt(&self.parts.path(id), file).await.map_err(broken)?;
                let row = NewFile { id: file, lesson_id, kind, name, content_type, bytes };
                let stored = db
                    .write(move |tx| {
                        Box::pin(async move {
                            let gone = db::files::insert(tx, &admin, &row).await?;
                            db::files::finish_upload(tx, &admin, id).await?;
                            Ok(gone)
                        })
                    })
                    .await;
                match stored {
                    Ok(gone) => gone,
                    // Whether it was written is known only where the database said no; the sweep finds out the rest.
                    Err(error) => return Err(error),
                }
            }
        };
        self.remove(&gone).await;
        self.drop_part(id).await;
        Ok(())
    }

    /// Copies what an imported course brings along into the store, before its rows are written; returns those.
    pub async fn bring(&self, course: &ImportedCourse) -> io::Result<Vec<NewFile>> {
        let mut files = Vec::new();
        for lesson in course.sections.iter().flat_map(|section| &section.lessons) {
            files.extend(lesson.files.iter().map(|file| (LessonId(lesson.id), file)));
        }
        self.bring_all(files).await
    }

    /// The same of some files, each with its lesson.
    pub async fn bring_all(&self, files: Vec<(LessonId, &ImportedFile)>) -> io::Result<Vec<NewFile>> {
        let mut rows = Vec::new();
        for (lesson_id, file) in files {
            let id = FileId(Uuid::new_v4());
            let bytes = match self.store.copy_in(&file.path, id).await {
                Ok(bytes) => bytes,
                Err(error) => {
                    self.take_back(&rows).await;
                    return Err(error);
                }
            };
            rows.push(NewFile {
                id,
                lesson_id,
                kind: file.kind,
                name: file.name.clone(),
                content_type: file.content_type,
                bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            });
        }
        Ok(rows)
    }

    /// Whether a file of the store and one on this disk hold the same bytes, of which there are as many in both.
    pub async fn is_same(&self, id: FileId, bytes: i64, path: &Path) -> io::Result<bool> {
        let mut stored = self.store.read(id, 0..u64::try_from(bytes).unwrap_or_default()).await?;
        let mut other = tokio::fs::File::open(path).await?;
        let mut part = Vec::new();
        while let Some(some) = stored.try_next().await? {
            part.resize(some.len(), 0);
            match other.read_exact(&mut part).await {
                Ok(_) if some == part => {}
                Ok(_) => return Ok(false),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Removes files whose rows were not written after all.
    pub async fn take_back(&self, files: &[NewFile]) {
        self.remove(&files.iter().map(|file| file.id).collect::<Vec<_>>()).await;
    }

    /// The WebVTT of an uploaded file of captions; the error names the line that is wrong.
    async fn captions(&self, upload: &Upload) -> Result<String, AppError> {
        if u64::try_from(upload.bytes).is_ok_and(|bytes| bytes > CAPTIONS_MAX) {
            return Err(AppError::refused("These captions are larger than 4 MB: no video has so much to say."));
        }
        let bytes = self.parts.head(upload.id, CAPTIONS_MAX as usize).await.map_err(broken)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            AppError::refused(format!("Line {line}: this is not UTF-8 text: save the file as UTF-8."))
        })?;
        let cues = captions::parse(&text).map_err(|broken| AppError::refused(broken.to_string()))?;
        Ok(captions::to_vtt(&cues))
    }

    /// Removes files whose rows are gone. What cannot be removed now, the sweep removes later.
    pub async fn remove(&self, files: &[FileId]) {
        for file in files {
            if let Err(error) = self.store.remove(*file).await {
                tracing::warn!(%error, %file, "a file could not be removed");
            }
        }
    }

    pub async fn drop_part(&self, id: UploadId) {
        if let Err(error) = self.parts.remove(id).await {
            tracing::warn!(%error, %id, "an upload could not be dropped");
        }
    }

    pub async fn drop_waiting(&self, id: ImportId) {
        if let Err(error) = self.waiting.remove(id).await {
            tracing::warn!(%error, %id, "what waited for an import could not be dropped");
        }
    }

    /// Removes what nothing knows of: what was deleted and not restored in time, files without a row, uploads that
    /// expired or whose lesson went, courses and reports that waited too long, pictures that no product shows.
    pub async fn sweep(&self, db: &Db, age: Duration) -> Result<usize, AppError> {
        db.write(|tx| Box::pin(async move { db::deletions::expire(tx).await })).await?;
        let covers = db.write(|tx| Box::pin(async move { db::covers::sweep(tx).await })).await?;
        let stored = self.store.older_than(age).await.map_err(|error| broken(io::Error::other(error)))?;
        let orphans = db::files::unknown(db, &stored).await?;
        self.remove(&orphans).await;
        db.write(|tx| Box::pin(async move { db::files::expire_uploads(tx).await })).await?;
        let parts = self.parts.all().await.map_err(broken)?;
        let dropped = db::files::unknown_uploads(db, &parts).await?;
        for id in &dropped {
            self.drop_part(*id).await;
        }
        db.write(|tx| Box::pin(async move { db::bulk_reports::expire(tx).await })).await?;
        db.write(|tx| Box::pin(async move { db::waiting_imports::expire(tx).await })).await?;
        let waiting = self.waiting.older_than(age).await.map_err(broken)?;
        let given_up = db::waiting_imports::unknown(db, &waiting).await?;
        for id in &given_up {
            self.drop_waiting(*id).await;
        }
        let covers = usize::try_from(covers).unwrap_or(usize::MAX);
        Ok(orphans.len() + dropped.len() + given_up.len() + covers)
    }

    /// Sweeps now and then, for as long as the server runs.
    pub async fn sweep_forever(self, db: Db) {
        loop {
            match self.sweep(&db, ORPHANED).await {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "removed files that nothing knows of"),
                Err(error) => tracing::warn!(%error, "files could not be swept"),
            }
            tokio::time::sleep(SWEEP).await;
        }
    }

    /// Deletes a file of a lesson; returns the lesson.
    pub async fn delete(&self, db: &Db, admin: Admin, file: FileId) -> Result<LessonId, AppError> {
        let lesson = db.write(move |tx| Box::pin(async move { db::files::delete(tx, &admin, file).await })).await?;
        self.remove(&[file]).await;
        Ok(lesson)
    }
}

/// What a failing disk is to a request.
pub fn broken(error: io::Error) -> AppError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => AppError::StorageFull,
        io::ErrorKind::NotFound => AppError::NotFound,
        _ => {
            tracing::error!(%error, "files cannot be read or written");
            AppError::Internal
        }
    }
}
