use super::super::load::show;
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::lessons::{GetLessonVersions, RestoreLessonVersion};
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::domain::deletion::count;
use crate::domain::version::{Compared, LessonVersion, LessonVersions, Line};
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

/// What a lesson was, each state that was saved: to be compared with what it is, and to be had again.
#[component]
pub fn LessonVersionsPage() -> impl IntoView {
    let id = params::text("lesson");
    let asked = params::argument("id", "lesson") + &params::query_argument("version");
    view! {
        <AdminPage class="page">
            {show::<GetLessonVersions>(asked, move |found| view! { <Versions id found /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Versions(id: String, found: LessonVersions) -> impl IntoView {
    let steps = vec![
        ("/admin/courses".into(), "Courses".into()),
        (format!("/admin/courses/{}/edit", found.course_id), found.course_title),
        (format!("/admin/lessons/{id}/edit"), found.name.clone()),
    ];
    let shown = found.compared.as_ref().map(|compared| compared.version);
    let rows = found.versions.iter().enumerate().map(|(at, version)| {
        let (version, shown) = (version.clone(), shown == Some(version.id));
        view! { <Row lesson=id.clone() version is_now={at == 0} shown /> }
    });
    let rows = rows.collect_view();
    let list = match found.versions.is_empty() {
        true => view! {
            <p class="muted">"Nothing was saved here yet. From the next time on, every text that you save is kept."</p>
        }
        .into_any(),
        false => view! { <ol class="versions" role="list">{rows}</ol> }.into_any(),
    };
    let is_now = found.versions.first().map(|first| first.id) == shown;
    let compared = found.compared.map(|compared| view! { <Comparison lesson=id.clone() compared is_now /> });
    view! {
        <Title text=format!("{} · Versions", found.name) />
        <Breadcrumb steps here="Versions" />
        <div class="page-header">
            <div>
                <h1>"Versions"</h1>
                <p class="lede">{format!("Every text of “{}” that was saved.", found.name)}</p>
            </div>
            <a class="button" href=format!("/admin/lessons/{id}/edit")><IconView icon=Icon::Pencil />"Edit lesson"</a>
        </div>
        <div class="history">{list}{compared}</div>
    }
    .into_any()
}

#[component]
fn Row(lesson: String, version: LessonVersion, is_now: bool, shown: bool) -> impl IntoView {
    let by = version.by.unwrap_or_else(|| "As it was before".to_owned());
    let size = format!("{} characters", version.characters);
    view! {
        <li>
            <a
                class="version"
                href=format!("/admin/lessons/{lesson}/versions?version={}", version.id)
                aria-current=shown.then_some("true")
            >
                <strong><time datetime=version.saved_at.0.clone()>{version.saved_at.minute()}</time></strong>
                {is_now.then(|| view! { <span class="badge">"Now"</span> })}
                <span class="muted">{format!("{by} · {size}")}</span>
            </a>
        </li>
    }
    .into_any()
}

fn words(lines: usize) -> String {
    count(lines as i64, "line is the same", "lines are the same")
}

/// One state beside what the lesson is now.
#[component]
fn Comparison(lesson: String, compared: Compared, is_now: bool) -> impl IntoView {
    if is_now {
        return view! { <p class="muted">"This is what the lesson is now."</p> }.into_any();
    }
    let restore = FormTarget::of::<RestoreLessonVersion>();
    view! {
        <section class="comparison" aria-labelledby="comparison-title">
            <header class="cluster">
                <h2 id="comparison-title">"From then to now"</h2>
                <Form to=restore>
                    <input type="hidden" name="id" value=lesson />
                    <input type="hidden" name="version" value=compared.version.to_string() />
                    <Submit class="button button--primary" icon=Icon::Retry>"Restore this version"</Submit>
                </Form>
            </header>
            <p class="muted">"Restoring changes name, text and video address. What is there now stays in this list."</p>
            <Lines lines=compared.lines label="Lines from then to now" />
        </section>
    }
    .into_any()
}

/// Lines of two texts, one after the other.
#[component]
pub fn Lines(lines: Vec<Line>, label: &'static str) -> impl IntoView {
    let lines = lines.into_iter().map(|line| match line {
        Line::Same(text) => view! { <li>{text}</li> }.into_any(),
        Line::Added(text) => view! { <li><ins>{text}</ins></li> }.into_any(),
        Line::Removed(text) => view! { <li><del>{text}</del></li> }.into_any(),
        Line::Skipped(lines) => view! { <li class="diff-skipped">{words(lines)}</li> }.into_any(),
    });
    view! { <ol class="diff" role="list" tabindex="0" aria-label=label>{lines.collect_view()}</ol> }.into_any()
}
