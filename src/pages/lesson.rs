//! The player: a lesson, its course's outline beside it, and what is completed.

mod complete;

use super::load::{Loading, load, show_or};
use super::params;
use crate::api::player::{GetLesson, GetOutline};
use crate::components::error_view::ErrorView;
use crate::components::icon::{Icon, IconView};
use crate::components::outline::{Completions, OutlineView};
use crate::components::progress::ProgressBar;
use crate::components::video::VideoView;
use crate::domain::id::{CourseId, LessonId};
use crate::domain::lesson::LessonPage as Lesson;
use crate::domain::outline::Outline;
use crate::domain::progress::Progress;
use complete::LessonBar;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use wasm_bindgen::JsCast;

/// The outline is loaded once a course and outlives the lessons: moving on asks for the next lesson alone.
#[component]
pub fn LessonPage() -> impl IntoView {
    let (course, lesson) = (params::argument("course", "course"), params::argument("lesson", "lesson"));
    let outline = load::<GetOutline>(course);
    let content = load::<GetLesson>(move || format!("{}&{}", course(), lesson()));
    let lesson = params::text("lesson");
    let current = Signal::derive(move || lesson().parse().ok());
    follow_current(current);
    let page = move || {
        Suspend::new(async move {
            match outline.load().await {
                Ok(outline) => view! { <Player outline content current /> }.into_any(),
                Err(error) => {
                    view! { <main class="page" id="main" tabindex="-1"><ErrorView error /></main> }.into_any()
                }
            }
        })
    };
    view! { <Transition fallback=|| view! { <main class="page" id="main" tabindex="-1"></main> }>{page}</Transition> }
}

#[component]
fn Player(outline: Outline, content: Loading<Lesson>, current: Signal<Option<LessonId>>) -> impl IntoView {
    let completions = Completions::of(&outline);
    let outline = StoredValue::new(outline);
    let lessons: Vec<_> = outline.with_value(|outline| outline.lessons().cloned().collect());
    let progress = Memo::new(move |_| completions.progress(&lessons));
    let place = Place { outline, completions, progress };
    view! {
        <div class="player">
            <PlayerBar place />
            <Sidebar place current />
            <main class="lesson" id="main" tabindex="-1">
                {show_or(
                    content,
                    move |lesson| view! { <LessonBody lesson place /> }.into_any(),
                    move |error| view! { <ErrorView error way_on=place.way_in() /> }.into_any(),
                )}
            </main>
        </div>
    }
}

/// What the parts of the player share.
#[derive(Clone, Copy)]
pub struct Place {
    outline: StoredValue<Outline>,
    completions: Completions,
    progress: Memo<Progress>,
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

    fn keeps_progress(self) -> bool {
        self.outline.with_value(|outline| outline.standing.keeps_progress())
    }
}

/// On a phone: the way to the outline, and how far one is.
#[component]
fn PlayerBar(place: Place) -> impl IntoView {
    let percent = move || place.keeps_progress().then(|| format!("{} %", place.progress.get().percent()));
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
        <Title text=format!("{} · {}", lesson.name, place.title()) />
        {lesson.video.map(|video| view! { <VideoView video title=lesson.name.clone() /> })}
        <header class="lesson-head">
            <p class="lesson-place">{section}</p>
            <h1>{lesson.name}</h1>
        </header>
        <div class="prose" inner_html=lesson.html></div>
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
        let of = |lesson: &crate::domain::outline::OutlineLesson| {
            (format!("/courses/{course}/lessons/{}", lesson.id), lesson.name.clone())
        };
        (outline.previous(lesson).map(of), outline.next(lesson).map(of))
    });
    view! {
        <nav class="lesson-nav" aria-label="Lessons before and after">
            {previous
                .map(|(href, name)| {
                    view! { <A href=href attr:rel="prev"><span><IconView icon=Icon::ArrowLeft />"Previous"</span>{name}</A> }
                })}
            {next
                .map(|(href, name)| {
                    view! { <A href=href attr:rel="next"><span>"Next"<IconView icon=Icon::ArrowRight /></span>{name}</A> }
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
