//! What stays while one goes from lesson to lesson.

use crate::components::icon::{Icon, IconView};
use crate::components::progress::ProgressBar;
use crate::domain::outline::Outline;
use leptos::prelude::*;

/// On a phone: the way to the outline, and how far one is.
#[component]
pub fn PlayerBar(outline: Outline) -> impl IntoView {
    let percent = outline.standing.keeps_progress().then(|| format!("{} %", outline.progress().percent()));
    view! {
        <section class="player-bar" aria-label="Where you are">
            <button class="button button--small" type="button" popovertarget="outline">
                <IconView icon=Icon::Menu />
                "Outline"
            </button>
            <span>{outline.title}</span>
            <span class="muted" data-percent="">{percent}</span>
        </section>
    }
    .into_any()
}

/// One element: beside the lesson where there is room, a drawer where there is not.
#[component]
pub fn Sidebar(outline: Outline, children: Children) -> impl IntoView {
    let progress = outline
        .standing
        .keeps_progress()
        .then(|| view! { <ProgressBar progress=outline.progress() label="Progress in this course" /> });
    view! {
        <aside class="outline" id="outline" aria-label="Course outline" popover="auto">
            <div class="outline-head">
                <a href=format!("/courses/{}", outline.course_id)>{outline.title}</a>
                <button
                    class="button button--quiet button--icon button--small"
                    type="button"
                    popovertarget="outline"
                    popovertargetaction="hide"
                    aria-label="Close outline"
                >
                    <IconView icon=Icon::Close />
                </button>
                {progress}
            </div>
            <input
                class="input input--small outline-search"
                id="outline-search"
                type="search"
                placeholder="Search lessons"
                aria-label="Search lessons"
                autocomplete="off"
            />
            <nav aria-label="Lessons">{children()}</nav>
        </aside>
    }
    .into_any()
}
