//! The way from lesson to lesson without leaving the player.

use super::{Place, document_title};
use crate::api::player::GetLesson;
use crate::api::submit::Call;
use crate::domain::id::LessonId;
use crate::domain::lesson::LessonPage as Lesson;
use crate::error::AppError;
use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, FocusOptions, HtmlElement};

#[derive(Clone, Copy)]
pub struct Way {
    place: Place,
    content: RwSignal<Result<Lesson, AppError>>,
    current: RwSignal<Option<LessonId>>,
    /// Counts the steps: only the last one that was asked for is taken.
    steps: StoredValue<u32>,
}

impl Way {
    /// Starts at the lesson that the page was loaded with.
    pub fn from(place: Place, lesson: Result<Lesson, AppError>) -> Self {
        let current = lesson.as_ref().ok().map(|lesson| lesson.id);
        let way =
            Self { place, content: RwSignal::new(lesson), current: RwSignal::new(current), steps: StoredValue::new(0) };
        Effect::new(move |_| {
            let back = window_event_listener(ev::popstate, move |_| way.back_or_forward());
            on_cleanup(move || back.remove());
        });
        way
    }

    pub fn content(self) -> Result<Lesson, AppError> {
        self.content.get()
    }

    pub fn current(self) -> Signal<Option<LessonId>> {
        self.current.into()
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

    fn path(self, lesson: &str) -> String {
        format!("/courses/{}/lessons/{lesson}", self.place.course())
    }

    /// Shows a lesson once it was answered; `push` makes it a step of the browser's history. What cannot be loaded
    /// here is left to the browser, which says why.
    fn go(self, lesson: LessonId, push: bool) {
        let step = self.steps.try_update_value(|steps| {
            *steps += 1;
            *steps
        });
        let path = self.path(&lesson.to_string());
        spawn_local(async move {
            let answer =
                Call::form::<GetLesson>(format!("course={}&lesson={lesson}", self.place.course())).send().await;
            if self.steps.try_get_value() != step {
                return;
            }
            match answer.ok().and_then(|json| serde_json::from_str::<Lesson>(&json).ok()) {
                Some(lesson) => self.arrive(lesson, push.then_some(path)),
                None => _ = window().location().assign(&path),
            }
        });
    }

    fn arrive(self, lesson: Lesson, path: Option<String>) {
        let title = self.place.outline.with_value(|outline| document_title(outline, &lesson));
        document().set_title(&format!("{title} · Lectern"));
        if let (Some(path), Ok(history)) = (&path, window().history()) {
            _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
        }
        self.current.set(Some(lesson.id));
        self.content.set(Ok(lesson));
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
}
