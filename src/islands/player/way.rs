//! The way from lesson to lesson without leaving the player: the page of the next one is fetched without its outline,
//! and its text takes the place of this one's.

use super::super::part;
use super::complete::Completing;
use super::memory::Bookmark;
use super::notes::Notes;
use super::page::{Open, PARTS};
use super::playback::Playback;
use super::{prose, rows};
use crate::components::live::{effect, on_document, on_window, spawn};
use crate::domain::id::{CourseId, LessonId};
use crate::domain::lesson::Captions;
use js_sys::{Function, Promise, Reflect};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::collections::HashMap;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, Event, FocusOptions, HtmlElement};

/// A video that was left this near its end begins anew, in seconds.
const NEARLY_OVER: u32 = 5;
/// A text that was read less is at its start, one that was read more is read, in thousandths.
const BEGUN: std::ops::Range<u32> = 40..960;
/// Milliseconds for which a page that was fetched ahead is as good as one that is fetched now.
const FRESH: f64 = 15_000.0;
/// Milliseconds after which a page that was asked for ahead and did not come is asked for again.
const PATIENCE: f64 = 2_000.0;

#[derive(Clone, Copy)]
pub struct Way {
    course: CourseId,
    completing: Completing,
    bookmark: Bookmark,
    notes: Notes,
    pub film: RwSignal<String>,
    pub captions: RwSignal<Vec<Captions>>,
    /// The open lesson.
    current: RwSignal<LessonId>,
    /// Where its video was left, in seconds.
    position: StoredValue<u32>,
    /// Pages of lessons that were shown or are about to be.
    seen: StoredValue<HashMap<LessonId, String>>,
    /// The page that was fetched last, and when it was asked for; empty while it is on its way.
    fetched: StoredValue<Option<(LessonId, String, f64)>>,
    /// The lesson that somebody asked for and that is not shown yet, and whether it is a step of the browser's history.
    awaited: StoredValue<Option<(LessonId, bool)>>,
    /// Whether the next video starts by itself: the one before led to it.
    playing: StoredValue<bool>,
    /// The lesson whose video was brought to where it was left, and where that came from: a stream is fed from elsewhere
    /// once its feeder is there.
    begun: StoredValue<Option<(LessonId, String)>>,
}

impl Way {
    /// Starts at the lesson that the page was loaded with.
    pub fn from(course: CourseId, completing: Completing, bookmark: Bookmark, notes: Notes, open: Open) -> Self {
        let way = Self {
            course,
            completing,
            bookmark,
            notes,
            film: RwSignal::new(open.film),
            captions: RwSignal::new(open.captions),
            current: RwSignal::new(open.lesson),
            position: StoredValue::new(0),
            seen: StoredValue::new(HashMap::new()),
            fetched: StoredValue::new(None),
            awaited: StoredValue::new(None),
            playing: StoredValue::new(false),
            begun: StoredValue::new(None),
        };
        on_window("popstate", move |_| way.back_or_forward());
        for intent in ["mouseover", "focusin", "touchstart"] {
            on_document(intent, move |event| way.look_ahead(&event));
        }
        effect(move || {
            let text = document().get_element_by_id(PARTS[0]);
            if let Some(open) = text.and_then(|text| Open::read(&text)) {
                way.take_up(&open);
            }
            request_animation_frame(move || rows::show_current(way.current.get_untracked()));
        });
        way
    }

    /// A video's length is known: it goes to where it was left, and on if the one before led to it.
    pub fn begin(self, playback: Playback) {
        let id = self.current.get_untracked();
        let film = playback.element().map(|video| video.current_src()).unwrap_or_default();
        let begins = Some((id, film));
        if self.begun.get_value() == begins {
            return;
        }
        self.begun.set_value(begins);
        let (position, length) = (self.position.get_value(), playback.duration.get_untracked());
        if position > 0 && (length == 0 || position + NEARLY_OVER < length) {
            playback.seek(position);
        }
        if self.playing.try_update_value(std::mem::take) == Some(true) {
            playback.play();
        }
    }

    /// The open lesson.
    pub fn lesson(self) -> RwSignal<LessonId> {
        self.current
    }

    /// Where the open lesson's video was left, in seconds.
    pub fn position(self) -> u32 {
        self.position.get_value()
    }

    /// Whether the video that comes next starts by itself.
    pub fn is_playing(self) -> bool {
        self.playing.get_value()
    }

    /// Whether the open lesson's video is where it was left, or further.
    pub fn has_begun(self) -> bool {
        self.begun.with_value(|begun| begun.as_ref().is_some_and(|(lesson, _)| *lesson == self.current.get_untracked()))
    }

    /// The name of the lesson after this one.
    pub fn next(self) -> Option<String> {
        Some(beside("next")?.text_content()?.strip_prefix("Next")?.to_owned())
    }

    /// Opens the lesson after this one, or before it.
    pub fn step(self, after: bool) {
        let link = beside(if after { "next" } else { "prev" });
        if let Some(lesson) = link.and_then(|link| self.lesson_at(&link.get_attribute("href")?)) {
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

    /// Whoever points at a neighbour is about to open it: its page is fetched then.
    fn look_ahead(self, event: &Event) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("#neighbours a").ok().flatten());
        let Some(lesson) = link.and_then(|link| self.lesson_at(&link.get_attribute("href")?)) else { return };
        if self.fetched(lesson).is_none() {
            self.fetch(lesson);
        }
    }

    /// The page of a lesson that was asked for a moment ago; empty where it is on its way.
    fn fetched(self, lesson: LessonId) -> Option<String> {
        let now = js_sys::Date::now();
        let fits = |(fetched, page, at): &(LessonId, String, f64)| {
            *fetched == lesson && now - at < if page.is_empty() { PATIENCE } else { FRESH }
        };
        Some(self.fetched.get_value().filter(fits)?.1)
    }

    /// Fetches a lesson's page, and shows it if somebody waits for it by then.
    fn fetch(self, lesson: LessonId) {
        let now = js_sys::Date::now();
        self.fetched.set_value(Some((lesson, String::new(), now)));
        spawn(async move {
            let page = part::fetch(&self.path(&lesson.to_string())).await.ok();
            if self.awaited.try_get_value().flatten().is_some_and(|(awaited, _)| awaited == lesson) {
                self.show(lesson, page);
            } else {
                self.fetched.try_set_value(page.map(|page| (lesson, page, now)));
            }
        });
    }

    fn back_or_forward(self) {
        let path = window().location().pathname().unwrap_or_default();
        match self.lesson_at(&path) {
            // The address changed within the lesson, or came back to it.
            Some(lesson) if lesson == self.current.get_untracked() => self.awaited.set_value(None),
            Some(lesson) => self.go(lesson, false),
            None => _ = window().location().reload(),
        }
    }

    /// The lesson of this course that a path leads to.
    fn lesson_at(self, path: &str) -> Option<LessonId> {
        path.strip_prefix(&self.path(""))?.parse().ok()
    }

    fn path(self, lesson: &str) -> String {
        format!("/courses/{}/lessons/{lesson}", self.course)
    }

    /// Shows a lesson once its page is there; `push` makes it a step of the browser's history. Of several that were
    /// asked for, the last one is shown.
    fn go(self, lesson: LessonId, push: bool) {
        self.awaited.set_value(Some((lesson, push)));
        match self.fetched(lesson) {
            None => self.fetch(lesson),
            Some(page) if page.is_empty() => {}
            page => self.show(lesson, page),
        }
    }

    /// Shows the lesson that is waited for. Without an answer it is shown as it was seen before; what cannot be loaded
    /// here is left to the browser, which says why.
    fn show(self, lesson: LessonId, page: Option<String>) {
        let push = self.awaited.try_update_value(Option::take).flatten().is_some_and(|(_, push)| push);
        let seen = || self.seen.with_value(|seen| seen.get(&lesson).cloned());
        let page = page.or_else(seen).and_then(|html| part::parse(&html));
        let path = self.path(&lesson.to_string());
        crossing(move || {
            // What was shown once is asked for anew the next time.
            self.fetched.set_value(None);
            if self.current.get_untracked() == lesson {
                return;
            }
            if page.is_none_or(|page| self.arrive(&page, push.then_some(&path)).is_none()) {
                _ = window().location().assign(&path);
            }
        });
    }

    /// Puts a lesson into the page; none where what came is no lesson.
    fn arrive(self, page: &Document, path: Option<&String>) -> Option<()> {
        let open = Open::read(&page.get_element_by_id(PARTS[0])?)?;
        self.leave();
        for part in PARTS {
            let (fresh, old) = (page.get_element_by_id(part)?, document().get_element_by_id(part)?);
            old.replace_with_with_node_1(&fresh).ok()?;
        }
        document().set_title(&page.title());
        if let (Some(path), Ok(history)) = (path, window().history()) {
            _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
        }
        let taken = open.clone();
        self.begun.set_value(None);
        self.completing.show(open.lesson, open.completed);
        self.current.set(open.lesson);
        self.captions.set(open.captions);
        self.film.set(open.film);
        rows::show_current(open.lesson);
        if path.is_some() {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        self.take_up(&taken);
        // A reader who listens is where the lesson begins, as after loading a page.
        let main = document().get_element_by_id("main").and_then(|main| main.dyn_into::<HtmlElement>().ok());
        if let Some(main) = main {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            _ = main.focus_with_options(&options);
        }
        Some(())
    }

    /// Goes on where the lesson was left: its video when that is loaded, its text at once, if there is much of it.
    fn take_up(self, open: &Open) {
        prose::dress();
        self.position.set_value(open.position);
        self.bookmark.open(open.lesson, open.position, open.read);
        let begun = BEGUN.contains(&open.read) && !open.completed;
        let read = f64::from(open.read);
        if begun && window().location().hash().is_ok_and(|hash| hash.is_empty()) {
            request_animation_frame(move || {
                if let Some(way) = scroll_way() {
                    window().scroll_to_with_x_and_y(0.0, way * read / 1000.0);
                }
            });
        }
    }

    /// The drawer closes, and the lesson that is left is kept as it is now, with what was typed and where it is left.
    fn leave(self) {
        self.notes.leave();
        if let Some(text) = document().get_element_by_id(PARTS[0]) {
            let (seconds, read) = self.bookmark.place();
            _ = text.set_attribute("data-position", &seconds.to_string());
            _ = text.set_attribute("data-read", &read.to_string());
        }
        if let Ok(Some(drawer)) = document().query_selector("#outline:popover-open")
            && let Some(drawer) = drawer.dyn_ref::<HtmlElement>()
        {
            _ = drawer.hide_popover();
        }
        let parts: Option<String> =
            PARTS.iter().map(|part| Some(document().get_element_by_id(part)?.outer_html())).collect();
        if let Some(parts) = parts {
            let title = document().query_selector("title").ok().flatten().map(|title| title.outer_html());
            let page = title.unwrap_or_default() + &parts;
            self.seen.update_value(|seen| _ = seen.insert(self.current.get_untracked(), page));
        }
    }
}

/// Changes the page; where the browser has view transitions, what was there goes over into what is. What fills the
/// screen stays as it is meanwhile.
fn crossing(change: impl FnOnce() + 'static) {
    let change: Function = Closure::once_into_js(change).unchecked_into();
    let start = Reflect::get(&document(), &"startViewTransition".into()).unwrap_or_default();
    match start.dyn_into::<Function>() {
        Ok(start) if document().fullscreen_element().is_none() => {
            let crossing = start.call1(&document(), &change).unwrap_or_default();
            // It is told when it cannot be shown, and nobody minds.
            let ready = Reflect::get(&crossing, &"ready".into()).unwrap_or_default();
            spawn(async move { _ = JsFuture::from(ready.unchecked_into::<Promise>()).await });
        }
        _ => _ = change.call0(&JsValue::NULL),
    }
}

/// How far the page scrolls, in pixels; none where it is short enough to be read at a glance or two.
pub fn scroll_way() -> Option<f64> {
    let page = f64::from(document().document_element()?.scroll_height());
    let view = window().inner_height().ok()?.as_f64()?;
    (page > 2.5 * view).then_some(page - view)
}

/// The link to the lesson before or after this one.
fn beside(rel: &str) -> Option<Element> {
    document().query_selector(&format!("#neighbours a[rel={rel}]")).ok()?
}
