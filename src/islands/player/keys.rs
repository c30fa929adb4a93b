//! The player's keys: anywhere on the page but where somebody types.

use super::playback::Playback;
use super::way::Way;
use crate::components::live::on_window;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// What each key does, as the sheet says it.
const SHEET: [(&str, &str); 10] = [
    ("Space or K", "Play or pause"),
    ("J / L", "10 seconds back or on"),
    ("← / →", "5 seconds back or on"),
    ("↑ / ↓", "Louder or quieter, while the video has the focus"),
    ("M", "Mute"),
    ("F", "Full screen"),
    ("C", "Captions"),
    ("< / >", "Slower or faster"),
    ("P / N", "Previous or next lesson"),
    ("?", "These keys"),
];

/// The sheet of keys; `?` opens and closes it.
#[component]
pub fn Keys(playback: Playback, way: Way) -> impl IntoView {
    let sheet = NodeRef::<Div>::new();
    on_window("keydown", move |event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        if is_ours(&event) && press(&event.key(), on_stage(&event), playback, way, sheet) {
            event.prevent_default();
        }
    });
    let rows = SHEET.map(|(key, what)| view! { <li><kbd>{key}</kbd><span>{what}</span></li> }.into_any());
    view! {
        <div class="keys" node_ref=sheet popover="auto" role="dialog" aria-label="Keys">
            <ul role="list">{Vec::from(rows)}</ul>
        </div>
    }
    .into_any()
}

/// Whether the key was meant for the player: not for a field, not for the browser, and not to press what has the focus.
fn is_ours(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
        return false;
    }
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return true };
    let within = |selector: &str| target.closest(selector).ok().flatten().is_some();
    if within("input:not([type=range]), textarea, select, [contenteditable]") {
        return false;
    }
    let presses = event.key() == " " && within("button, a, summary, select");
    let slides = event.key().starts_with("Arrow") && within("input[type=range]");
    !presses && !slides
}

fn on_stage(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    document().fullscreen_element().is_some()
        || target.is_some_and(|target| target.closest(".stage").ok().flatten().is_some())
}

/// Does what a key says; false where it says nothing here.
fn press(key: &str, on_stage: bool, playback: Playback, way: Way, sheet: NodeRef<Div>) -> bool {
    match key {
        "n" | "N" => way.step(true),
        "p" | "P" => way.step(false),
        "?" => _ = sheet.get_untracked().map(|sheet| sheet.toggle_popover()),
        _ if playback.element().is_none() && playback.player().is_none() => return false,
        " " | "k" | "K" => playback.toggle(),
        "j" | "J" => playback.seek_by(-10),
        "l" | "L" => playback.seek_by(10),
        "ArrowLeft" => playback.seek_by(-5),
        "ArrowRight" => playback.seek_by(5),
        "ArrowUp" if on_stage => playback.change_volume(5),
        "ArrowDown" if on_stage => playback.change_volume(-5),
        "m" | "M" => playback.toggle_mute(),
        "f" | "F" => playback.toggle_full_screen(),
        "c" | "C" => playback.toggle_captions(),
        "<" => playback.step_rate(false),
        ">" => playback.step_rate(true),
        _ => return false,
    }
    true
}
