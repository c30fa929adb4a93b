//! What changes from lesson to lesson, as HTML that the player puts into the page.

use super::super::field::typed;
use crate::api::player::SaveNote;
use crate::components::icon::{Icon, IconView};
use crate::domain::id::{CourseId, LessonId};
use crate::domain::lesson::LessonPage as Lesson;
use crate::domain::outline::{Outline, Place};
use crate::domain::validate::DESCRIPTION_MAX;
use crate::domain::video::times;
use crate::islands::form::action;
use crate::islands::player::Here;
use leptos::prelude::*;

/// A lesson's text and what belongs to it. What the player needs to know of the lesson stands in its attributes.
#[component]
pub fn LessonText(here: Here, lesson: Lesson, section: String) -> impl IntoView {
    let Here { course, learner, open } = here;
    let notes = learner.map(|_| view! { <Notes course lesson=lesson.id note=lesson.note.clone() /> });
    let tracks = open.captions.into_iter().map(|track| {
        view! { <data value=track.src lang=track.language hidden>{track.label}</data> }
    });
    let tracks = tracks.collect_view();
    let transcripts = lesson.transcripts.into_iter().enumerate().map(|(at, (language, said))| {
        // The player shows the one in the captions' language.
        view! {
            <ol role="list" tabindex="0" aria-label="Transcript" lang=language hidden={at > 0} inner_html=said></ol>
        }
    });
    let transcripts = transcripts.collect_view();
    let transcript = (!transcripts.is_empty()).then(|| {
        view! {
            <details class="transcript" open>
                <summary>"Transcript"</summary>
                {transcripts}
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
            data-course=course.to_string()
            data-learner=learner.map(|learner| learner.to_string())
            data-lesson=open.lesson.to_string()
            data-completed=open.completed.then_some("")
            data-position=open.position.to_string()
            data-read=open.read.to_string()
            data-film=open.film
        >
            {tracks}
            <header class="lesson-head">
                <p class="lesson-place">{section}</p>
                <h1>{lesson.name}</h1>
            </header>
            {transcript}
            {text}
            {attachments}
            {notes}
        </article>
    }
    .into_any()
}

/// The learner's own words on a lesson; with script they are saved while they are typed.
#[component]
fn Notes(course: CourseId, lesson: LessonId, note: String) -> impl IntoView {
    let note = typed("note").unwrap_or(note);
    // Children of this element are written as they are: the text must be HTML by itself. And a parser drops one line
    // end after the opening tag: where the text starts with one, it needs another.
    let first = if note.starts_with('\n') { "\n" } else { "" };
    let content = format!("{first}{}", note.replace('&', "&amp;").replace('<', "&lt;"));
    view! {
        <details class="notes" open=!note.is_empty()>
            <summary>"My notes"</summary>
            <form class="form" method="post" action={action::<SaveNote>()}>
                <input type="hidden" name="course" value=course.to_string() />
                <input type="hidden" name="lesson" value=lesson.to_string() />
                <textarea
                    class="input"
                    name="note"
                    rows="5"
                    maxlength=DESCRIPTION_MAX
                    aria-label="My notes on this lesson"
                    inner_html=content
                ></textarea>
                <div class="note-times" inner_html=times(&note)></div>
                <div class="cluster">
                    <button class="button button--small" type="submit">"Save notes"</button>
                    <button class="button button--small button--quiet" type="button" data-insert-time="">
                        <IconView icon=Icon::Clock />
                        "Insert time"
                    </button>
                    <span class="muted" role="status"></span>
                    <a href=format!("/courses/{course}/notes.md") download>"All notes of this course"</a>
                </div>
            </form>
        </details>
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
