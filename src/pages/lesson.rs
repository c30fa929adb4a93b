use super::error::{ErrorView, answer_with};
use super::load::{load, shown};
use super::params;
use super::preload::Preload;
use super::visit::{user, visit};
use crate::api::player::{CompleteLesson, GetLesson, GetOutline};
use crate::components::error_words::ErrorWords;
use crate::components::icon::{Icon, IconView};
use crate::components::notice::{Notice, NoticeKind};
use crate::components::outline::OutlineView;
use crate::components::response::{Allow, Reach};
use crate::domain::lesson::LessonPage as Lesson;
use crate::domain::outline::Outline;
use crate::error::AppError;
use crate::islands::form::FormTarget;
use crate::islands::player::{Here, Open as OpenLesson, Player};
use frame::{PlayerBar, Sidebar};
use keys::KeySheet;
use leptos::prelude::*;
use leptos_meta::Title;
use text::{LessonText, Neighbours, Offer};

mod frame;
mod keys;
mod text;

/// A lesson in the player, beside its course's outline. All of it is HTML; the player takes over the video and the
/// completion, marks the outline, and on the way to another lesson fetches that one's page, without its outline,
/// and puts its text in the place of this one's.
#[component]
pub fn LessonPage() -> impl IntoView {
    let course = params::argument("course", "course");
    let both = format!("{course}&{}", params::argument("lesson", "lesson"));
    shown(async move {
        let (outline, lesson) = futures::join!(load::<GetOutline>(course), load::<GetLesson>(both));
        match outline {
            Ok(outline) => view! { <InCourse outline lesson /> }.into_any(),
            Err(error) => view! { <main class="page" id="main" tabindex="-1"><ErrorView error /></main> }.into_any(),
        }
    })
}

#[component]
fn InCourse(outline: Outline, lesson: Result<Lesson, AppError>) -> impl IntoView {
    let title = match &lesson {
        Ok(lesson) => format!("{} · {}", lesson.name, outline.title),
        Err(_) => outline.title.clone(),
    };
    if let Some(allow) = use_context::<Allow>().filter(|_| lesson.as_ref().is_ok_and(|lesson| lesson.streams)) {
        allow.run(Reach::Streams);
    }
    let current = lesson.as_ref().ok().map(|lesson| lesson.id);
    let sidebar = outline.clone();
    let around = (!visit().part).then(|| {
        view! {
            <PlayerBar outline=sidebar.clone() />
            <KeySheet />
            <Sidebar outline=sidebar.clone()><OutlineView outline=sidebar current /></Sidebar>
        }
    });
    let main = match lesson {
        Ok(lesson) => view! { <Open lesson outline /> }.into_any(),
        Err(error) => {
            answer_with(&error);
            view! { <ErrorWords error way_on=text::way_in(&outline) /> }.into_any()
        }
    };
    view! {
        <Title text=title />
        <Preload island="player" />
        <div class="player">
            {around}
            <main class="lesson" id="main" tabindex="-1">
                <button
                    class="button button--quiet button--icon focus-toggle"
                    type="button"
                    data-focus-toggle=""
                    aria-pressed="false"
                    aria-label="Hide the outline"
                >
                    <IconView icon=Icon::Menu />
                </button>
                {main}
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn Open(lesson: Lesson, outline: Outline) -> impl IntoView {
    let place = outline.place(lesson.id);
    let section = place.section.clone();
    let learner = user().map(|user| user.id).filter(|_| outline.standing.keeps_progress());
    let offer = learner.is_none().then(|| view! { <Offer outline=outline.clone() /> });
    // What was refused where the form was sent without script.
    let refusal = FormTarget::of::<CompleteLesson>();
    let refusal = refusal.refusal().map(|error| {
        view! { <Notice kind=NoticeKind::Danger title=format!("This was not saved. {error}") /> }
    });
    let here = Here { course: outline.course_id, learner, open: OpenLesson::of(&lesson) };
    provide_context(here.clone());
    view! {
        <Player>
            <LessonText here lesson section />
        </Player>
        {refusal}
        {offer}
        <Neighbours course=outline.course_id place />
    }
    .into_any()
}
