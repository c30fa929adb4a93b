//! What changes from lesson to lesson, as HTML that the player puts into the page.

use crate::components::icon::{Icon, IconView};
use crate::domain::id::{CourseId, LessonId};
use crate::domain::lesson::LessonPage as Lesson;
use crate::domain::outline::{Outline, Place};
use leptos::prelude::*;

/// A lesson's text and what belongs to it. What the player needs to know of the lesson stands in its attributes.
#[component]
pub fn LessonText(lesson: Lesson, section: String) -> impl IntoView {
    let tracks = lesson.captions.into_iter().map(|track| {
        view! { <data value=track.src lang=track.language hidden>{track.label}</data> }
    });
    let tracks = tracks.collect_view();
    let transcript = (!lesson.transcript.is_empty()).then(|| {
        view! {
            <details class="transcript" open>
                <summary>"Transcript"</summary>
                <ol role="list" tabindex="0" aria-label="Transcript" inner_html=lesson.transcript></ol>
            </details>
        }
    });
    let text = (!lesson.html.is_empty()).then(|| view! { <div class="prose" inner_html=lesson.html></div> });
    let attachments = (!lesson.attachments.is_empty()).then(|| {
        view! {
            <section class="attachments" aria-label="Files">
                <ul role="list" inner_html=lesson.attachments></ul>
            </section>
        }
    });
    view! {
        <article
            id="lesson"
            data-lesson=lesson.id.to_string()
            data-completed=lesson.completed.then_some("")
            data-position=lesson.position.to_string()
            data-film=lesson.video.as_ref().map(|video| video.src().to_owned())
        >
            {tracks}
            <header class="lesson-head">
                <p class="lesson-place">{section}</p>
                <h1>{lesson.name}</h1>
            </header>
            {transcript}
            {text}
            {attachments}
        </article>
    }
    .into_any()
}

/// The lessons before and after this one, across sections.
#[component]
pub fn Neighbours(course: CourseId, place: Place) -> impl IntoView {
    let link = |neighbour: Option<(LessonId, String)>| {
        neighbour.map(|(id, name)| (format!("/courses/{course}/lessons/{id}"), name))
    };
    let (previous, next) = (link(place.previous), link(place.next));
    view! {
        <nav class="lesson-nav" id="neighbours" aria-label="Lessons before and after">
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

/// To someone who reads a preview: where progress would be kept.
#[component]
pub fn Offer(outline: Outline) -> impl IntoView {
    way_in(&outline).map(|(href, text)| {
        view! {
            <div class="lesson-bar" data-state="open">
                <a class="button button--primary" href=href>{text}</a>
            </div>
        }
    })
}

/// Where the course is to be had, for someone who has no access to it.
pub fn way_in(outline: &Outline) -> Option<(String, String)> {
    let product = outline.sold_in.filter(|_| !outline.standing.keeps_progress())?;
    Some((format!("/products/{product}"), "See the whole course".to_owned()))
}
