//! A draft and what was written elsewhere meanwhile: by others, who saved it, or by its author in another tab. They are
//! brought together, or the draft goes on by itself; nothing of it is saved before the author says so.

use super::draft::Drafting;
use super::fields::{VERSION, fields, put, said, set_text, text};
use crate::api::admin::drafts::MergeDraft;
use crate::api::admin::lessons::CreateLesson;
use crate::api::submit::Call;
use crate::components::live::spawn;
use crate::domain::draft::{DraftMark, Merged};
use crate::error::AppError;
use leptos::prelude::*;
use web_sys::UrlSearchParams;

impl Drafting {
    /// Brings what others saved into the text; it is saved when the author says so.
    pub fn merge(self) {
        spawn(async move {
            let Some(merged) = self.ask_merged(false).await else { return };
            self.take(&merged);
            put(VERSION, Some(&merged.version));
            self.base.set_value(Some(merged.theirs.clone()));
            self.overtaken.set(false);
            self.merged.set(Some(merged));
        });
    }

    /// Goes on with this draft over the one of another tab or device, which is brought in where `both` are wanted.
    pub fn prevail(self, both: bool) {
        spawn(async move {
            let Some(merged) = self.ask_merged(true).await else { return };
            put(DraftMark::SEEN, merged.revision.map(|revision| revision.to_string()).as_deref());
            self.elsewhere.set(false);
            if both {
                self.take(&merged);
                self.merged.set(Some(merged));
            }
        });
    }

    async fn ask_merged(self, own: bool) -> Option<Merged> {
        let call = Call::json(&MergeDraft { id: self.lesson, base: self.base.get_value(), own, markdown: text() });
        let answer = call.send().await;
        if own && answer == Err(AppError::NotFound) {
            // It is gone by now.
            self.elsewhere.try_set(false);
            return None;
        }
        let merged = answer.ok().and_then(|json| serde_json::from_str::<Merged>(&json).ok());
        let failed = merged.is_none().then(|| "This could not be merged just now.".to_owned());
        self.failed.try_set(failed);
        merged
    }

    fn take(self, merged: &Merged) {
        self.take_fields(merged);
        set_text(&merged.markdown);
    }

    /// What others made of the form's other fields, where these are as they were: the author changed something else.
    fn take_fields(self, merged: &Merged) {
        let (name, status, video_url, by_hand) = &merged.others;
        let saved = self.saved.get_value().and_then(|saved| UrlSearchParams::new_with_str(&saved).ok());
        let now = UrlSearchParams::new_with_str(&fields()).ok();
        for (field, theirs) in [
            ("form[name]", Some(name.as_str())),
            ("form[status]", Some(status.as_str())),
            ("form[video_url]", Some(video_url.as_str())),
            ("form[by_hand]", by_hand.then_some("true")),
        ] {
            let value = |fields: &Option<UrlSearchParams>| fields.as_ref().and_then(|fields| fields.get(field));
            // Of a draft that was begun on nobody knows what, the name alone is surely a wish.
            let untouched = if saved.is_some() { value(&saved) == value(&now) } else { field != "form[name]" };
            if untouched {
                put(field, theirs);
            }
        }
    }

    /// Saves the text as another lesson of the same section, and opens that.
    pub fn copy(self) {
        // A draft, whatever the original is: nothing is published by accident.
        let fields = ["public", "preview"].iter().fold(fields(), |fields, status| {
            fields.replace(&format!("form%5Bstatus%5D={status}"), "form%5Bstatus%5D=private")
        });
        let fields = fields.replacen("form%5Bname%5D=", "form%5Bname%5D=My+version+of+", 1);
        let place = |name| said(name).unwrap_or_default();
        let body = format!("course={}&section={}&stay=true&{fields}", place("data-course"), place("data-section"));
        spawn(async move {
            match Call::form::<CreateLesson>(body).send().await {
                Ok(id) => self.discard_then(&format!("/admin/lessons/{}/edit", id.trim_matches('"'))).await,
                Err(error) => _ = self.failed.try_set(Some(format!("No copy was made. {error}"))),
            }
        });
    }
}
