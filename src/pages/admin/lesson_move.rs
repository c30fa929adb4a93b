use super::super::field::RadioCards;
use super::super::load::show;
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::lessons::{GetLessonMove, MoveLesson};
use crate::components::form::Submit;
use crate::domain::lesson::LessonMove;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

/// Moves a lesson into another section, of its course or of another one.
#[component]
pub fn LessonMovePage() -> impl IntoView {
    let id = params::text("lesson");
    view! {
        <Title text="Move lesson" />
        <AdminPage class="page page--form">
            {show::<GetLessonMove>(
                params::argument("id", "lesson"),
                move |places| view! { <MoveForm id places /> }.into_any(),
            )}
        </AdminPage>
    }
}

#[component]
fn MoveForm(id: String, places: LessonMove) -> impl IntoView {
    let action = FormTarget::of::<MoveLesson>();
    let course = format!("/admin/courses/{}/edit", places.course_id);
    let own = places.section_id;
    let others = places.courses.into_iter().map(|(title, sections)| {
        (title, sections.into_iter().filter(|(section, _)| *section != own).collect::<Vec<_>>())
    });
    let others: Vec<_> = others.filter(|(_, sections)| !sections.is_empty()).collect();
    let steps = vec![("/admin/courses".into(), "Courses".into()), (course.clone(), "Outline".into())];
    if others.is_empty() {
        return view! {
            <Breadcrumb steps here="Move" />
            <h1>{format!("Move “{}”", places.name)}</h1>
            <p>"There is no other section to move it to."</p>
            <p><a class="button" href=course>"Back"</a></p>
        }
        .into_any();
    }
    let options = others.into_iter().map(|(title, sections)| {
        let sections = sections.into_iter().map(|(id, name)| view! { <option value=id.to_string()>{name}</option> });
        view! { <optgroup label=title>{sections.collect_view()}</optgroup> }
    });
    view! {
        <Breadcrumb steps here="Move" />
        <div class="page-header">
            <div>
                <h1>{format!("Move “{}”", places.name)}</h1>
                <p class="lede">"Learners keep what they completed. In another course, those who have that one see it."</p>
            </div>
        </div>
        <Form to=action class="form">
            <input type="hidden" name="course" value=places.course_id.to_string() />
            <input type="hidden" name="lesson" value=id.clone() />
            <input type="hidden" name="from" value=places.section_id.to_string() />
            <div class="field">
                <label class="field-label" for="to">"Section"</label>
                <select class="input" id="to" name="to">{options.collect_view()}</select>
            </div>
            <RadioCards
                name="first"
                legend="Where in it"
                options=vec![("false", "At the end", "After the lessons that are there."), ("true", "At the start", "Before them.")]
                selected="false"
            />
            <div class="form-actions">
                <Submit>"Move lesson"</Submit>
                <a class="button button--quiet" href=course>"Cancel"</a>
            </div>
        </Form>
    }
    .into_any()
}
