//! Completions on their way to the server. A press is kept in this browser first and sent then, in the order of the
//! presses. What could not be sent waits for the network, or for the next visit to whatever page.
//!
//! They are kept in Web Storage because that is written before the press's frame is painted: a transaction of
//! IndexedDB may still be under way when the tab is killed.

use crate::api::player::CompleteLesson;
use crate::api::submit::Call;
use crate::components::live::{effect, on_window, spawn};
use crate::domain::id::{CourseId, LessonId, UserId};
use crate::error::AppError;
use leptos::prelude::*;
use std::time::Duration;

/// Seconds until it is tried again: doubled each time up to the last.
const PAUSES: (u64, u64) = (2, 60);

/// A learner's word on one lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Press {
    pub course: CourseId,
    pub lesson: LessonId,
    pub done: bool,
}

/// What became of a press that was sent.
pub type Answered = Callback<(Press, Result<(), AppError>)>;

#[derive(Clone, Copy)]
pub struct Queue {
    key: StoredValue<String>,
    /// What the browser would not keep.
    unkept: StoredValue<Vec<Press>>,
    sending: StoredValue<bool>,
    pause: StoredValue<u64>,
    answered: Answered,
    /// Why what is kept could not be sent so far: no answer, or nobody is signed in any more.
    pub trouble: RwSignal<Option<AppError>>,
}

/// Whether anything of a person waits in this browser.
pub fn is_waiting(person: UserId) -> bool {
    let stored = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(&key(person)).ok()?);
    stored.is_some()
}

fn key(person: UserId) -> String {
    format!("completions-{person}")
}

impl Queue {
    /// The queue of one person in this browser; what waits in it is sent at once.
    pub fn of(person: UserId, answered: Answered) -> Self {
        let queue = Self {
            key: StoredValue::new(key(person)),
            unkept: StoredValue::new(Vec::new()),
            sending: StoredValue::new(false),
            pause: StoredValue::new(PAUSES.0),
            answered,
            trouble: RwSignal::new(None),
        };
        on_window("online", move |_| queue.send());
        effect(move || queue.send());
        queue
    }

    /// Keeps a press and sends it. It takes the place of an earlier one on the same lesson.
    pub fn push(self, press: Press) {
        self.change(|kept| {
            kept.retain(|earlier| earlier.lesson != press.lesson);
            kept.push(press);
        });
        self.send();
    }

    /// The learner's last word on a lesson, where it is not stored yet.
    pub fn wish(self, lesson: LessonId) -> Option<bool> {
        self.kept().into_iter().find(|press| press.lesson == lesson).map(|press| press.done)
    }

    /// What is kept, oldest first.
    pub fn kept(self) -> Vec<Press> {
        let stored = window().local_storage().ok().flatten().zip(self.key.try_get_value());
        let text = stored.and_then(|(storage, key)| storage.get_item(&key).ok().flatten()).unwrap_or_default();
        let kept: Vec<Press> = text.lines().filter_map(read).collect();
        if kept.is_empty() { self.unkept.try_get_value().unwrap_or_default() } else { kept }
    }

    fn change(self, change: impl FnOnce(&mut Vec<Press>)) {
        let mut kept = self.kept();
        change(&mut kept);
        let lines: Vec<String> = kept.iter().map(|press| line(*press)).collect();
        let stored =
            window().local_storage().ok().flatten().zip(self.key.try_get_value()).and_then(|(storage, key)| {
                if lines.is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, &lines.join("\n")) }
                    .ok()
            });
        // A browser that keeps nothing still sends what it can while the page is there.
        self.unkept.try_set_value(if stored.is_none() { kept } else { Vec::new() });
    }

    fn send(self) {
        if self.sending.try_get_value() != Some(false) {
            return;
        }
        self.sending.set_value(true);
        spawn(async move {
            let trouble = self.send_all().await;
            self.sending.try_set_value(false);
            if trouble.is_some() {
                let pause = self.pause.try_get_value().unwrap_or(PAUSES.1);
                self.pause.try_set_value((pause * 2).min(PAUSES.1));
                set_timeout(move || self.send(), Duration::from_secs(pause));
            } else {
                self.pause.try_set_value(PAUSES.0);
            }
            self.trouble.try_set(trouble);
        });
    }

    /// Sends one after the other, each until it was answered; says why it had to stop.
    async fn send_all(self) -> Option<AppError> {
        while let Some(press) = self.kept().first().copied() {
            let Press { course, lesson, done } = press;
            let call = Call::form::<CompleteLesson>(format!("course={course}&lesson={lesson}&done={done}"));
            let answer = match call.send().await {
                Err(error @ (AppError::Unavailable | AppError::SignInRequired)) => return Some(error),
                answer => answer.map(|_| ()),
            };
            self.change(|kept| kept.retain(|other| *other != press));
            self.answered.try_run((press, answer));
        }
        None
    }
}

fn line(press: Press) -> String {
    format!("{} {} {}", press.course, press.lesson, press.done)
}

fn read(line: &str) -> Option<Press> {
    let mut parts = line.split(' ');
    let (course, lesson, done) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Press { course: course.parse().ok()?, lesson: lesson.parse().ok()?, done: done == "true" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_press_is_read_as_it_was_kept_and_nothing_else_is() {
        for done in [true, false] {
            let id = |n| Uuid::from_u128(n);
            let press = Press { course: CourseId(id(1)), lesson: LessonId(id(2)), done };
            assert_eq!(read(&line(press)), Some(press));
        }
        for text in ["", "a b true", "00000000-0000-0000-0000-000000000001"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
