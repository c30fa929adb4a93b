//! What the player remembers: settings in this browser, and with the server the second at which a video was left.

use crate::api::player::SavePosition;
use crate::api::submit::Call;
use crate::components::live::{on_window, spawn};
use crate::domain::id::{CourseId, LessonId, UserId};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::time::Duration;

/// Milliseconds between two savings of a position.
const PAUSE: f64 = 10_000.0;

/// A setting that was kept in this browser.
pub fn text(name: &str) -> Option<String> {
    let storage = window().local_storage().ok().flatten()?;
    storage.get_item(&format!("player-{name}")).ok().flatten()
}

pub fn number(name: &str) -> Option<u32> {
    text(name)?.parse().ok()
}

/// Keeps a setting in this browser, where it may.
pub fn keep_text(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        _ = storage.set_item(&format!("player-{name}"), value);
    }
}

pub fn keep(name: &str, value: u32) {
    keep_text(name, &value.to_string());
}

/// Saves the second at which a video is left: at most one request in ten seconds, and one more when the page goes.
#[derive(Clone, Copy)]
pub struct Bookmark {
    course: CourseId,
    learner: Option<UserId>,
    state: StoredValue<State>,
}

#[derive(Clone, Copy, Default)]
struct State {
    /// What is not saved yet.
    unsaved: Option<(LessonId, u32)>,
    /// When the last request was made, in the browser's milliseconds.
    sent: f64,
    /// Whether a later request is arranged.
    waiting: bool,
}

impl Bookmark {
    pub fn new(course: CourseId, learner: Option<UserId>) -> Self {
        let bookmark = Self { course, learner, state: StoredValue::new(State::default()) };
        on_window("visibilitychange", move |_| {
            if document().visibility_state() == web_sys::VisibilityState::Hidden {
                bookmark.send_as_the_page_goes();
            }
        });
        on_window("pagehide", move |_| bookmark.send_as_the_page_goes());
        bookmark
    }

    /// The video of `lesson` is at this second.
    pub fn note(self, lesson: LessonId, seconds: u32) {
        if self.learner.is_none() {
            return;
        }
        let now = js_sys::Date::now();
        let wait = self.state.try_update_value(|state| {
            state.unsaved = Some((lesson, seconds));
            let wait = (state.sent + PAUSE - now).max(0.0);
            let arranged = std::mem::replace(&mut state.waiting, true);
            (!arranged).then_some(wait)
        });
        if let Some(Some(wait)) = wait {
            set_timeout(move || self.send(), Duration::from_millis(wait as u64));
        }
    }

    fn send(self) {
        if let Some(arguments) = self.take() {
            let call = Call::form::<SavePosition>(arguments);
            // One that is lost is followed by the next.
            spawn(async move { _ = call.send().await });
        }
    }

    fn send_as_the_page_goes(self) {
        let Some(arguments) = self.take() else { return };
        if let Ok(form) = web_sys::UrlSearchParams::new_with_str(&arguments) {
            _ = window().navigator().send_beacon_with_opt_url_search_params(SavePosition::PATH, Some(&form));
        }
    }

    fn take(self) -> Option<String> {
        let unsaved = self.state.try_update_value(|state| {
            state.waiting = false;
            state.sent = js_sys::Date::now();
            state.unsaved.take()
        });
        let (lesson, seconds) = unsaved??;
        Some(format!("course={}&lesson={lesson}&seconds={seconds}", self.course))
    }
}
