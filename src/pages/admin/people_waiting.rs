use super::super::field::{FieldText, SelectField, TextField};
use super::super::purchases::Day;
use super::super::visit::visit;
use crate::api::admin::people::{GrantByEmail, RevokeWaitingGrant};
use crate::components::badge::{Badge, BadgeKind};
use crate::components::form::Submit;
use crate::domain::grant::WaitingGrant;
use crate::domain::id::CourseId;
use crate::domain::validate::NAME_MAX;
use crate::islands::form::{Form, FormTarget, Stored};
use leptos::prelude::*;

/// What was given to addresses that nobody is known to have yet.
#[component]
pub fn Waiting(grants: Vec<WaitingGrant>) -> impl IntoView {
    if grants.is_empty() {
        return ().into_any();
    }
    let rows = grants.into_iter().map(|grant| view! { <WaitingRow grant /> });
    view! {
        <section class="admin-section" aria-labelledby="waiting-h">
            <header><h2 id="waiting-h">"Waiting for their people"</h2></header>
            <Form to={FormTarget::of::<RevokeWaitingGrant>()} stored=Stored::Reloads>
                <ul class="access-list" role="list">{rows.collect_view()}</ul>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn WaitingRow(grant: WaitingGrant) -> impl IntoView {
    let by = grant.by.map_or_else(|| "Given ".to_owned(), |by| format!("Given by {by}, "));
    let accounts = grant.accounts.into_iter().map(|(id, name)| {
        view! { <li><a href=format!("/admin/people/{id}")>{format!("{name} says to have this address")}</a></li> }
    });
    let accounts = accounts.collect_view();
    let of = format!(" “{}” from {}", grant.course, grant.email);
    view! {
        <li>
            <div>
                <p><strong>{grant.email}</strong>" "<Badge kind=BadgeKind::Pending text="Waits" /></p>
                <p>{grant.course}</p>
                <p class="small muted">
                    {by}<Day time=grant.created_at />{grant.note.map(|note| format!(" · {note}"))}
                </p>
                <ul class="small" role="list">{accounts}</ul>
            </div>
            <button class="button button--small button--danger" type="submit" name="id" value=grant.id.to_string()>
                "Revoke"<span class="visually-hidden">{of}</span>
            </button>
        </li>
    }
    .into_any()
}

/// Gives a course to whoever an address is.
#[component]
pub fn ByEmail(courses: Vec<(CourseId, String)>, chosen: String) -> impl IntoView {
    let confirmed = match visit().sends {
        true => "the letter that they get confirms it, or you do, on the person’s page.",
        false => "you confirm it on the person’s page.",
    };
    view! {
        <section class="admin-section" aria-labelledby="by-email-h">
            <header><h2 id="by-email-h">"Give a course by e-mail"</h2></header>
            <p class="muted">
                "Before somebody signs up, too: it waits until the address is known to be theirs. Whoever merely types it at "
                "sign-up gets nothing; " {confirmed}
            </p>
            <Form to={FormTarget::of::<GrantByEmail>()} class="form" stored=Stored::Reloads>
                <div class="form-row">
                    <TextField text=FieldText::new("form[email]", "E-mail") kind="email" max=254 autocomplete="off" />
                    <SelectField
                        text=FieldText::new("form[course]", "Course to give")
                        options=options(courses)
                        value=chosen
                        choose="Choose a course"
                    />
                    <TextField text=FieldText::new("form[note]", "Note, for yourself").optional() max=NAME_MAX />
                </div>
                <div class="form-actions"><Submit>"Give course"</Submit></div>
            </Form>
        </section>
    }
    .into_any()
}

/// Courses to choose from.
pub fn options(courses: Vec<(CourseId, String)>) -> Vec<(String, String)> {
    courses.into_iter().map(|(id, title)| (id.to_string(), title)).collect()
}
