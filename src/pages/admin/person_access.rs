use super::super::purchases::Day;
use crate::api::admin::people::RevokeGrant;
use crate::components::badge::{Badge, BadgeKind};
use crate::components::icon::{Icon, IconView};
use crate::components::progress::ProgressBar;
use crate::domain::grant::Source;
use crate::domain::person::{Grant, PersonCourse};
use crate::islands::form::{Form, FormTarget, Stored};
use leptos::prelude::*;

/// Every course that anything ever gave a person, with each of its sources.
#[component]
pub fn Access(courses: Vec<PersonCourse>) -> impl IntoView {
    let list = match courses.is_empty() {
        true => view! {
            <div class="empty empty--small">
                <IconView icon=Icon::Lock />
                <p>"Nothing was bought or given yet."</p>
            </div>
        }
        .into_any(),
        false => {
            let courses = courses.into_iter().map(|course| view! { <Course course /> });
            // One form for all sources: each that can be taken back has its button.
            view! {
                <Form to={FormTarget::of::<RevokeGrant>()} class="stack" stored=Stored::Reloads>
                    {courses.collect_view()}
                </Form>
            }
            .into_any()
        }
    };
    view! {
        <section class="admin-section" aria-labelledby="access-h">
            <header><h2 id="access-h">"Access"</h2></header>
            <p class="muted">
                "What was bought ends when it is refunded, in "<a href="/admin/sales">"Sales"</a>
                ". What was given can be taken back here; any other source of the course stays."
            </p>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Course(course: PersonCourse) -> impl IntoView {
    let open = course.live() > 0;
    let left = course.without_one();
    let state = match open {
        true => view! { <Badge kind=BadgeKind::Done text="Has access" /> }.into_any(),
        false => view! { <Badge kind=BadgeKind::Private text="No access" /> }.into_any(),
    };
    let finished = course.finished_at.map(|time| view! { " · Finished "<Day time /> });
    let active = match course.active {
        Some(time) => view! { "Last activity "<Day time /> }.into_any(),
        None => view! { "No activity yet" }.into_any(),
    };
    let label = format!("Progress in {}", course.title);
    let title = course.title.clone();
    let grants = course.grants.into_iter().map(|grant| {
        view! { <GrantRow grant course=title.clone() left /> }
    });
    view! {
        <article class="panel person-course">
            <header class="cluster">
                <h3><a href=format!("/admin/people?course={}", course.id)>{course.title}</a></h3>
                {state}
            </header>
            <ProgressBar progress=course.progress label />
            <p class="small muted">{active}{finished}</p>
            <ul class="access-list" role="list">{grants.collect_view()}</ul>
        </article>
    }
    .into_any()
}

/// A source, and the way to take it back where an admin gave it.
#[component]
fn GrantRow(grant: Grant, course: String, left: &'static str) -> impl IntoView {
    let live = grant.revoked_at.is_none();
    let given = grant.created_at;
    let (words, action) = match grant.source {
        Source::Purchase { id, product, bought_at, refunded } => {
            let words = view! {
                <p>
                    "Bought “"<a href=format!("/admin/sales/{id}")>{product}</a>"” "<Day time=bought_at />
                    {refunded.then(|| view! { " "<Badge kind=BadgeKind::Refunded text="Refunded" /> })}
                </p>
            };
            (words.into_any(), None)
        }
        Source::Hand { by, note } => {
            let by = by.map_or_else(|| "Given ".to_owned(), |by| format!("Given by {by}, "));
            let words = view! {
                <p>{by}<Day time=given /></p>
                {note.map(|note| view! { <p class="small">{note}</p> })}
                {live.then(|| view! { <p class="small muted">{left}</p> })}
            };
            let action = live.then(|| {
                view! {
                    <button
                        class="button button--small button--danger"
                        type="submit"
                        name="id"
                        value=grant.id.to_string()
                    >
                        "Revoke"<span class="visually-hidden">{format!(" this grant of “{course}”")}</span>
                    </button>
                }
            });
            (words.into_any(), action)
        }
    };
    let revoked = grant.revoked_at.map(|time| view! { <p class="small muted">"Taken back "<Day time /></p> });
    view! { <li><div>{words}{revoked}</div>{action}</li> }.into_any()
}
