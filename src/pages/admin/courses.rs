use super::super::load::show;
use super::layout::AdminPage;
use crate::api::admin::courses::ListCourses;
use crate::components::icon::{Icon, IconView};
use crate::components::table::{Cell, Table};
use crate::domain::course::CourseRow;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn AdminCoursesPage() -> impl IntoView {
    view! {
        <Title text="Courses · Admin" />
        <AdminPage>
            <div class="page-header">
                <div><h1>"Courses"</h1></div>
                <div class="cluster">
                    <a class="button" href="/admin/courses/import"><IconView icon=Icon::ArrowUp />"Import"</a>
                    <a class="button button--primary" href="/admin/courses/new">
                        <IconView icon=Icon::Plus />
                        "New course"
                    </a>
                </div>
            </div>
            {show::<ListCourses>("", |courses| view! { <Courses courses /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Courses(courses: Vec<CourseRow>) -> impl IntoView {
    if courses.is_empty() {
        return view! {
            <div class="empty">
                <IconView icon=Icon::Book />
                <h2>"No courses yet"</h2>
                <p>"A course holds sections, a section holds lessons. Start with a title."</p>
            </div>
        }
        .into_any();
    }
    let rows = courses.into_iter().map(|course| {
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("/admin/courses/{}/edit", course.id)>{course.title}</a></th>
                <Cell label="Sections" number=true>{course.sections}</Cell>
                <Cell label="Lessons" number=true>{course.lessons}</Cell>
                <Cell label="Products" number=true>{course.products}</Cell>
                <Cell label="Learners" number=true>{course.learners}</Cell>
            </tr>
        }
    });
    let columns = vec![("Title", false), ("Sections", true), ("Lessons", true), ("Products", true), ("Learners", true)];
    view! { <Table caption="Courses" columns>{rows.collect_view()}</Table> }.into_any()
}
