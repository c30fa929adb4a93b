use super::load::show;
use crate::api::player::ListMyCourses;
use crate::components::badge::{Badge, BadgeKind};
use crate::components::cover::Cover;
use crate::components::icon::{Icon, IconView};
use crate::components::progress::ProgressBar;
use crate::domain::course::MyCourse;
use leptos::prelude::*;
use leptos_meta::Title;

/// The learner's desk: every course, how far one is, and one press to go on.
#[component]
pub fn MyCoursesPage() -> impl IntoView {
    view! {
        <Title text="My courses" />
        <main class="page" id="main" tabindex="-1">
            <div class="page-header"><div><h1>"My courses"</h1></div></div>
            {show::<ListMyCourses>("", |courses| view! { <Desk courses /> }.into_any())}
        </main>
    }
}

#[component]
fn Desk(courses: Vec<MyCourse>) -> impl IntoView {
    if courses.is_empty() {
        return view! {
            <div class="empty">
                <IconView icon=Icon::Book />
                <h2>"No courses yet"</h2>
                <p>"What you buy opens here at once."</p>
                <a class="button button--primary" href="/">"Look at the courses"</a>
            </div>
        }
        .into_any();
    }
    let cards = courses.into_iter().map(|course| view! { <Card course /> });
    view! { <ul class="grid" role="list">{cards.collect_view()}</ul> }.into_any()
}

#[component]
fn Card(course: MyCourse) -> impl IntoView {
    let page = format!("/courses/{}", course.id);
    let done = course.progress.is_complete();
    let go = match course.continue_at {
        None => view! { <span class="muted">"No lessons yet"</span> }.into_any(),
        Some(lesson) => {
            let href = format!("{page}/lessons/{lesson}");
            match (done, course.started) {
                (true, _) => view! {
                    <Badge kind=BadgeKind::Done text="Completed" />
                    <a class="button button--small" href=href>"Open again"</a>
                }
                .into_any(),
                (false, started) => view! {
                    <a class="button button--primary" href=href>
                        {if started { "Continue" } else { "Start" }}
                        <IconView icon=Icon::ArrowRight />
                    </a>
                }
                .into_any(),
            }
        }
    };
    view! {
        <li class="card">
            <Cover title=course.title.clone() />
            <div class="card-body">
                <h2 class="card-title"><a href=page>{course.title.clone()}</a></h2>
                <ProgressBar progress=course.progress label=format!("Progress in {}", course.title) />
                <div class="card-foot">{go}</div>
            </div>
        </li>
    }
    .into_any()
}
