//! The way from lesson to lesson without leaving the player.

use super::complete::Completing;
use super::playback::Playback;
use super::{Course, document_title, rows};
use crate::api::player::GetLesson;
use crate::api::submit::Call;
use crate::domain::id::LessonId;
use crate::domain::lesson::LessonPage as Lesson;
use crate::domain::outline::Place;
use crate::domain::video::Video;
use crate::error::AppError;
use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, FocusOptions, HtmlElement};

/// A video that was left this near its end begins anew, in seconds.
const NEARLY_OVER: u32 = 5;

#[derive(Clone, Copy)]
pub struct Way {
    pub course: StoredValue<Course>,
    pub completing: Completing,
    content: RwSignal<Result<Lesson, AppError>>,
    /// Where the open lesson stands.
    place: StoredValue<Place>,
    /// Lessons that were shown before, for when there is no network to ask.
    seen: StoredValue<HashMap<LessonId, Lesson>>,
    current: RwSignal<Option<LessonId>>,
    /// Counts the steps: only the last one that was asked for is taken.
    steps: StoredValue<u32>,
    /// Whether the next video starts by itself: the one before led to it.
    playing: StoredValue<bool>,
    /// The lesson whose video was brought to where it was left.
    begun: StoredValue<Option<LessonId>>,
}

impl Way {
    /// Starts at the lesson that the page was loaded with.
    pub fn from(
        course: StoredValue<Course>,
        completing: Completing,
        lesson: Result<Lesson, AppError>,
        place: Place,
    ) -> Self {
        let current = lesson.as_ref().ok().map(|lesson| lesson.id);
        let way = Self {
            course,
            completing,
            content: RwSignal::new(lesson),
            place: StoredValue::new(place),
            seen: StoredValue::new(HashMap::new()),
            current: RwSignal::new(current),
            steps: StoredValue::new(0),
            playing: StoredValue::new(false),
            begun: StoredValue::new(None),
        };
        Effect::new(move |_| {
            let back = window_event_listener(ev::popstate, move |_| way.back_or_forward());
            on_cleanup(move || back.remove());
            if let Some(lesson) = current {
                request_animation_frame(move || rows::show_current(lesson));
            }
        });
        way
    }

    pub fn content(self) -> Result<Lesson, AppError> {
        self.content.get()
    }

    pub fn place(self) -> Place {
        self.place.get_value()
    }

    /// Whether progress is kept for whoever looks.
    pub fn learns(self) -> bool {
        self.course.with_value(|course| course.learner.is_some())
    }

    /// The address of the lesson's video, where it is a file.
    pub fn film(self) -> Option<String> {
        self.content.with(|content| match content.as_ref().ok()?.video.as_ref()? {
            Video::File { src } => Some(src.clone()),
            Video::Frame { .. } => None,
        })
    }

    /// A video's length is known: it goes to where it was left, and on if the one before led to it.
    pub fn begin(self, playback: Playback) {
        let lesson =
            self.content.with_untracked(|content| content.as_ref().ok().map(|lesson| (lesson.id, lesson.position)));
        let Some((id, position)) = lesson else { return };
        if self.begun.get_value() == Some(id) {
            return;
        }
        self.begun.set_value(Some(id));
        let length = playback.duration.get_untracked();
        if position > 0 && (length == 0 || position + NEARLY_OVER < length) {
            playback.seek(position);
        }
        if self.playing.try_update_value(std::mem::take) == Some(true) {
            playback.play();
        }
    }

    /// The lesson whose video plays, once it is where it was left.
    pub fn begun(self) -> Option<LessonId> {
        self.begun.get_value().filter(|begun| self.current.get_untracked() == Some(*begun))
    }

    /// The lesson after this one, with its name.
    pub fn next(self) -> Option<(LessonId, String)> {
        self.place.with_value(|place| place.next.clone())
    }

    /// Opens the lesson after this one, or before it.
    pub fn step(self, after: bool) {
        let beside = self.place.with_value(|place| if after { place.next.clone() } else { place.previous.clone() });
        if let Some((lesson, _)) = beside {
            self.go(lesson, true);
        }
    }

    /// Opens the lesson after this one; if it has a video, that plays.
    pub fn go_on(self) {
        self.playing.set_value(true);
        self.step(true);
    }

    /// Takes a click on a link to a lesson of this course; leaves every other, and those that ask for a window of
    /// their own.
    pub fn follow(self, event: &MouseEvent) {
        let plain =
            event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if !plain || event.default_prevented() {
            return;
        }
        let link = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("a[href]").ok()?);
        let Some(lesson) = link.and_then(|link| self.lesson_at(&link.get_attribute("href")?)) else { return };
        event.prevent_default();
        self.go(lesson, true);
    }

    fn back_or_forward(self) {
        let path = window().location().pathname().unwrap_or_default();
        match self.lesson_at(&path) {
            // The address changed within the lesson.
            lesson if lesson.is_some() && lesson == self.current.get_untracked() => {}
            Some(lesson) => self.go(lesson, false),
            None => _ = window().location().reload(),
        }
    }

    /// The lesson of this course that a path leads to.
    fn lesson_at(self, path: &str) -> Option<LessonId> {
        path.strip_prefix(&self.path(""))?.parse().ok()
    }

    pub fn path(self, lesson: &str) -> String {
        format!("/courses/{}/lessons/{lesson}", self.course.with_value(|course| course.id))
    }

    /// Shows a lesson once it was answered; `push` makes it a step of the browser's history. Without an answer it is
    /// shown as it was seen before; what cannot be loaded here is left to the browser, which says why.
    fn go(self, lesson: LessonId, push: bool) {
        let step = self.steps.try_update_value(|steps| {
            *steps += 1;
            *steps
        });
        let path = self.path(&lesson.to_string());
        let course = self.course.with_value(|course| course.id);
        spawn_local(async move {
            let answer = Call::form::<GetLesson>(format!("course={course}&lesson={lesson}")).send().await;
            if self.steps.try_get_value() != step {
                return;
            }
            let found = match answer {
                Ok(json) => serde_json::from_str::<Lesson>(&json).ok(),
                Err(AppError::Unavailable) => self.seen.with_value(|seen| seen.get(&lesson).cloned()),
                Err(_) => None,
            };
            match found {
                Some(lesson) => self.arrive(lesson, push.then_some(path)),
                None => _ = window().location().assign(&path),
            }
        });
    }

    fn arrive(self, lesson: Lesson, path: Option<String>) {
        let title = self.course.with_value(|course| document_title(&course.title, &lesson.name));
        document().set_title(&format!("{title} · Lectern"));
        if let (Some(path), Ok(history)) = (&path, window().history()) {
            _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
        }
        self.leave();
        let id = lesson.id;
        self.place.set_value(rows::place(id));
        self.completing.show(id, lesson.completed);
        self.current.set(Some(id));
        self.content.set(Ok(lesson));
        self.completing.mark();
        rows::show_current(id);
        if path.is_some() {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        // A reader who listens is where the lesson begins, as after loading a page.
        let main = document().get_element_by_id("main").and_then(|main| main.dyn_into::<HtmlElement>().ok());
        if let Some(main) = main {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            _ = main.focus_with_options(&options);
        }
    }

    /// The drawer closes, and the lesson that is left is kept as it is now.
    fn leave(self) {
        if let Ok(Some(drawer)) = document().query_selector("#outline:popover-open")
            && let Some(drawer) = drawer.dyn_ref::<HtmlElement>()
        {
            _ = drawer.hide_popover();
        }
        if let Ok(lesson) = self.content.get_untracked() {
            self.seen.update_value(|seen| _ = seen.insert(lesson.id, lesson));
        }
    }
}
