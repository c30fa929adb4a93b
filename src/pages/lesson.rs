use super::error::{ErrorView, answer_with};
use super::load::{load, shown};
use super::params;
use super::preload::Preload;
use super::visit::user;
use crate::api::player::{CompleteLesson, GetLesson, GetOutline};
use crate::components::outline::OutlineView;
use crate::islands::form::FormTarget;
use crate::islands::player::{Course, Player, document_title};
use leptos::prelude::*;
use leptos_meta::Title;

/// A lesson in the player, beside its course's outline.
#[component]
pub fn LessonPage() -> impl IntoView {
    let course = params::argument("course", "course");
    let both = format!("{course}&{}", params::argument("lesson", "lesson"));
    shown(async move {
        let (outline, lesson) = futures::join!(load::<GetOutline>(course), load::<GetLesson>(both));
        match (outline, lesson) {
            (Ok(outline), lesson) => {
                let title = lesson.as_ref().ok().map(|lesson| document_title(&outline.title, &lesson.name));
                let current = lesson.as_ref().ok().map(|lesson| lesson.id);
                let place = current.map(|lesson| outline.place(lesson)).unwrap_or_default();
                let course = Course::of(&outline, user().map(|user| user.id));
                let progress = outline.progress();
                if let Err(error) = &lesson {
                    answer_with(error);
                }
                view! {
                    <Title text=title.unwrap_or_else(|| outline.title.clone()) />
                    <Preload island="player" />
                    <Player course progress lesson place complete={FormTarget::of::<CompleteLesson>()}>
                        <OutlineView outline current />
                    </Player>
                }
                .into_any()
            }
            (Err(error), _) => {
                view! { <main class="page" id="main" tabindex="-1"><ErrorView error /></main> }.into_any()
            }
        }
    })
}
