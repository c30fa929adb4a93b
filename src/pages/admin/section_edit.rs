use super::super::form::{Form, Submission};
use super::super::load::{load, show};
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::sections::{GetSection, UpdateSection};
use crate::components::field::{FieldText, RadioCards, TextField};
use crate::components::form::{FormErrors, Submit, of_field};
use crate::domain::section::{Section, SectionStatus};
use crate::domain::validate::NAME_MAX;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SectionEditPage() -> impl IntoView {
    let id = params::text("section");
    let section = load::<GetSection>(params::argument("id", "section"));
    view! {
        <Title text="Edit section" />
        <AdminPage class="page page--form">
            {show(section, move |section| view! { <SectionForm id=id() section /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn SectionForm(id: String, section: Section) -> impl IntoView {
    let update = Submission::to::<UpdateSection>();
    let failure = update.failure();
    let course = format!("/admin/courses/{}/edit", section.course_id);
    let steps = vec![("/admin/courses".into(), "Courses".into()), (course.clone(), section.course_title)];
    let statuses = SectionStatus::ALL.map(|status| (status.value(), status.label(), status.meaning())).to_vec();
    view! {
        <Breadcrumb steps here=section.name.clone() />
        <div class="page-header"><div><h1>"Edit section"</h1></div></div>
        <FormErrors failure />
        <Form to=update class="form">
            <input type="hidden" name="id" value=id.clone() />
            <input type="hidden" name="course" value=section.course_id.to_string() />
            <TextField
                text=FieldText::new("form[name]", "Name")
                error=of_field(failure, "name")
                value=section.name
                max=NAME_MAX
            />
            <RadioCards name="form[status]" legend="Who sees it" options=statuses selected=section.status.value() />
            <div class="form-actions">
                <Submit pending=update.pending()>"Save section"</Submit>
                <a class="button button--quiet" href=course>"Cancel"</a>
            </div>
        </Form>
    }
    .into_any()
}
