use crate::domain::video::Video;
use leptos::prelude::*;

/// A provider's own player in a frame; nothing for a file, which the player shows itself.
#[component]
pub fn VideoFrame(video: Video, title: String) -> impl IntoView {
    let Video::Frame { src, provider } = video else { return ().into_any() };
    view! {
        <div class="video">
            <iframe
                src=src
                title=format!("{title} ({provider})")
                allow="autoplay; encrypted-media; fullscreen; picture-in-picture"
                allowfullscreen=true
                referrerpolicy="strict-origin-when-cross-origin"
            ></iframe>
        </div>
    }
    .into_any()
}
