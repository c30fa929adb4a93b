use crate::domain::video::Video;
use leptos::prelude::*;

/// A lesson's video: the provider's own player in a frame, or the browser's.
#[component]
pub fn VideoView(video: Video, title: String) -> impl IntoView {
    let player = match video {
        Video::Frame { src, provider } => view! {
            <iframe
                src=src
                title=format!("{title} ({provider})")
                allow="autoplay; encrypted-media; fullscreen; picture-in-picture"
                allowfullscreen=true
                referrerpolicy="strict-origin-when-cross-origin"
            ></iframe>
        }
        .into_any(),
        Video::File { src } => {
            view! { <video controls=true preload="metadata" src=src aria-label=title></video> }.into_any()
        }
    };
    view! { <div class="video">{player}</div> }.into_any()
}
