//! The player's keys: anywhere on the page but where somebody types.

use super::playback::Playback;
use super::way::Way;
use crate::components::live::on_window;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Hears the keys for as long as the player is there.
pub fn hear(playback: Playback, way: Way) {
    on_window("keydown", move |event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        if is_ours(&event) && press(&event.key(), on_stage(&event), playback, way) {
            event.prevent_default();
        }
    });
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
fn press(key: &str, on_stage: bool, playback: Playback, way: Way) -> bool {
    match key {
        "n" | "N" => way.step(true),
        "p" | "P" => way.step(false),
        "?" => {
            let sheet = document().get_element_by_id("keys").and_then(|sheet| sheet.dyn_into::<HtmlElement>().ok());
            _ = sheet.map(|sheet| sheet.toggle_popover());
        }
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
