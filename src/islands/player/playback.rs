//! What the video element does and is told to do. Every part of the player that shows or changes it goes through here.

use super::{memory, transcript};
use crate::components::live::{effect, spawn};
use crate::domain::embed::Command;
use leptos::html::{Div, Iframe, Video};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlVideoElement, TextTrackMode};

/// Speeds in percent, slow to fast.
pub const RATES: [u32; 9] = [50, 75, 100, 125, 150, 175, 200, 225, 250];

/// The network state of a video that found nothing to play (HTML, 4.8.11.4).
const NO_SOURCE: u16 = 3;

/// What is listened for on the video.
const EVENTS: [&str; 10] = [
    "loadedmetadata",
    "timeupdate",
    "progress",
    "play",
    "pause",
    "seeked",
    "ended",
    "volumechange",
    "ratechange",
    "error",
];

#[derive(Clone, Copy)]
pub struct Playback {
    pub video: NodeRef<Video>,
    /// The frame of a provider's player, and whether that is there: before, nobody else's page may be spoken to.
    pub embed: NodeRef<Iframe>,
    pub there: RwSignal<bool>,
    /// The video with its controls: what fills the screen.
    pub frame: NodeRef<Div>,
    pub playing: RwSignal<bool>,
    /// Whole seconds.
    pub time: RwSignal<u32>,
    pub duration: RwSignal<u32>,
    /// The end of what is loaded around the present time, in seconds.
    pub buffered: RwSignal<u32>,
    /// Percent.
    pub rate: RwSignal<u32>,
    pub volume: RwSignal<u32>,
    pub muted: RwSignal<bool>,
    /// The language of the captions that are shown, where there are any; empty for none.
    pub captions: RwSignal<String>,
    /// Whether anything was heard from the video: without script its own controls stay.
    pub scripted: RwSignal<bool>,
}

impl Playback {
    pub fn new() -> Self {
        Self {
            video: NodeRef::new(),
            embed: NodeRef::new(),
            there: RwSignal::new(false),
            frame: NodeRef::new(),
            playing: RwSignal::new(false),
            time: RwSignal::new(0),
            duration: RwSignal::new(0),
            buffered: RwSignal::new(0),
            rate: RwSignal::new(100),
            volume: RwSignal::new(100),
            muted: RwSignal::new(false),
            captions: RwSignal::new(String::new()),
            scripted: RwSignal::new(false),
        }
    }

    /// Hears the video from when it is there, and calls `then` after each event with its name.
    pub fn hear(self, then: impl Fn(&str) + 'static) {
        let then: Rc<dyn Fn(&str)> = Rc::new(then);
        self.hear_player(then.clone());
        effect(move || {
            let Some(video) = self.video.get() else { return };
            let then = then.clone();
            let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
                let name = event.type_();
                self.follow(&name);
                then(&name);
            });
            // It goes with the element that holds it.
            let listener = listener.into_js_value();
            for name in EVENTS {
                _ = video.add_event_listener_with_callback(name, listener.unchecked_ref());
            }
            video.set_playback_rate(f64::from(memory::number("rate").unwrap_or(100)) / 100.0);
            video.set_default_playback_rate(video.playback_rate());
            video.set_volume(f64::from(memory::number("volume").unwrap_or(100).min(100)) / 100.0);
            video.set_muted(memory::number("muted") == Some(1));
            self.captions.set(memory::text("captions").unwrap_or_default());
            self.follow("ratechange");
            self.follow("volumechange");
            self.scripted.set(true);
            // It may have been loaded, or have failed, before anybody listened.
            request_animation_frame(move || {
                let missed = match (video.ready_state(), video.network_state()) {
                    (1.., _) => Event::new("loadedmetadata"),
                    (0, NO_SOURCE) => Event::new("error"),
                    _ => return,
                };
                _ = missed.and_then(|missed| video.dispatch_event(&missed));
            });
        });
    }

    fn follow(self, event: &str) {
        let Some(video) = self.element() else { return };
        match event {
            "error" => self.fail(true),
            "loadedmetadata" => {
                self.fail(false);
                self.duration.set(whole(video.duration()));
                self.time.set(whole(video.current_time()));
                self.show_captions();
            }
            "timeupdate" | "seeked" => {
                let now = whole(video.current_time());
                if self.time.get_untracked() != now {
                    self.time.set(now);
                }
            }
            "progress" => self.buffered.set(loaded_until(&video)),
            "play" => self.playing.set(true),
            "pause" | "ended" => self.playing.set(false),
            "volumechange" => {
                self.volume.set(whole(video.volume() * 100.0 + 0.5));
                self.muted.set(video.muted());
                memory::keep("volume", self.volume.get_untracked());
                memory::keep("muted", u32::from(video.muted()));
            }
            "ratechange" => {
                self.rate.set(whole(video.playback_rate() * 100.0 + 0.5));
                memory::keep("rate", self.rate.get_untracked());
            }
            _ => {}
        }
    }

    /// Says that the film cannot be played, or that it can.
    pub fn fail(self, failed: bool) {
        _ = self.frame.get_untracked().map(|frame| frame.toggle_attribute_with_force("data-failed", failed));
    }

    pub fn element(self) -> Option<HtmlVideoElement> {
        self.video.try_get_untracked().flatten()
    }

    pub fn play(self) {
        if self.tell(Command::Play) {
            return;
        }
        if let Some(Ok(started)) = self.element().map(|video| video.play()) {
            // A browser may refuse to start by itself: then it stays paused, and its button says so.
            spawn(async move { _ = JsFuture::from(started).await });
        }
    }

    pub fn toggle(self) {
        if self.player().is_some() {
            let command = if self.playing.get_untracked() { Command::Pause } else { Command::Play };
            self.tell(command);
        }
        let Some(video) = self.element() else { return };
        if video.paused() { self.play() } else { _ = video.pause() }
    }

    pub fn seek(self, seconds: u32) {
        if self.tell(Command::Seek(seconds)) {
            self.time.set(seconds);
        }
        if let Some(video) = self.element() {
            video.set_current_time(f64::from(seconds));
        }
    }

    pub fn seek_millis(self, millis: u32) {
        self.tell(Command::Seek(millis / 1000));
        if let Some(video) = self.element() {
            video.set_current_time(f64::from(millis) / 1000.0);
        }
    }

    /// Where the video is, in milliseconds.
    pub fn millis(self) -> u32 {
        self.element().map_or(self.time.get_untracked() * 1000, |video| whole(video.current_time() * 1000.0))
    }

    /// Shows captions in the chosen language; they are remembered.
    pub fn choose_captions(self, language: String) {
        memory::keep_text("captions", &language);
        self.captions.set(language);
        self.show_captions();
    }

    /// Captions off, or on in the language that they were in last, else the first there is.
    pub fn toggle_captions(self) {
        let Some(tracks) = self.element().and_then(|video| video.text_tracks()) else { return };
        let first = tracks.get(0).map(|track| track.language());
        match (self.captions.with_untracked(String::is_empty), first) {
            (false, _) => {
                memory::keep_text("captions-last", &self.captions.get_untracked());
                self.choose_captions(String::new());
            }
            (true, Some(first)) => {
                let last = memory::text("captions-last").filter(|last| {
                    (0..tracks.length()).any(|at| tracks.get(at).is_some_and(|track| track.language() == *last))
                });
                self.choose_captions(last.unwrap_or(first));
            }
            (true, None) => {}
        }
    }

    /// Tells the browser which of the video's tracks to show.
    pub fn show_captions(self) {
        self.captions.with_untracked(|language| transcript::show(language));
        let Some(tracks) = self.element().and_then(|video| video.text_tracks()) else { return };
        let chosen = self.captions.get_untracked();
        for track in (0..tracks.length()).filter_map(|at| tracks.get(at)) {
            let mode = if track.language() == chosen { TextTrackMode::Showing } else { TextTrackMode::Disabled };
            track.set_mode(mode);
        }
    }

    pub fn seek_by(self, seconds: i32) {
        if self.player().is_some() {
            let end = self.duration.get_untracked();
            return self.seek(self.time.get_untracked().saturating_add_signed(seconds).min(end));
        }
        let Some(video) = self.element() else { return };
        let end = if video.duration().is_finite() { video.duration() } else { f64::MAX };
        video.set_current_time((video.current_time() + f64::from(seconds)).clamp(0.0, end));
    }

    /// Percent.
    pub fn set_volume(self, volume: u32) {
        if self.tell(Command::Volume(volume.min(100))) {
            self.tell(Command::Mute(false));
        }
        if let Some(video) = self.element() {
            video.set_volume(f64::from(volume.min(100)) / 100.0);
            video.set_muted(false);
        }
    }

    /// Louder or quieter, in percent.
    pub fn change_volume(self, by: i32) {
        let of_video = self.element().map(|video| whole(video.volume() * 100.0 + 0.5));
        let now = of_video.unwrap_or_else(|| self.volume.get_untracked());
        self.set_volume(now.saturating_add_signed(by));
    }

    pub fn toggle_mute(self) {
        self.tell(Command::Mute(!self.muted.get_untracked()));
        if let Some(video) = self.element() {
            video.set_muted(!video.muted());
        }
    }

    /// Percent.
    pub fn set_rate(self, rate: u32) {
        self.tell(Command::Rate(rate));
        if let Some(video) = self.element() {
            video.set_playback_rate(f64::from(rate) / 100.0);
            // The next lesson's video begins with it.
            video.set_default_playback_rate(video.playback_rate());
        }
    }

    /// One step faster or slower than it plays: what is shown follows a moment later.
    pub fn step_rate(self, faster: bool) {
        let of_video = self.element().map(|video| whole(video.playback_rate() * 100.0 + 0.5));
        let rate = of_video.unwrap_or_else(|| self.rate.get_untracked());
        let next = match faster {
            true => RATES.into_iter().find(|step| *step > rate),
            false => RATES.into_iter().rev().find(|step| *step < rate),
        };
        if let Some(next) = next {
            self.set_rate(next);
        }
    }

    pub fn toggle_full_screen(self) {
        match document().fullscreen_element() {
            Some(_) => document().exit_fullscreen(),
            None => _ = self.frame.get_untracked().map(|frame| frame.request_fullscreen()),
        }
    }

    /// Where the browser has it: the video in a window of its own.
    pub fn picture_in_picture(self) {
        let Some(video) = self.element() else { return };
        let request = js_sys::Reflect::get(&video, &JsValue::from_str("requestPictureInPicture"));
        let request = request.ok().and_then(|request| request.dyn_into::<js_sys::Function>().ok());
        let opened = request.and_then(|request| request.call0(&video).ok()?.dyn_into::<js_sys::Promise>().ok());
        if let Some(opened) = opened {
            spawn(async move { _ = JsFuture::from(opened).await });
        }
    }
}

/// Whole seconds or percent; what is not known yet is 0.
fn whole(number: f64) -> u32 {
    if number.is_finite() && number > 0.0 { number as u32 } else { 0 }
}

fn loaded_until(video: &HtmlVideoElement) -> u32 {
    let (ranges, now) = (video.buffered(), video.current_time());
    let around = (0..ranges.length())
        .find(|at| ranges.start(*at).is_ok_and(|start| start <= now) && ranges.end(*at).is_ok_and(|end| end >= now));
    around.and_then(|at| ranges.end(at).ok()).map_or(0, whole)
}
