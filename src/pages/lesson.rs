use super::error::{ErrorView, answer_with};
use super::load::{load, shown};
use super::params;
use super::preload::Preload;
use crate::api::player::{CompleteLesson, GetLesson, GetOutline};
use crate::islands::form::FormTarget;
use crate::islands::player::{Player, document_title};
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
                let title = lesson.as_ref().ok().map(|lesson| document_title(&outline, lesson));
                if let Err(error) = &lesson {
                    answer_with(error);
                }
                view! {
                    <Title text=title.unwrap_or_else(|| outline.title.clone()) />
                    <Preload island="player" />
                    <Player outline lesson complete={FormTarget::of::<CompleteLesson>()} />
                }
                .into_any()
            }
            (Err(error), _) => {
                view! { <main class="page" id="main" tabindex="-1"><ErrorView error /></main> }.into_any()
            }
        }
    })
}
