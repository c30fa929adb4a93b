//! Keeps what is typed: on this device every second, with the server every few. A closed tab, a crash, a server that
//! restarts cost a second of writing at most.

use super::device::{self, clock};
use super::fields::{VERSION, fields, fill, form, mark, put, put_in, said, said_fields, value};
use crate::api::admin::drafts::{DiscardDraft, SaveDraft};
use crate::api::submit::Call;
use crate::components::announcer::Announcer;
use crate::components::dom::{attribute, closest, first};
use crate::components::live::{on_document, on_window, spawn};
use crate::domain::draft::{DraftKept, DraftMark, Merged, OtherDraft};
use crate::domain::id::LessonId;
use crate::error::AppError;
use crate::islands::form::{OVERTAKEN, STORED};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::time::Duration;
use web_sys::UrlSearchParams;

/// Time between two looks at what is typed.
const TICK: Duration = Duration::from_secs(1);
/// Looks between two drafts that are sent.
const SEND: u32 = 3;

/// What the author is told of the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Nothing,
    /// On this device.
    Here,
    /// With the server, too.
    Kept,
}

#[derive(Clone, Copy)]
pub struct Drafting {
    pub lesson: LessonId,
    announcer: Announcer,
    /// The fields as they are saved; none where the form held a draft from the start.
    pub(super) saved: StoredValue<Option<String>>,
    /// The text that what is typed was begun on, where this page knows it.
    pub(super) base: StoredValue<Option<String>>,
    /// The fields when the form was sent last.
    submitted: StoredValue<String>,
    /// Whether that is not answered yet.
    pressed: StoredValue<bool>,
    /// The fields that this device, and the server, keep as a draft.
    here: StoredValue<String>,
    sent: StoredValue<String>,
    sending: StoredValue<bool>,
    ticks: StoredValue<u32>,
    pub told: RwSignal<Told>,
    /// When what was restored from this device was written.
    pub restored: RwSignal<Option<String>>,
    /// Somebody else saved first.
    pub overtaken: RwSignal<bool>,
    /// The server holds what its author wrote in another tab or on another device.
    pub elsewhere: RwSignal<bool>,
    pub merged: RwSignal<Option<Merged>>,
    /// Why neither was done.
    pub failed: RwSignal<Option<String>>,
}

impl Drafting {
    pub fn new(lesson: LessonId, announcer: Announcer) -> Self {
        Self {
            lesson,
            announcer,
            saved: StoredValue::new(None),
            base: StoredValue::new(None),
            submitted: StoredValue::new(String::new()),
            pressed: StoredValue::new(false),
            here: StoredValue::new(String::new()),
            sent: StoredValue::new(String::new()),
            sending: StoredValue::new(false),
            ticks: StoredValue::new(0),
            told: RwSignal::new(Told::Nothing),
            restored: RwSignal::new(None),
            overtaken: RwSignal::new(false),
            elsewhere: RwSignal::new(false),
            merged: RwSignal::new(None),
            failed: RwSignal::new(None),
        }
    }

    /// Puts back what this device kept and the server has not, and keeps what is typed from now on.
    pub fn start(self) {
        let (draft_by, seen) = (said("data-draft-by"), mark().seen);
        let now = fields();
        // What was typed before this ran is in the fields, and not in what the server said.
        let said = said_fields();
        let base = UrlSearchParams::new_with_str(&said).ok().and_then(|said| said.get("form[markdown]"));
        self.saved.set_value(draft_by.is_none().then(|| said.clone()));
        self.base.set_value(base.filter(|_| draft_by.is_none()));
        self.here.set_value(said.clone());
        self.sent.set_value(said);
        put(DraftMark::HAND, Some(&device::hand()));
        if let Some(kept) = device::take(self.lesson).filter(|kept| kept.fields != now) {
            if kept.version != value(VERSION) {
                // Begun on another text than the one that is here: the server may know it.
                self.base.set_value(None);
            }
            fill(&kept.fields);
            put(VERSION, Some(&kept.version));
            if draft_by.as_ref() != Some(&kept.mark.hand) {
                // What the server has is not what this grew from, unless it was seen there.
                put(DraftMark::SEEN, Some(&kept.mark.seen.min(seen).to_string()));
            }
            self.restored.set(Some(clock(kept.at)));
            self.announcer.say("Your draft was restored.");
            self.keep_here();
        }
        self.keep_looking();
        on_document(STORED, move |_| self.stored());
        on_document(OVERTAKEN, move |_| {
            self.pressed.set_value(false);
            self.overtaken.set(true);
        });
        on_document("submit", move |event| {
            let Some(sent) = closest(event.target(), "form") else { return };
            // A press while the one before is under way sends nothing.
            let own = form().is_some_and(|own| *AsRef::<web_sys::Element>::as_ref(&own) == sent);
            if own && self.pressed.try_update_value(|pressed| std::mem::replace(pressed, true)) == Some(false) {
                self.submitted.set_value(fields());
            }
            if attribute(&sent, "action") == DiscardDraft::PATH {
                put_in(&sent, DraftMark::HAND, Some(&mark().hand));
                self.forget();
            }
        });
        on_window("pagehide", move |_| self.keep_here());
        on_window("beforeunload", move |event| {
            if self.is_unsaved() {
                self.keep_here();
                event.prevent_default();
            }
        });
    }

    fn is_unsaved(self) -> bool {
        let now = fields();
        self.saved.try_with_value(|saved| saved.as_ref().is_none_or(|saved| *saved != now)).unwrap_or_default()
    }

    /// For as long as the page is there.
    fn keep_looking(self) {
        set_timeout(
            move || {
                self.tick();
                self.keep_looking();
            },
            TICK,
        );
    }

    fn tick(self) {
        self.keep_here();
        let due = self.ticks.try_update_value(|ticks| {
            *ticks += 1;
            *ticks % SEND == 0
        });
        let now = fields();
        let sent = self.sent.try_with_value(|sent| *sent == now).unwrap_or(true);
        let saving = form().is_some_and(|form| form.has_attribute("aria-busy"));
        if !saving {
            // It was answered, with whatever.
            self.pressed.set_value(false);
        }
        if due == Some(true) && !sent && !saving && !self.sending.get_value() && !self.elsewhere.get_untracked() {
            spawn(self.send(now));
        }
    }

    /// Keeps the fields on this device, or nothing where they are what is saved.
    fn keep_here(self) {
        let now = fields();
        if self.here.try_with_value(|here| *here == now).unwrap_or(true) {
            return;
        }
        if self.is_unsaved() {
            if self.keep(&now, false) {
                self.told.set(Told::Here);
            }
        } else {
            device::forget(self.lesson, &mark().hand);
            self.told.set(Told::Nothing);
        }
        self.here.set_value(now);
    }

    fn keep(self, now: &str, sent: bool) -> bool {
        device::keep(self.lesson, &mark(), sent, &value(VERSION), now)
    }

    /// Keeps the fields with the server, or nothing there where they are what is saved.
    async fn send(self, now: String) {
        self.sending.set_value(true);
        let sent = if self.is_unsaved() { self.send_draft(&now).await } else { self.give_up().await.is_ok() };
        self.sending.try_set_value(false);
        // What cannot be kept there now is sent again with the next look; this device has it.
        if sent {
            self.sent.try_set_value(now);
        }
    }

    /// Whether the server keeps it.
    async fn send_draft(self, now: &str) -> bool {
        let what = format!("{}&version={}&{now}", self.which(), value(VERSION));
        let answer = match Call::form::<SaveDraft>(what).send().await {
            Ok(answer) => answer,
            Err(AppError::Conflict(_)) => {
                self.elsewhere.try_set(true);
                return false;
            }
            Err(_) => return false,
        };
        if !self.is_unsaved() {
            // It was saved or given up meanwhile: what came late is no draft.
            _ = self.give_up().await;
            return false;
        }
        let Ok(kept) = serde_json::from_str::<DraftKept>(&answer) else { return false };
        put(DraftMark::SEEN, Some(&kept.revision.to_string()));
        if fields() == now && self.keep(now, true) {
            self.here.try_set_value(now.to_owned());
        }
        self.told.try_set(Told::Kept);
        tell_others(&kept.others);
        true
    }

    /// The lesson, and which draft of it this form knows, as arguments.
    fn which(self) -> String {
        let mark = mark();
        format!("id={}&draft%5Bhand%5D={}&draft%5Bseen%5D={}", self.lesson, mark.hand, mark.seen)
    }

    /// Forgets on the server what this form knows of.
    async fn give_up(self) -> Result<String, AppError> {
        Call::form::<DiscardDraft>(self.which()).send().await
    }

    fn stored(self) {
        self.pressed.set_value(false);
        let submitted = self.submitted.get_value();
        let markdown = UrlSearchParams::new_with_str(&submitted).ok().and_then(|fields| fields.get("form[markdown]"));
        self.base.set_value(markdown);
        self.saved.set_value(Some(submitted.clone()));
        self.sent.set_value(submitted);
        self.overtaken.set(false);
        self.elsewhere.set(false);
        self.merged.set(None);
        self.restored.set(None);
        // Whatever was typed since then is kept anew.
        self.here.set_value(String::new());
        self.keep_here();
    }

    /// Forgets the draft: the form shows what is saved.
    pub fn discard(self) {
        self.forget();
        spawn(async move {
            _ = self.give_up().await;
            _ = window().location().reload();
        });
    }

    /// The same, and goes elsewhere.
    pub(super) async fn discard_then(self, path: &str) {
        self.forget();
        _ = self.give_up().await;
        _ = window().location().assign(path);
    }

    /// Keeps nothing of it on this device.
    fn forget(self) {
        device::forget(self.lesson, &mark().hand);
        let now = fields();
        self.saved.set_value(Some(now.clone()));
        // Whoever forgets it tells the server.
        self.sent.set_value(now);
    }
}

/// Says who else has a draft, where the server said it first.
fn tell_others(others: &[OtherDraft]) {
    let Some(notice) = document().get_element_by_id("other-drafts") else { return };
    _ = notice.toggle_attribute_with_force("hidden", others.is_empty());
    let lines: Vec<String> = others.iter().map(OtherDraft::words).collect();
    if let Some(words) =
        first(&notice, "[data-words]").filter(|words| words.text_content().as_deref() != Some(&lines.join(" ")))
    {
        words.set_text_content(Some(&lines.join(" ")));
    }
}
