use super::load::show;
use super::params;
use super::purchases::Day;
use crate::api::player::{GetAccess, GetOutline};
use crate::components::badge::{Badge, BadgeKind};
use crate::components::icon::{Icon, IconView};
use crate::components::notice::{Notice, NoticeKind};
use crate::components::outline::OutlineView;
use crate::components::progress::ProgressBar;
use crate::domain::deletion::count;
use crate::domain::grant::AccessReason;
use crate::domain::outline::Outline;
use leptos::prelude::*;
use leptos_meta::Title;

/// A course's outline, how far one is, and Continue.
#[component]
pub fn CoursePage() -> impl IntoView {
    view! {
        <main class="page page--reading" id="main" tabindex="-1">
            {show::<GetOutline>(params::argument("course", "course"), |outline| view! { <Course outline /> }.into_any())}
        </main>
    }
}

#[component]
fn Course(outline: Outline) -> impl IntoView {
    view! {
        <Title text=outline.title.clone() />
        <header class="course-head">
            <h1>{outline.title.clone()}</h1>
            {(!outline.description.is_empty()).then(|| view! { <p class="lede">{outline.description.clone()}</p> })}
            {outline.standing.keeps_progress().then(|| view! { <Standing outline=outline.clone() /> })}
            {(!outline.standing.keeps_progress())
                .then_some(outline.sold_in)
                .flatten()
                .map(|product| {
                    view! { <p><a class="button button--primary" href=format!("/products/{product}")>"Get this course"</a></p> }
                })}
        </header>
        <OutlineView outline unfolded=true />
    }
    .into_any()
}

/// Each thing that gives the course, for whoever wonders.
#[component]
fn Why(reasons: Vec<AccessReason>) -> impl IntoView {
    let reasons = reasons.into_iter().map(|reason| match reason {
        AccessReason::Bought { purchase, product, at } => view! {
            <li>"You bought “"<a href=format!("/purchases/{purchase}")>{product}</a>"” on "<Day time=at />"."</li>
        }
        .into_any(),
        AccessReason::Given { at } => view! { <li>"The author gave it to you on "<Day time=at />"."</li> }.into_any(),
    });
    view! {
        <details class="small muted">
            <summary>"Why do I have access?"</summary>
            <ul>{reasons.collect_view()}</ul>
        </details>
    }
    .into_any()
}

/// Progress, the way on, and what is new since the course was finished.
#[component]
fn Standing(outline: Outline) -> impl IntoView {
    let progress = outline.progress();
    let started = progress.completed > 0;
    let go = outline.continue_at().map(|lesson| {
        let href = format!("/courses/{}/lessons/{}", outline.course_id, lesson.id);
        let text = if progress.is_complete() {
            "Open again"
        } else if started {
            "Continue"
        } else {
            "Start"
        };
        view! { <a class="button button--primary button--large" href=href>{text}<IconView icon=Icon::ArrowRight /></a> }
    });
    let finished = outline.completed_at.clone().map(|day| {
        view! { <p class="cluster"><Badge kind=BadgeKind::Done text="Completed" /><Day time=day /></p> }
    });
    // A buyer's preview has no access of its own to explain.
    let why = (outline.standing == crate::domain::access::Standing::Entitled).then(|| {
        show::<GetAccess>(format!("course={}", outline.course_id), |reasons| view! { <Why reasons /> }.into_any())
    });
    let added = (outline.added_since > 0).then(|| {
        let title =
            format!("{} since you finished", count(i64::from(outline.added_since), "new lesson", "new lessons"));
        view! { <Notice kind=NoticeKind::Info title><p>"Your completion and its date stay as they are."</p></Notice> }
    });
    view! {
        <ProgressBar progress label="Progress in this course" />
        {finished}
        {added}
        <p>{go}</p>
        {why}
    }
    .into_any()
}
