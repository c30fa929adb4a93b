//! Texts rendered once per version: highlighting a long one costs more than everything else of a page.

use super::markdown;
use crate::domain::id::LessonId;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Bytes of HTML kept at most. Past that everything is dropped: what is read is soon back.
const CAPACITY: usize = 8 << 20;

#[derive(Default)]
struct Kept {
    texts: HashMap<Uuid, (DateTime<Utc>, Arc<str>)>,
    bytes: usize,
}

#[derive(Clone, Default)]
pub struct Rendered(Arc<Mutex<Kept>>);

impl Rendered {
    /// The sanitised HTML of the Markdown that the row `id` holds as of `version`, the time it was last changed. It is
    /// rendered off the async threads.
    pub async fn text(&self, id: Uuid, version: DateTime<Utc>, text: String) -> Arc<str> {
        self.kept_or(id, version, move || markdown::render(&text)).await
    }

    /// The same for a lesson, whose text names its files.
    pub async fn lesson(&self, id: LessonId, version: DateTime<Utc>, text: String) -> Arc<str> {
        let files = format!("/lessons/{id}/files/");
        self.kept_or(id.0, version, move || markdown::render_beside(&text, &files)).await
    }

    /// What was rendered of the row `id` as of `version`, or is rendered now.
    pub async fn kept_or(
        &self,
        id: Uuid,
        version: DateTime<Utc>,
        render: impl FnOnce() -> String + Send + 'static,
    ) -> Arc<str> {
        if let Some(html) = self.kept(id, version) {
            return html;
        }
        let html: Arc<str> = tokio::task::spawn_blocking(render).await.unwrap_or_default().into();
        self.keep(id, version, html.clone());
        html
    }

    pub fn kept(&self, id: Uuid, version: DateTime<Utc>) -> Option<Arc<str>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.texts.get(&id).filter(|(of, _)| *of == version).map(|(_, html)| html.clone())
    }

    fn keep(&self, id: Uuid, version: DateTime<Utc>, html: Arc<str>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.bytes + html.len() > CAPACITY {
            *kept = Kept::default();
        }
        kept.bytes += html.len();
        if let Some((_, old)) = kept.texts.insert(id, (version, html)) {
            kept.bytes -= old.len();
        }
    }
}
