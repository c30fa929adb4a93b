//! A lesson in its author's hands: the form, which is the server's and works without script, and what script adds to it.
//! Drafts are kept while one types (`draft.rs`, on this device by `device.rs`) and brought together with what was written
//! elsewhere (`merging.rs`), the text is shown as the player shows it (`preview.rs`), and files are uploaded beside it
//! (`uploader.rs`). The text itself is written in CodeMirror (`public/writing.js`).

mod device;
mod draft;
mod fields;
mod merging;
mod notices;
mod preview;
mod uploader;

use super::form::FormTarget;
use crate::components::announcer::{Announcer, LiveRegion};
use crate::components::live::effect;
use crate::domain::file::LessonFile;
use crate::domain::id::{CaptionsId, LessonId};
use draft::Drafting;
use fields::field;
use js_sys::{Array, Function};
use leptos::prelude::*;
use notices::Notices;
use preview::Preview;
use uploader::{Shelf, Uploader};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CustomEvent, Event, File};

#[island(lazy)]
pub fn LessonEditor(
    lesson: LessonId,
    files: Vec<LessonFile>,
    captions: Vec<(CaptionsId, String)>,
    delete_file: FormTarget,
    delete_captions: FormTarget,
    /// The form, and around it what `draft.rs` reads of it.
    children: Children,
) -> impl IntoView {
    let announcer = Announcer::new();
    let shelf = Shelf::new(lesson, files, captions);
    let drafting = Drafting::new(lesson, announcer);
    effect(move || {
        drafting.start();
        take_files(shelf);
        load_surface();
    });
    view! {
        <div class="lesson-desk">
            <div class="lesson-desk-form">
                <Notices drafting />
                {children()}
            </div>
            <Preview lesson />
        </div>
        <section class="files" id="files" aria-labelledby="files-title">
            <h2 id="files-title">"Files"</h2>
            <p class="muted">
                "One video (mp4 or webm), which plays instead of the address above; captions (.vtt, .srt); pictures for "
                "the text; anything to download."
            </p>
            <Uploader shelf delete_file delete_captions />
        </section>
        <LiveRegion announcer />
    }
    .into_any()
}

/// Loads what the text is written in. Where it does not come, the field is what it was.
fn load_surface() {
    let (Ok(script), Some(body)) = (document().create_element("script"), document().body()) else { return };
    _ = script.set_attribute("type", "module");
    _ = script.set_attribute("src", "/lesson-writing.js");
    _ = body.append_child(&script);
    // It is on its way; the page needs no more of it.
    script.remove();
}

/// Uploads what is put into the text.
fn take_files(shelf: Shelf) {
    // What `public/lesson-writing.js` sends: files, and a function that takes Markdown.
    let heard = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let detail = event.unchecked_ref::<CustomEvent>().detail().unchecked_into::<Array>();
        let files = detail.get(0).unchecked_into::<Array>();
        shelf.put_into_text(
            files.iter().map(File::unchecked_from_js).collect(),
            &detail.get(1).unchecked_into::<Function>(),
        );
    });
    if let Some(field) = field() {
        _ = field.add_event_listener_with_callback("lectern-files", heard.into_js_value().unchecked_ref());
    }
}
