use super::super::load::show;
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::courses::GetDropOff;
use crate::components::chart::ShareBar;
use crate::components::icon::{Icon, IconView};
use crate::components::table::{Cell, Table};
use crate::domain::deletion::count;
use crate::domain::drop_off::{DropOff, percent};
use crate::domain::money::grouped;
use leptos::prelude::*;
use leptos_meta::Title;

/// How far the learners of a course get.
#[component]
pub fn CourseProgressPage() -> impl IntoView {
    let id = params::text("course");
    view! {
        <AdminPage>
            {show::<GetDropOff>(
                params::argument("id", "course"),
                move |found| view! { <Progress id found /> }.into_any(),
            )}
        </AdminPage>
    }
}

#[component]
fn Progress(id: String, found: DropOff) -> impl IntoView {
    let steps =
        vec![("/admin/courses".into(), "Courses".into()), (format!("/admin/courses/{id}/edit"), found.title.clone())];
    let learners = count(found.learners, "learner", "learners");
    view! {
        <Title text=format!("{} · How far they get", found.title) />
        <Breadcrumb steps here="How far they get" />
        <div class="page-header">
            <div>
                <h1>"How far they get"</h1>
                <p class="lede">
                    {format!("Of {learners} with access, those who completed a lesson or one that comes after it.")}
                </p>
            </div>
            <a class="button" href=format!("/admin/people?course={id}")><IconView icon=Icon::User />"People"</a>
        </div>
        <Lessons found />
    }
    .into_any()
}

#[component]
fn Lessons(found: DropOff) -> impl IntoView {
    if found.lessons.is_empty() {
        return view! {
            <div class="empty">
                <IconView icon=Icon::Book />
                <h2>"No lessons yet"</h2>
                <p>"Public lessons of public sections stand here, with how many learners got to each."</p>
            </div>
        }
        .into_any();
    }
    let mut section = String::new();
    let (whole, lessons) = (found.learners, found.lessons);
    let rows: Vec<_> = lessons
        .into_iter()
        .map(|lesson| {
            let percent = percent(lesson.reached, whole);
            let begins = section != lesson.section;
            section.clone_from(&lesson.section);
            view! {
                <tr role="row">
                    <th scope="row" role="rowheader">
                        {begins.then(|| view! { <span class="reach-section">{lesson.section}</span> })}
                        <a href=format!("/admin/lessons/{}/edit", lesson.id)>{lesson.name}</a>
                    </th>
                    <td role="cell" class="reach-bar"><ShareBar percent /></td>
                    <Cell label="Learners" number=true>{grouped(lesson.reached.unsigned_abs())}</Cell>
                    <Cell label="Share" number=true>{format!("{percent} %")}</Cell>
                </tr>
            }
        })
        .collect();
    let columns = vec![("Lesson", false), ("Got this far", false), ("Learners", true), ("Share", true)];
    view! { <div class="reach"><Table caption="Lessons" columns>{rows}</Table></div> }.into_any()
}
