//! The learner's notes on a lesson: a plain form of the server's, saved by itself while somebody types. Times in them
//! lead into the video.

use super::playback::Playback;
use crate::api::player::SaveNote;
use crate::api::submit::Call;
use crate::components::live::{on_document, on_window, spawn};
use crate::domain::video::{clock, times};
use crate::error::AppError;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, FormData, HtmlFormElement, HtmlTextAreaElement, UrlSearchParams};

/// How long nobody types before it is saved.
const PAUSE: Duration = Duration::from_millis(800);
/// Until it is tried again where there was no answer.
const RETRY: Duration = Duration::from_secs(5);

#[derive(Clone, Copy)]
pub struct Notes {
    /// What was typed last and is not sent yet, counted.
    typed: StoredValue<u32>,
    /// Forms' data that is not stored yet, one a lesson, by the form's lesson.
    unsaved: StoredValue<Vec<(String, String)>>,
    sending: StoredValue<bool>,
}

impl Notes {
    pub fn new(playback: Playback) -> Self {
        let notes =
            Self { typed: StoredValue::new(0), unsaved: StoredValue::default(), sending: StoredValue::new(false) };
        on_window("pagehide", move |_| notes.send());
        on_document("input", move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            if let Some(field) = target.filter(|field| within(field, ".notes")) {
                notes.change(&field);
            }
        });
        on_document("click", move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if target.is_some_and(|target| within(&target, "[data-insert-time]"))
                && let Some(field) = field()
            {
                let time = format!("{} ", clock(playback.millis() / 1000));
                let (from, to) = (field.selection_start().ok().flatten(), field.selection_end().ok().flatten());
                _ = match from.zip(to) {
                    Some((from, to)) => field.set_range_text_with_start_and_end(&time, from, to).and_then(|()| {
                        let end = from + time.len() as u32;
                        field.set_selection_range(end, end)
                    }),
                    None => {
                        field.set_value(&(field.value() + &time));
                        Ok(())
                    }
                };
                _ = field.focus();
                notes.change(&field);
            }
        });
        on_document("submit", move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if target.is_some_and(|form| within(&form, ".notes")) {
                event.prevent_default();
                notes.keep();
                notes.send();
            }
        });
        notes
    }

    fn change(self, field: &HtmlTextAreaElement) {
        show_times(field);
        self.keep();
        say("");
        let typed = self.typed.try_update_value(|typed| {
            *typed += 1;
            *typed
        });
        set_timeout(
            move || {
                if self.typed.try_get_value() == typed {
                    self.send();
                }
            },
            PAUSE,
        );
    }

    /// Notes what is typed now as not stored yet, in the place of what was.
    fn keep(self) {
        let Some(form) = field().and_then(|field| field.form()) else { return };
        let Some(data) = url_encoded(&form) else { return };
        let lesson = data.split('&').find(|pair| pair.starts_with("lesson=")).unwrap_or_default().to_owned();
        self.unsaved.update_value(|unsaved| {
            unsaved.retain(|(other, _)| *other != lesson);
            unsaved.push((lesson, data));
        });
    }

    /// The lesson goes: what was typed stays in its HTML, and is sent.
    pub fn leave(self) {
        if let Some(field) = field() {
            _ = field.set_default_value(&field.value());
        }
        self.send();
    }

    /// Sends what is not stored yet, one after the other.
    fn send(self) {
        if self.sending.try_get_value() != Some(false) {
            return;
        }
        self.sending.set_value(true);
        spawn(async move {
            while let Some((lesson, data)) = self.unsaved.try_with_value(|unsaved| unsaved.first().cloned()).flatten() {
                let words = match Call::form::<SaveNote>(data.clone()).send().await {
                    Err(AppError::Unavailable) => {
                        say("Not saved yet: there is no answer.");
                        set_timeout(move || self.send(), RETRY);
                        break;
                    }
                    // It is kept here for when whose note it is is back.
                    Err(AppError::SignInRequired) => {
                        say("Not saved yet: sign in again.");
                        break;
                    }
                    Err(error) => format!("This was not saved. {error}"),
                    Ok(_) => "Saved".to_owned(),
                };
                // What was typed since is newer, and comes next.
                self.unsaved.update_value(|unsaved| unsaved.retain(|kept| *kept != (lesson.clone(), data.clone())));
                say(&words);
            }
            self.sending.try_set_value(false);
        });
    }
}

fn field() -> Option<HtmlTextAreaElement> {
    document().query_selector(".notes textarea").ok()??.dyn_into().ok()
}

fn within(element: &Element, selector: &str) -> bool {
    element.closest(selector).is_ok_and(|found| found.is_some())
}

fn say(words: &str) {
    if let Ok(Some(status)) = document().query_selector(".notes [role=status]") {
        status.set_text_content(Some(words));
    }
}

/// Shows the times that stand in a note as ways to their second.
fn show_times(field: &HtmlTextAreaElement) {
    if let Ok(Some(list)) = document().query_selector(".note-times") {
        list.set_inner_html(&times(&field.value()));
    }
}

fn url_encoded(form: &HtmlFormElement) -> Option<String> {
    let data = FormData::new_with_form(form).ok()?;
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string().as_string()
}
