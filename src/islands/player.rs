//! The player: a lesson, its course's outline beside it, and what is completed. It outlives the lesson: going on to
//! another of the course asks for that one alone, and everything around it stays as it is.

mod complete;
mod ending;
mod keys;
mod memory;
mod playback;
mod stage;
mod way;

use super::form::FormTarget;
use crate::components::error_words::ErrorWords;
use crate::components::icon::{Icon, IconView};
use crate::components::live::live;
use crate::components::outline::{Completions, OutlineView};
use crate::components::progress::ProgressBar;
use crate::components::video::VideoFrame;
use crate::domain::id::{CourseId, LessonId};
use crate::domain::lesson::LessonPage as Lesson;
use crate::domain::outline::{Outline, OutlineLesson};
use crate::domain::progress::Progress;
use crate::error::AppError;
use complete::LessonBar;
use ending::Ending;
use keys::Keys;
use leptos::prelude::*;
use memory::Bookmark;
use playback::Playback;
use stage::Stage;
use wasm_bindgen::JsCast;
use way::Way;

#[island(lazy)]
pub fn Player(
    outline: Outline,
    /// The lesson of the page's address, or why it cannot be opened.
    lesson: Result<Lesson, AppError>,
    /// Of the form that marks a lesson completed.
    complete: FormTarget,
) -> impl IntoView {
    let completions = Completions::of(&outline);
    let outline = StoredValue::new(outline);
    let lessons: Vec<_> = outline.with_value(|outline| outline.lessons().cloned().collect());
    let progress = Memo::new(move |_| completions.progress(&lessons));
    let place = Place { outline, completions, progress, complete: StoredValue::new(complete) };
    let way = Way::from(place, lesson);
    let current = way.current();
    follow_current(current);
    let (playback, ending) = film(way, place);
    let has_film = Memo::new(move |_| way.film().is_some());
    let src = Signal::derive(move || way.film().unwrap_or_default());
    let title = Signal::derive(move || way.content().map(|lesson| lesson.name).unwrap_or_default());
    let stage = live(move || match has_film.get() {
        true => view! { <Stage playback ending src title /> }.into_any(),
        false => ().into_any(),
    });
    let body = live(move || match way.content() {
        Ok(lesson) => view! { <LessonBody lesson place /> }.into_any(),
        Err(error) => view! { <ErrorWords error way_on=place.way_in() /> }.into_any(),
    });
    view! {
        <div class="player" on:click=move |event| way.follow(&event)>
            <PlayerBar place />
            <Sidebar place current />
            <main class="lesson" id="main" tabindex="-1">{stage}{body}</main>
            <Keys playback way />
        </div>
    }
}

/// The video, what follows at its end, and where it is left.
fn film(way: Way, place: Place) -> (Playback, Ending) {
    let (playback, ending, bookmark) = (Playback::new(), Ending::new(way), Bookmark::new(place));
    playback.hear(move |event| match event {
        "loadedmetadata" => way.begin(playback),
        "play" => ending.cancel(),
        "timeupdate" | "pause" => {
            if let Some(lesson) = way.begun() {
                bookmark.note(lesson, playback.time.get_untracked());
            }
        }
        "ended" => {
            if let Some(lesson) = way.begun() {
                bookmark.note(lesson, 0);
            }
            ending.count_down();
        }
        _ => {}
    });
    (playback, ending)
}

/// What the browser's tab says of a lesson.
pub fn document_title(outline: &Outline, lesson: &Lesson) -> String {
    format!("{} · {}", lesson.name, outline.title)
}

/// What the parts of the player share.
#[derive(Clone, Copy)]
pub struct Place {
    outline: StoredValue<Outline>,
    completions: Completions,
    progress: Memo<Progress>,
    complete: StoredValue<FormTarget>,
}

impl Place {
    fn course(self) -> CourseId {
        self.outline.with_value(|outline| outline.course_id)
    }

    fn title(self) -> String {
        self.outline.with_value(|outline| outline.title.clone())
    }

    /// Where the course is to be had, for someone who has no access to it.
    fn way_in(self) -> Option<(String, String)> {
        let product = self.outline.with_value(|outline| outline.sold_in.filter(|_| !outline.standing.keeps_progress()));
        product.map(|product| (format!("/products/{product}"), "See the whole course".to_owned()))
    }

    /// Where the form goes that marks a lesson completed. What was refused before the page was loaded is said once, at
    /// the lesson that it was about.
    fn take_complete(self) -> FormTarget {
        let target = self.complete.get_value();
        self.complete.update_value(FormTarget::forget);
        target
    }

    fn keeps_progress(self) -> bool {
        self.outline.with_value(|outline| outline.standing.keeps_progress())
    }
}

/// On a phone: the way to the outline, and how far one is.
#[component]
fn PlayerBar(place: Place) -> impl IntoView {
    let percent = Signal::derive(move || match place.keeps_progress() {
        true => format!("{} %", place.progress.get().percent()),
        false => String::new(),
    });
    view! {
        <section class="player-bar" aria-label="Where you are">
            <button class="button button--small" type="button" popovertarget="outline">
                <IconView icon=Icon::Menu />
                "Outline"
            </button>
            <span>{place.title()}</span>
            <span class="muted">{percent}</span>
        </section>
    }
    .into_any()
}

/// One element: beside the lesson where there is room, a drawer where there is not.
#[component]
fn Sidebar(place: Place, current: Signal<Option<LessonId>>) -> impl IntoView {
    let progress = place
        .keeps_progress()
        .then(|| view! { <ProgressBar progress=place.progress label="Progress in this course" /> });
    let outline = place.outline.get_value();
    let completions = place.completions;
    view! {
        <aside class="outline" id="outline" aria-label="Course outline" popover="auto">
            <div class="outline-head">
                <a href=format!("/courses/{}", place.course())>{place.title()}</a>
                <button
                    class="button button--quiet button--icon button--small"
                    type="button"
                    popovertarget="outline"
                    popovertargetaction="hide"
                    aria-label="Close outline"
                >
                    <IconView icon=Icon::Close />
                </button>
                {progress}
            </div>
            <nav aria-label="Lessons">
                <OutlineView outline completions current />
            </nav>
        </aside>
    }
    .into_any()
}

#[component]
fn LessonBody(lesson: Lesson, place: Place) -> impl IntoView {
    let id = lesson.id;
    let section = place.outline.with_value(|outline| outline.section_of(id).map(|section| section.name.clone()));
    // The outline was loaded before this lesson: what was answered last is what is true.
    place.completions.set(id, lesson.completed);
    let bar = match place.keeps_progress() {
        true => view! { <LessonBar place lesson=id /> }.into_any(),
        false => view! { <Offer place /> }.into_any(),
    };
    view! {
        {lesson.video.map(|video| view! { <VideoFrame video title=lesson.name.clone() /> })}
        <header class="lesson-head">
            <p class="lesson-place">{section}</p>
            <h1>{lesson.name}</h1>
        </header>
        {(!lesson.html.is_empty()).then(|| view! { <div class="prose" inner_html=lesson.html></div> })}
        {bar}
        <Neighbours place lesson=id />
    }
    .into_any()
}

/// To someone who reads a preview: where progress would be kept.
#[component]
fn Offer(place: Place) -> impl IntoView {
    place.way_in().map(|(href, text)| {
        view! {
            <div class="lesson-bar" data-state="open">
                <a class="button button--primary" href=href>{text}</a>
            </div>
        }
    })
}

/// The lessons before and after this one, across sections; what is locked is no neighbour.
#[component]
fn Neighbours(place: Place, lesson: LessonId) -> impl IntoView {
    let course = place.course();
    let (previous, next) = place.outline.with_value(|outline| {
        let of = |lesson: &OutlineLesson| (format!("/courses/{course}/lessons/{}", lesson.id), lesson.name.clone());
        (outline.previous(lesson).map(of), outline.next(lesson).map(of))
    });
    view! {
        <nav class="lesson-nav" aria-label="Lessons before and after">
            {previous
                .map(|(href, name)| {
                    view! { <a href=href rel="prev"><span><IconView icon=Icon::ArrowLeft />"Previous"</span>{name}</a> }
                })}
            {next
                .map(|(href, name)| {
                    view! { <a href=href rel="next"><span>"Next"<IconView icon=Icon::ArrowRight /></span>{name}</a> }
                })}
        </nav>
    }
    .into_any()
}

/// After a move to another lesson: the drawer closes, and the outline shows where one is.
fn follow_current(current: Signal<Option<LessonId>>) {
    Effect::new(move |_| {
        current.track();
        request_animation_frame(|| {
            let Some(outline) = document().get_element_by_id("outline") else { return };
            if outline.matches(":popover-open").unwrap_or(false)
                && let Some(drawer) = outline.dyn_ref::<web_sys::HtmlElement>()
            {
                _ = drawer.hide_popover();
            }
            if let Ok(Some(row)) = outline.query_selector("[aria-current=page]") {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                row.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    });
}
