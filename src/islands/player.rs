//! The player: a lesson, its course's outline beside it, and what is completed. It outlives the lesson: going on to
//! another of the course asks for that one alone, and everything around it stays as it is.

mod complete;
mod ending;
mod keys;
mod memory;
mod playback;
mod rows;
mod stage;
mod transcript;
mod way;

use super::form::FormTarget;
use crate::components::error_words::ErrorWords;
use crate::components::icon::{Icon, IconView};
use crate::components::live::live;
use crate::components::progress::ProgressBar;
use crate::components::video::VideoFrame;
use crate::domain::id::{CourseId, LessonId, UserId};
use crate::domain::lesson::LessonPage as Lesson;
use crate::domain::outline::{Outline, Place};
use crate::domain::progress::Progress;
use crate::error::AppError;
use complete::{Completing, LessonBar};
use ending::Ending;
use keys::Keys;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use memory::Bookmark;
use playback::Playback;
use serde::{Deserialize, Serialize};
use stage::Stage;
use way::Way;

/// What the player knows of the course that it shows a lesson of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Course {
    id: CourseId,
    title: String,
    /// Whose progress is kept, if anybody's.
    learner: Option<UserId>,
    /// Where the course is to be had, for someone who has no access to it.
    way_in: Option<(String, String)>,
}

impl Course {
    pub fn of(outline: &Outline, viewer: Option<UserId>) -> Self {
        let learner = viewer.filter(|_| outline.standing.keeps_progress());
        let product = outline.sold_in.filter(|_| learner.is_none());
        Self {
            id: outline.course_id,
            title: outline.title.clone(),
            learner,
            way_in: product.map(|product| (format!("/products/{product}"), "See the whole course".to_owned())),
        }
    }
}

#[island(lazy)]
pub fn Player(
    course: Course,
    progress: Progress,
    /// The lesson of the page's address, or why it cannot be opened.
    lesson: Result<Lesson, AppError>,
    /// Where that lesson stands in the outline.
    place: Place,
    /// Of the form that marks a lesson completed.
    complete: FormTarget,
    /// The course's outline.
    children: Children,
) -> impl IntoView {
    let course = StoredValue::new(course);
    let first = lesson.as_ref().ok().map(|lesson| (lesson.id, lesson.completed));
    let completing = Completing::of(course, progress, first);
    let way = Way::from(course, completing, lesson, place);
    let complete = StoredValue::new(complete);
    let (playback, ending) = film(way, course);
    let has_film = Memo::new(move |_| way.film().is_some());
    let src = Signal::derive(move || way.film().unwrap_or_default());
    let title = Signal::derive(move || way.content().map(|lesson| lesson.name).unwrap_or_default());
    let captions = Memo::new(move |_| way.content().map(|lesson| lesson.captions).unwrap_or_default());
    let stage = live(move || match has_film.get() {
        true => view! { <Stage playback ending src title captions=captions.into() /> }.into_any(),
        false => ().into_any(),
    });
    let body = live(move || match way.content() {
        Ok(lesson) => view! { <LessonBody lesson way complete /> }.into_any(),
        Err(error) => {
            view! { <ErrorWords error way_on=course.with_value(|course| course.way_in.clone()) /> }.into_any()
        }
    });
    let click = move |event: MouseEvent| match transcript::asked(&event) {
        Some(millis) => playback.seek_millis(millis),
        None => way.follow(&event),
    };
    view! {
        <div class="player" on:click=click>
            <PlayerBar way />
            <Sidebar way>{children()}</Sidebar>
            <main class="lesson" id="main" tabindex="-1">{stage}{body}</main>
            <Keys playback way />
        </div>
    }
}

/// The video, what follows at its end, and where it is left.
fn film(way: Way, course: StoredValue<Course>) -> (Playback, Ending) {
    let (playback, ending, bookmark) = (Playback::new(), Ending::new(way), Bookmark::new(course));
    playback.hear(move |event| match event {
        "loadedmetadata" => way.begin(playback),
        "play" => ending.cancel(),
        "timeupdate" | "pause" | "seeked" => {
            transcript::follow(playback.millis());
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
pub fn document_title(course: &str, lesson: &str) -> String {
    format!("{lesson} · {course}")
}

/// On a phone: the way to the outline, and how far one is.
#[component]
fn PlayerBar(way: Way) -> impl IntoView {
    let percent = Signal::derive(move || match way.learns() {
        true => format!("{} %", way.completing.progress.get().percent()),
        false => String::new(),
    });
    view! {
        <section class="player-bar" aria-label="Where you are">
            <button class="button button--small" type="button" popovertarget="outline">
                <IconView icon=Icon::Menu />
                "Outline"
            </button>
            <span>{way.course.with_value(|course| course.title.clone())}</span>
            <span class="muted">{percent}</span>
        </section>
    }
    .into_any()
}

/// One element: beside the lesson where there is room, a drawer where there is not.
#[component]
fn Sidebar(way: Way, children: Children) -> impl IntoView {
    let progress = way
        .learns()
        .then(|| view! { <ProgressBar progress=way.completing.progress label="Progress in this course" /> });
    let (href, title) = way.course.with_value(|course| (format!("/courses/{}", course.id), course.title.clone()));
    view! {
        <aside class="outline" id="outline" aria-label="Course outline" popover="auto">
            <div class="outline-head">
                <a href=href>{title}</a>
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
            <nav aria-label="Lessons">{children()}</nav>
        </aside>
    }
    .into_any()
}

#[component]
fn LessonBody(lesson: Lesson, way: Way, complete: StoredValue<FormTarget>) -> impl IntoView {
    let id = lesson.id;
    let bar = if way.learns() {
        // What was refused before the page was loaded is said once, at the lesson that it was about.
        let target = complete.get_value();
        complete.update_value(FormTarget::forget);
        view! { <LessonBar completing=way.completing target lesson=id /> }.into_any()
    } else {
        view! { <Offer way /> }.into_any()
    };
    let place = way.place();
    let transcript = (!lesson.transcript.is_empty()).then(|| {
        view! {
            <details class="transcript" open>
                <summary>"Transcript"</summary>
                <ol role="list" tabindex="0" aria-label="Transcript" inner_html=lesson.transcript></ol>
            </details>
        }
        .into_any()
    });
    let attachments = (!lesson.attachments.is_empty()).then(|| {
        view! {
            <section class="attachments" aria-label="Files">
                <ul role="list" inner_html=lesson.attachments></ul>
            </section>
        }
        .into_any()
    });
    view! {
        {lesson.video.map(|video| view! { <VideoFrame video title=lesson.name.clone() /> })}
        <header class="lesson-head">
            <p class="lesson-place">{place.section.clone()}</p>
            <h1>{lesson.name}</h1>
        </header>
        {transcript}
        {(!lesson.html.is_empty()).then(|| view! { <div class="prose" inner_html=lesson.html></div> })}
        {attachments}
        {bar}
        <Neighbours way place />
    }
    .into_any()
}

/// To someone who reads a preview: where progress would be kept.
#[component]
fn Offer(way: Way) -> impl IntoView {
    way.course.with_value(|course| course.way_in.clone()).map(|(href, text)| {
        view! {
            <div class="lesson-bar" data-state="open">
                <a class="button button--primary" href=href>{text}</a>
            </div>
        }
    })
}

/// The lessons before and after this one, across sections.
#[component]
fn Neighbours(way: Way, place: Place) -> impl IntoView {
    let link = |neighbour: Option<(LessonId, String)>| neighbour.map(|(id, name)| (way.path(&id.to_string()), name));
    let (previous, next) = (link(place.previous), link(place.next));
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
