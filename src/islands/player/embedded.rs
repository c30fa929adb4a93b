//! A provider's player in a frame, behind the same controls: told and heard by messages, as far as its API goes. It is
//! loaded when somebody asks for it, and not before.

use super::memory;
use super::playback::Playback;
use super::way::Way;
use crate::components::icon::{Icon, IconView};
use crate::components::live::{effect, live, on_window};
use crate::domain::embed::{Command, Event, Provider, events, messages};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, Window};

/// How often a player that is still loading is spoken to, and how many times at most.
const KNOCK: Duration = Duration::from_millis(500);
const KNOCKS: u32 = 60;

impl Playback {
    /// Tells the provider's player; false where there is none.
    pub fn tell(self, command: Command) -> bool {
        let Some((provider, player)) = self.player() else { return false };
        for message in messages(provider, command) {
            _ = player.post_message(&message.into(), provider.origin());
        }
        true
    }

    pub fn player(self) -> Option<(Provider, Window)> {
        let frame = self.embed.try_get_untracked().flatten().filter(|_| self.there.get_untracked())?;
        Some((Provider::of(&frame.src())?, frame.content_window()?))
    }

    /// Hears a provider's player from when it is there, and calls `then` with the names of a video's events.
    pub fn hear_player(self, then: Rc<dyn Fn(&str)>) {
        let ready = StoredValue::new(false);
        effect(move || {
            if self.there.get() {
                ready.set_value(false);
                self.scripted.set(true);
                self.knock(ready, KNOCKS);
            }
        });
        on_window("message", move |event| {
            let Some((provider, player)) = self.player() else { return };
            let Ok(event) = event.dyn_into::<MessageEvent>() else { return };
            let from_it = event.source().is_some_and(|source| source.loose_eq(&player));
            if event.origin() != provider.origin() || !from_it {
                return;
            }
            let data = event.data();
            let text = data.as_string().or_else(|| js_sys::JSON::stringify(&data).ok()?.as_string());
            for event in events(provider, &text.unwrap_or_default()) {
                self.follow_player(event, ready, &*then);
            }
        });
    }

    fn knock(self, ready: StoredValue<bool>, left: u32) {
        if left > 0 && ready.try_get_value() == Some(false) && self.tell(Command::Listen) {
            set_timeout(move || self.knock(ready, left - 1), KNOCK);
        }
    }

    fn follow_player(self, event: Event, ready: StoredValue<bool>, then: &dyn Fn(&str)) {
        match event {
            Event::Ready if !ready.get_value() => {
                ready.set_value(true);
                self.tell(Command::Listen);
                self.tell(Command::Rate(memory::number("rate").unwrap_or(100)));
                self.tell(Command::Volume(memory::number("volume").unwrap_or(100).min(100)));
                if memory::number("muted") == Some(1) {
                    self.tell(Command::Mute(true));
                }
            }
            Event::Ready => {}
            Event::Duration(seconds) => {
                self.duration.set(seconds);
                then("loadedmetadata");
            }
            Event::Time(seconds) => {
                if self.time.get_untracked() != seconds {
                    self.time.set(seconds);
                    then("timeupdate");
                }
            }
            Event::Rate(percent) => {
                self.rate.set(percent);
                memory::keep("rate", percent);
            }
            Event::Volume(percent) => {
                self.volume.set(percent);
                memory::keep("volume", percent);
            }
            Event::Muted(muted) => {
                self.muted.set(muted);
                memory::keep("muted", u32::from(muted));
            }
            Event::Playing => {
                self.playing.set(true);
                then("play");
            }
            Event::Paused => {
                self.playing.set(false);
                then("pause");
            }
            Event::Ended => {
                self.playing.set(false);
                then("ended");
            }
        }
    }
}

/// The way to a provider's video; without script it leads there.
#[component]
pub fn Embedded(playback: Playback, way: Way, provider: Provider) -> impl IntoView {
    // Whoever came here by the end of the video before wants to go on.
    let loaded = RwSignal::new(way.is_playing());
    let name = match provider {
        Provider::YouTube => "YouTube",
        Provider::Vimeo => "Vimeo",
    };
    let load = move |event: MouseEvent| {
        event.prevent_default();
        loaded.set(true);
    };
    // Another lesson's video gets a frame of its own: one whose address is the same would not load again.
    let (between, last) = (RwSignal::new(false), StoredValue::new(way.lesson().get_untracked()));
    effect(move || {
        let lesson = way.lesson().get();
        if last.get_value() != lesson {
            last.set_value(lesson);
            between.set(true);
            request_animation_frame(move || between.set(false));
        }
    });
    live(move || {
        if between.get() {
            return ().into_any();
        }
        let film = way.film.get_untracked();
        if !loaded.get() {
            return view! {
                <a class="stage-load" href=film target="_blank" rel="noopener" on:click=load>
                    <IconView icon=Icon::Play />
                    <span>{format!("Load the video from {name}")}</span>
                </a>
            }
            .into_any();
        }
        playback.there.set(false);
        let origin = window().location().origin().unwrap_or_default();
        view! {
            <iframe
                node_ref=playback.embed
                src=provider.src(&film, &origin, way.position())
                title=format!("Video of this lesson ({name})")
                allow="autoplay; encrypted-media; fullscreen; picture-in-picture"
                referrerpolicy="strict-origin-when-cross-origin"
                on:load=move |_| playback.there.set(true)
            ></iframe>
        }
        .into_any()
    })
}
