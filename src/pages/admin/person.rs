use super::super::field::{FieldText, SelectField, TextField};
use super::super::load::show;
use super::super::params;
use super::super::purchases::Day;
use super::layout::{AdminPage, Breadcrumb};
use super::people_waiting::options;
use super::person_access::Access;
use super::person_rights::Rights;
use crate::api::admin::people::{ConfirmAddress, GetPerson, GrantCourse};
use crate::components::badge::{Badge, BadgeKind};
use crate::components::form::Submit;
use crate::domain::grant::WaitingGrant;
use crate::domain::id::CourseId;
use crate::domain::person::Person;
use crate::domain::validate::NAME_MAX;
use crate::islands::form::{Form, FormTarget, Stored};
use leptos::prelude::*;
use leptos_meta::Title;

/// One person: who they are, what they may open and why, and how far they are.
#[component]
pub fn PersonPage() -> impl IntoView {
    view! {
        <AdminPage class="page page--form">
            {show::<GetPerson>(params::argument("id", "person"), |person| view! { <Found person /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Found(person: Person) -> impl IntoView {
    let active = match person.active().cloned() {
        Some(time) => view! { <Day time /> }.into_any(),
        None => view! { "Never" }.into_any(),
    };
    let address = match person.verified_at.clone() {
        Some(_) => view! { <Badge kind=BadgeKind::Done text="Confirmed" /> }.into_any(),
        None => view! { <Badge kind=BadgeKind::Pending text="Not confirmed" /> }.into_any(),
    };
    let rights = view! { <Rights person=person.clone() /> };
    let confirm = person.verified_at.is_none().then(|| {
        view! { <Confirm id=person.id.to_string() email=person.email.clone() waiting=person.waiting /> }
    });
    let suspended = person.suspended_at.is_some();
    view! {
        <Title text=format!("{} · People", person.name) />
        <Breadcrumb steps=vec![("/admin/people".into(), "People".into())] here=person.name.clone() />
        <div class="page-header">
            <div><h1>{person.name}</h1></div>
            <div class="cluster">
                {person.admin.then(|| view! { <span class="badge">"Admin"</span> })}
                {suspended.then(|| view! { <Badge kind=BadgeKind::Private text="Suspended" /> })}
            </div>
        </div>
        <div class="stack stack--l">
            <dl class="facts">
                <div><dt>"E-mail"</dt><dd>{person.email}" "{address}</dd></div>
                <div><dt>"Joined"</dt><dd><Day time=person.joined /></dd></div>
                <div><dt>"Last activity"</dt><dd>{active}</dd></div>
            </dl>
            {confirm}
            <Access courses=person.courses />
            <Give id=person.id.to_string() courses=person.choices />
            {rights}
        </div>
    }
    .into_any()
}

/// The author's word for an address that nobody checked.
#[component]
fn Confirm(id: String, email: String, waiting: Vec<WaitingGrant>) -> impl IntoView {
    let courses: Vec<String> = waiting.into_iter().map(|grant| format!("“{}”", grant.course)).collect();
    let waits = match courses.is_empty() {
        true => "Nothing waits for this address now.".to_owned(),
        false => format!("Waiting for it: {}. Confirming gives them to this person.", courses.join(", ")),
    };
    view! {
        <section class="admin-section" aria-labelledby="address-h">
            <header><h2 id="address-h">"Is this their address?"</h2></header>
            <p>
                {format!("“{email}” was typed at sign-up and nobody checked it. Confirm it if you know that it is theirs. ")}
                {waits}
            </p>
            <Form to={FormTarget::of::<ConfirmAddress>()} stored=Stored::Reloads>
                <input type="hidden" name="person" value=id />
                <div class="form-actions"><Submit class="button">"I know that this is theirs"</Submit></div>
            </Form>
        </section>
    }
    .into_any()
}

/// Gives a course by hand.
#[component]
fn Give(id: String, courses: Vec<(CourseId, String)>) -> impl IntoView {
    view! {
        <section class="admin-section" aria-labelledby="give-h">
            <header><h2 id="give-h">"Give a course"</h2></header>
            <Form to={FormTarget::of::<GrantCourse>()} class="form" stored=Stored::Reloads>
                <input type="hidden" name="person" value=id />
                <div class="form-row">
                    <SelectField
                        text=FieldText::new("form[course]", "Course")
                        options=options(courses)
                        choose="Choose a course"
                    />
                    <TextField
                        text=FieldText::new("form[note]", "Note, for yourself").optional()
                        max=NAME_MAX
                    />
                </div>
                <div class="form-actions"><Submit>"Give course"</Submit></div>
            </Form>
        </section>
    }
    .into_any()
}
