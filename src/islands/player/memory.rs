//! What the player remembers: settings in this browser, and with the server where a lesson was left.

use crate::api::player::SavePosition;
use crate::api::submit::Call;
use crate::components::live::{on_window, spawn};
use crate::domain::id::{CourseId, LessonId, UserId};
use crate::domain::watched::Watched;
use leptos::prelude::*;
use std::time::Duration;

/// Milliseconds between two savings of a position.
const PAUSE: f64 = 10_000.0;
/// Milliseconds after which a lesson that was opened counts as visited.
const GLANCE: f64 = 1_500.0;

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

/// Saves where a lesson is left: the second of its video and what of it was played, how far its text was read, and
/// that it was opened at all. At most one request in ten seconds, and one more when the lesson goes.
#[derive(Clone, Copy)]
pub struct Bookmark {
    course: CourseId,
    learner: Option<UserId>,
    state: StoredValue<State>,
    /// Runs with a lesson that the server counts as watched.
    watched: StoredValue<Option<Callback<LessonId>>>,
}

#[derive(Clone, Default)]
struct State {
    lesson: Option<LessonId>,
    /// Whether there is anything to save.
    unsaved: bool,
    seconds: u32,
    /// In thousandths.
    read: u32,
    /// Whether these were changed here: what was not is another device's to say.
    moved: bool,
    scrolled: bool,
    /// Of the video, in seconds.
    length: u32,
    played: Watched,
    /// The second that played last, while it plays.
    last: Option<u32>,
    /// When the last request was made, in the browser's milliseconds.
    sent: f64,
    /// Whether a later request is arranged.
    waiting: bool,
}

impl Bookmark {
    pub fn new(course: CourseId, learner: Option<UserId>) -> Self {
        let bookmark =
            Self { course, learner, state: StoredValue::new(State::default()), watched: StoredValue::new(None) };
        on_window("visibilitychange", move |_| {
            if document().visibility_state() == web_sys::VisibilityState::Hidden {
                bookmark.send_now();
            }
        });
        on_window("pagehide", move |_| bookmark.send_now());
        bookmark
    }

    pub fn on_watched(self, run: impl Fn(LessonId) + Send + Sync + 'static) {
        self.watched.set_value(Some(Callback::new(run)));
    }

    /// A lesson was opened, left at this second and thousandth before.
    pub fn open(self, lesson: LessonId, seconds: u32, read: u32) {
        self.send_now();
        self.note(|state| {
            let sent = js_sys::Date::now() - PAUSE + GLANCE;
            *state = State { lesson: Some(lesson), seconds, read, sent, waiting: state.waiting, ..State::default() };
        });
    }

    /// The video is at this second of `length`.
    pub fn at(self, second: u32, length: u32, playing: bool) {
        self.note(|state| {
            // What passed since the last look was played, if it is no more than the fastest speed plays meanwhile.
            if let Some(last) = state.last.filter(|last| (1..=4).contains(&second.saturating_sub(*last))) {
                state.played.add(last, second);
            }
            (state.last, state.seconds, state.length) = (playing.then_some(second), second, length);
            state.moved = true;
        });
    }

    /// The video came to its end, and begins anew the next time.
    pub fn ended(self, length: u32) {
        self.at(length, length, false);
        self.note(|state| state.seconds = 0);
    }

    /// The text was read so far, in thousandths.
    pub fn read(self, read: u32) {
        self.note(|state| (state.read, state.scrolled) = (read, true));
    }

    /// The second and the thousandth at which the lesson is now.
    pub fn place(self) -> (u32, u32) {
        self.state.with_value(|state| (state.seconds, state.read))
    }

    fn note(self, change: impl FnOnce(&mut State)) {
        if self.learner.is_none() {
            return;
        }
        let now = js_sys::Date::now();
        let wait = self.state.try_update_value(|state| {
            change(state);
            state.unsaved = true;
            let wait = (state.sent + PAUSE - now).max(0.0);
            let arranged = std::mem::replace(&mut state.waiting, true);
            (!arranged).then_some(wait)
        });
        if let Some(Some(wait)) = wait {
            set_timeout(move || self.send(), Duration::from_millis(wait as u64));
        }
    }

    fn send(self) {
        self.state.try_update_value(|state| state.waiting = false);
        self.send_now();
    }

    /// The browser sees it through when the page goes.
    fn send_now(self) {
        let Some((lesson, arguments)) = self.take() else { return };
        let call = Call::form::<SavePosition>(arguments.clone());
        spawn(async move {
            match call.send().await.as_deref() {
                Ok("true") => {
                    if let Some(Some(watched)) = self.watched.try_get_value() {
                        watched.run(lesson);
                    }
                }
                Ok(_) => {}
                // Said again with the next, as long as the lesson is the same.
                Err(_) => self.take_back(lesson, &arguments),
            }
        });
    }

    fn take_back(self, lesson: LessonId, arguments: &str) {
        let played = arguments.rsplit('=').next().map(|played| played.replace('+', " ")).unwrap_or_default();
        self.state.try_update_value(|state| {
            if let Some(played) = Watched::read(&played).filter(|_| state.lesson == Some(lesson)) {
                state.played.put_back(played);
                state.unsaved = true;
            }
        });
    }

    fn take(self) -> Option<(LessonId, String)> {
        self.state.try_update_value(|state| {
            let lesson = state.lesson.filter(|_| std::mem::take(&mut state.unsaved))?;
            state.sent = js_sys::Date::now();
            let (course, played) = (self.course, state.played.take());
            let mut arguments = format!("course={course}&lesson={lesson}");
            if state.moved {
                arguments.push_str(&format!("&seconds={}", state.seconds));
            }
            if state.scrolled {
                arguments.push_str(&format!("&read={}", state.read));
            }
            arguments.push_str(&format!("&length={}&played={}", state.length, played.replace(' ', "+")));
            Some((lesson, arguments))
        })?
    }
}
