//! The player: the video of a lesson, what is completed, and the way from lesson to lesson. The lesson's text and the
//! outline beside it are the server's HTML, which it reads, marks and swaps.

mod complete;
mod embedded;
mod ending;
mod keys;
mod memory;
mod notes;
mod outline;
mod page;
mod playback;
mod prose;
mod rows;
mod stage;
mod transcript;
mod way;

use crate::components::live::{live, on_document, on_window};
use complete::{Completing, LessonBar};
use ending::Ending;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use memory::Bookmark;
use notes::Notes;
use playback::Playback;
use stage::Stage;
use wasm_bindgen::JsCast;
use way::Way;

pub use page::{Here, Open};

/// Around the text of the lesson that the page was loaded with. Where it is, the server's page says by a [`Here`] in
/// its context, and the text to the browser.
#[island(lazy)]
pub fn Player(children: Children) -> impl IntoView {
    match use_context::<Here>().or_else(Here::read) {
        Some(here) => player(here, children),
        None => children().into_any(),
    }
}

fn player(Here { course, learner, open }: Here, children: Children) -> AnyView {
    let completing = Completing::of(course, learner, (open.lesson, open.completed));
    let bookmark = Bookmark::new(course, learner);
    bookmark.on_watched(move |lesson| completing.was_watched(lesson));
    on_window("scroll", move |_| {
        if let (Some(way), Ok(at)) = (way::scroll_way(), window().scroll_y()) {
            bookmark.read((at / way * 1000.0).clamp(0.0, 1000.0) as u32);
        }
    });
    let playback = Playback::new();
    let notes = Notes::new(playback);
    let way = Way::from(course, completing, bookmark, notes, open);
    let ending = Ending::new(way);
    hear(playback, way, ending, bookmark);
    on_document("click", move |event| {
        let Ok(event) = event.dyn_into::<MouseEvent>() else { return };
        match transcript::asked(&event) {
            Some(millis) => playback.seek_millis(millis),
            None => way.follow(&event),
        }
    });
    keys::hear(playback, way);
    outline::tools(course);
    prose::copy_on_click();
    let has_film = Memo::new(move |_| !way.film.with(String::is_empty));
    let stage = live(move || match has_film.get() {
        true => view! { <Stage playback ending way /> }.into_any(),
        false => ().into_any(),
    });
    let bar = learner.map(|_| view! { <LessonBar completing /> }.into_any());
    view! {
        {stage}
        {children()}
        {bar}
    }
    .into_any()
}

/// What follows from what the video does.
fn hear(playback: Playback, way: Way, ending: Ending, bookmark: Bookmark) {
    playback.hear(move |event| match event {
        "loadedmetadata" => way.begin(playback),
        "play" => ending.cancel(),
        "timeupdate" | "pause" | "seeked" => {
            transcript::follow(playback.millis());
            if way.has_begun() {
                let (time, length) = (playback.time.get_untracked(), playback.duration.get_untracked());
                bookmark.at(time, length, event == "timeupdate" && playback.playing.get_untracked());
            }
        }
        "ended" => {
            if way.has_begun() {
                bookmark.ended(playback.duration.get_untracked());
            }
            ending.count_down();
        }
        _ => {}
    });
}
