//! The video of a lesson under controls of our own, which work by touch, by keyboard and for a screen reader. It
//! outlives the lesson: the next one's video plays in the same element, and full screen stays.

use super::embedded::Embedded;
use super::ending::Ending;
use super::playback::{Playback, RATES};
use super::way::Way;
use crate::components::icon::{Icon, IconView};
use crate::components::live::{effect, live};
use crate::domain::embed::Provider;
use crate::domain::lesson::Captions;
use crate::domain::video::{clock, is_stream};
use leptos::ev::{Event, MouseEvent};
use leptos::html::{Input, Output};
use leptos::prelude::*;
use web_sys::HtmlElement;

#[component]
pub fn Stage(playback: Playback, ending: Ending, way: Way) -> impl IntoView {
    let captions = way.captions;
    effect(move || {
        captions.track();
        // Another film: nothing is known against it.
        playback.fail(false);
        // Once the browser has taken them in.
        request_animation_frame(move || playback.show_captions());
    });
    let provider = Memo::new(move |_| way.film.with(|film| Provider::of(film)));
    let screen = live(move || match provider.get() {
        None => view! { <Screen playback way /> }.into_any(),
        Some(provider) => view! { <Embedded playback way provider /> }.into_any(),
    });
    let bare = Signal::derive(move || !playback.scripted.get());
    view! {
        <div class="stage" node_ref=playback.frame>
            {screen}
            {ending_view(ending)}
            <p class="video-overlay stage-failure" role="alert">
                "This video cannot be played just now."
                <a class="button" href="">"Load it again"</a>
            </p>
            <div class="stage-controls" role="group" aria-label="Video controls" hidden=bare>
                <Timeline playback />
                <div class="stage-buttons">
                    <PlayButton playback />
                    <span class="stage-time">{elapsed(playback)}</span>
                    <span class="stage-gap"></span>
                    <Volume playback />
                    <Speed playback />
                    <CaptionsChoice playback captions />
                    <Autoplay ending />
                    <Tool label="Picture in picture" icon=Icon::Window press=move || playback.picture_in_picture() />
                    <Tool label="Full screen" icon=Icon::Expand press=move || playback.toggle_full_screen() />
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// A file, which the browser plays itself: with its own controls where there is no script.
#[component]
fn Screen(playback: Playback, way: Way) -> impl IntoView {
    let tracks = live(move || {
        let track = |track: Captions| {
            view! { <track kind="captions" src=track.src srclang=track.language label=track.label /> }.into_any()
        };
        way.captions.get().into_iter().map(track).collect::<Vec<_>>().into_any()
    });
    let streams = Signal::derive(move || way.film.with(|film| is_stream(film)));
    effect(move || {
        if streams.get() {
            feed_streams();
        }
    });
    // What is fed to it, the browser need not load.
    let preload = Signal::derive(move || if streams.get() { "none" } else { "metadata" });
    view! {
        <video
            node_ref=playback.video
            // Before the address: what is fed to it is not to be loaded first.
            preload=preload
            src=way.film
            aria-label="Video of this lesson"
            controls=Signal::derive(move || !playback.scripted.get())
            playsinline
            on:click=move |_| playback.toggle()
        >
            {tracks}
        </video>
    }
    .into_any()
}

/// Loads the script that feeds streams to the video, and watches it from then on; one that is there is not loaded
/// again.
fn feed_streams() {
    let (Ok(script), Some(body)) = (document().create_element("script"), document().body()) else { return };
    _ = script.set_attribute("type", "module");
    _ = script.set_attribute("src", "/stream.js");
    _ = body.append_child(&script);
}

fn elapsed(playback: Playback) -> Signal<String> {
    Signal::derive(move || format!("{} / {}", clock(playback.time.get()), clock(playback.duration.get())))
}

/// Where the video is, what of it is loaded, and the way to any other second.
#[component]
fn Timeline(playback: Playback) -> impl IntoView {
    let (range, hint) = (NodeRef::<Input>::new(), NodeRef::<Output>::new());
    let (time, duration) = (playback.time, playback.duration);
    // The style sheet draws both as gradients.
    effect(move || {
        let Some(range) = range.get() else { return };
        let part = |seconds: u32| format!("{}%", seconds.min(duration.get()) * 100 / duration.get().max(1));
        let style = HtmlElement::style(&range);
        _ = style.set_property("--played", &part(time.get()));
        _ = style.set_property("--loaded", &part(playback.buffered.get()));
    });
    let seek = move |event: Event| {
        if let Ok(seconds) = event_target_value(&event).parse() {
            playback.seek(seconds);
            time.set(seconds);
        }
    };
    let point = move |event: MouseEvent| {
        let (Some(range), Some(hint)) = (range.get_untracked(), hint.get_untracked()) else { return };
        let width = range.offset_width().max(1);
        let at = event.offset_x().clamp(0, width);
        hint.set_text_content(Some(&clock(
            (i64::from(duration.get_untracked()) * i64::from(at) / i64::from(width)) as u32,
        )));
        _ = HtmlElement::style(&hint).set_property("--at", &format!("{at}px"));
    };
    view! {
        <div class="stage-timeline" on:mousemove=point>
            <input
                node_ref=range
                type="range"
                min="0"
                step="1"
                max=Signal::derive(move || duration.get().to_string())
                prop:value=Signal::derive(move || time.get().to_string())
                aria-label="Position in the video"
                aria-valuetext=elapsed(playback)
                on:input=seek
            />
            <output class="stage-hint" node_ref=hint aria-hidden="true"></output>
        </div>
    }
    .into_any()
}

#[component]
fn PlayButton(playback: Playback) -> impl IntoView {
    let label = Signal::derive(move || if playback.playing.get() { "Pause" } else { "Play" }.to_owned());
    let icon = live(move || {
        let icon = if playback.playing.get() { Icon::Pause } else { Icon::Play };
        view! { <IconView icon /> }.into_any()
    });
    view! {
        <button class="stage-tool" type="button" aria-label=label on:click=move |_| playback.toggle()>
            {icon}
        </button>
    }
    .into_any()
}

#[component]
fn Volume(playback: Playback) -> impl IntoView {
    let silent = Signal::derive(move || playback.muted.get() || playback.volume.get() == 0);
    let label = Signal::derive(move || if silent.get() { "Unmute" } else { "Mute" }.to_owned());
    let icon = live(move || {
        let icon = if silent.get() { Icon::SoundOff } else { Icon::Sound };
        view! { <IconView icon /> }.into_any()
    });
    let change = move |event: Event| {
        if let Ok(volume) = event_target_value(&event).parse() {
            playback.set_volume(volume);
        }
    };
    view! {
        <button class="stage-tool" type="button" aria-label=label on:click=move |_| playback.toggle_mute()>
            {icon}
        </button>
        <input
            class="stage-volume"
            type="range"
            min="0"
            max="100"
            step="5"
            aria-label="Volume"
            prop:value=Signal::derive(move || if playback.muted.get() { 0 } else { playback.volume.get() }.to_string())
            on:input=change
        />
    }
    .into_any()
}

#[component]
fn Speed(playback: Playback) -> impl IntoView {
    let options = RATES.map(|rate| view! { <option value=rate.to_string()>{spelled(rate)}</option> }.into_any());
    let change = move |event: Event| {
        if let Ok(rate) = event_target_value(&event).parse() {
            playback.set_rate(rate);
        }
    };
    view! {
        <select
            class="stage-speed"
            aria-label="Speed"
            prop:value=Signal::derive(move || playback.rate.get().to_string())
            on:change=change
        >
            {Vec::from(options)}
        </select>
    }
    .into_any()
}

/// Captions off or in a language, where the video has any.
#[component]
fn CaptionsChoice(playback: Playback, captions: RwSignal<Vec<Captions>>) -> impl IntoView {
    let options = live(move || {
        let option = |track: Captions| view! { <option value=track.language>{track.label}</option> }.into_any();
        captions.get().into_iter().map(option).collect::<Vec<_>>().into_any()
    });
    view! {
        <select
            class="stage-speed stage-captions"
            aria-label="Captions"
            hidden=Signal::derive(move || captions.with(Vec::is_empty))
            prop:value=playback.captions
            on:change=move |event| playback.choose_captions(event_target_value(&event))
        >
            <option value="">"CC"</option>
            {options}
        </select>
    }
    .into_any()
}

#[component]
fn Autoplay(ending: Ending) -> impl IntoView {
    let pressed = Signal::derive(move || if ending.autoplay.get() { "true" } else { "false" });
    view! {
        <button
            class="stage-tool"
            type="button"
            aria-label="Go on to the next lesson by itself"
            aria-pressed=pressed
            on:click=move |_| ending.set_autoplay(!ending.autoplay.get_untracked())
        >
            <IconView icon=Icon::Forward />
        </button>
    }
    .into_any()
}

/// 125 is `1.25×`.
fn spelled(rate: u32) -> String {
    let text = format!("{}.{:02}", rate / 100, rate % 100);
    format!("{}×", text.trim_end_matches('0').trim_end_matches('.'))
}

#[component]
fn Tool(label: &'static str, icon: Icon, press: impl Fn() + 'static) -> impl IntoView {
    fn erased(label: &'static str, icon: Icon, press: Box<dyn Fn()>) -> AnyView {
        view! {
            <button class="stage-tool" type="button" aria-label=label on:click=move |_| press()>
                <IconView icon />
            </button>
        }
        .into_any()
    }
    erased(label, icon, Box::new(press))
}

/// At the end of a video: what comes next, in how many seconds, and a way to say no.
fn ending_view(ending: Ending) -> AnyView {
    live(move || {
        match ending.shown() {
        Some((seconds, name)) => view! {
            <div class="video-overlay" role="status">
                <p>{format!("Next in {seconds} s")}</p>
                <strong>{name}</strong>
                <div class="cluster">
                    <button class="button button--primary" type="button" on:click=move |_| ending.go()>"Play now"</button>
                    <button class="button" type="button" on:click=move |_| ending.cancel()>"Stay here"</button>
                </div>
            </div>
        }
        .into_any(),
        None => ().into_any(),
    }
    })
}
