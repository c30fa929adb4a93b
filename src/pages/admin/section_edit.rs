use super::super::field::{FieldText, RadioCards, TextField};
use super::super::load::show;
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::sections::{GetSection, UpdateSection};
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::domain::section::{Section, SectionStatus};
use crate::domain::validate::NAME_MAX;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SectionEditPage() -> impl IntoView {
    let id = params::text("section");
    view! {
        <Title text="Edit section" />
        <AdminPage class="page page--form">
            {show::<GetSection>(
                params::argument("id", "section"),
                move |section| view! { <SectionForm id section /> }.into_any(),
            )}
        </AdminPage>
    }
}

#[component]
fn SectionForm(id: String, section: Section) -> impl IntoView {
    let update = FormTarget::of::<UpdateSection>();
    let course = format!("/admin/courses/{}/edit", section.course_id);
    let steps = vec![("/admin/courses".into(), "Courses".into()), (course.clone(), section.course_title)];
    let statuses = SectionStatus::ALL.map(|status| (status.value(), status.label(), status.meaning())).to_vec();
    view! {
        <Breadcrumb steps here=section.name.clone() />
        <div class="page-header">
            <div><h1>"Edit section"</h1></div>
            <a class="button" href=format!("/admin/sections/{id}/lessons/bulk")>
                <IconView icon=Icon::Plus />
                "Lessons from files"
            </a>
        </div>
        <Form to=update class="form">
            <input type="hidden" name="id" value=id.clone() />
            <input type="hidden" name="course" value=section.course_id.to_string() />
            <TextField
                text=FieldText::new("form[name]", "Name")
                value=section.name
                max=NAME_MAX
            />
            <RadioCards name="form[status]" legend="Who sees it" options=statuses selected=section.status.value() />
            <div class="form-actions">
                <Submit>"Save section"</Submit>
                <a class="button button--quiet" href=course>"Cancel"</a>
            </div>
        </Form>
    }
    .into_any()
}
