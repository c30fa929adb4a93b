use super::super::load::{load, show, shown};
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use super::refused::RefusedNotice;
use crate::api::admin::sections::{GetBulkReport, GetSection};
use crate::components::icon::{Icon, IconView};
use crate::components::notice::{Notice, NoticeKind};
use crate::domain::bulk::{BULK_MAX, BulkReport};
use crate::domain::deletion::count;
use crate::domain::section::Section;
use leptos::prelude::*;
use leptos_meta::Title;

/// Takes many files at once, each of which becomes a draft lesson of a section.
#[component]
pub fn LessonsBulkPage() -> impl IntoView {
    let id = params::text("section");
    view! {
        <Title text="Lessons from files" />
        <AdminPage class="page page--form">
            {show::<GetSection>(
                params::argument("id", "section"),
                move |section| view! { <Bulk id section /> }.into_any(),
            )}
        </AdminPage>
    }
}

#[component]
fn Bulk(id: String, section: Section) -> impl IntoView {
    let course = format!("/admin/courses/{}/edit", section.course_id);
    let steps = vec![
        ("/admin/courses".into(), "Courses".into()),
        (course.clone(), section.course_title),
        (format!("/admin/sections/{id}/edit"), section.name.clone()),
    ];
    let report = report(course.clone());
    view! {
        <Breadcrumb steps here="Lessons from files" />
        <div class="page-header">
            <div>
                <h1>"Lessons from files"</h1>
                <p class="lede">
                    {format!("Each file becomes a draft at the end of “{}”, in the order of their names: 2 before 10.", section.name)}
                </p>
            </div>
        </div>
        <div class="stack">
            <RefusedNotice />
            {report}
            <form
                class="dropbox"
                method="post"
                enctype="multipart/form-data"
                action=format!("/admin/sections/{id}/lessons/bulk/files")
            >
                <div class="field">
                    <label class="field-label" for="files">"Files"</label>
                    <p class="field-hint" id="files-hint">
                        {format!(
                            "Markdown (.md), called by its first heading, and films (.mp4, .webm), called by their file; at most {BULK_MAX} at once.",
                        )}
                    </p>
                    <input
                        class="input"
                        id="files"
                        name="files"
                        type="file"
                        multiple
                        required
                        accept=".md,.markdown,.mp4,.m4v,.webm"
                        aria-describedby="files-hint"
                    />
                </div>
                <div class="form-actions">
                    <button class="button button--primary" type="submit"><IconView icon=Icon::Plus />"Make lessons"</button>
                    <a class="button button--quiet" href=course>"Back to the course"</a>
                </div>
            </form>
        </div>
    }
    .into_any()
}

/// What became of files that were sent: the report that the address names, or this answer's own, where nothing was made.
fn report(course: String) -> AnyView {
    if let Some(report) = use_context::<BulkReport>() {
        return view! { <Report report course /> }.into_any();
    }
    let argument = params::query_argument("report");
    if argument.is_empty() {
        return ().into_any();
    }
    let loading = load::<GetBulkReport>(argument);
    shown(async move {
        match loading.await {
            Ok(Some(report)) => view! { <Report report course /> }.into_any(),
            // From long ago: the drafts are in the course.
            _ => ().into_any(),
        }
    })
}

/// What was made, and what was not and why.
#[component]
fn Report(report: BulkReport, course: String) -> impl IntoView {
    let made = report.made.len() as i64;
    let rows = report.made.into_iter().map(|(id, name, file)| {
        view! {
            <li>
                <IconView icon=Icon::Check />
                <span>
                    <a href=format!("/admin/lessons/{id}/edit")>{name}</a>
                    <span class="muted small">{file}</span>
                </span>
            </li>
        }
    });
    let rows = rows.collect_view();
    let refused = report.refused.len() as i64;
    let lines = report.refused.into_iter().map(|(file, why)| view! { <li><strong>{file}</strong>": "{why}</li> });
    let lines = lines.collect_view();
    let refused = (refused > 0).then(|| {
        view! {
            <Notice
                kind=NoticeKind::Danger
                title=count(refused, "file did not become a lesson", "files did not become lessons")
            >
                <ul role="list">{lines}</ul>
            </Notice>
        }
    });
    let made = (made > 0).then(|| {
        view! {
            <section class="stack stack--s" aria-labelledby="made">
                <Notice kind=NoticeKind::Success title=count(made, "draft was made", "drafts were made")>
                    <p>"Learners see none of them yet. "<a href=course>"Publish them in the course."</a></p>
                </Notice>
                <h2 class="visually-hidden" id="made">"Drafts"</h2>
                <ol class="bulk-made" role="list">{rows}</ol>
            </section>
        }
    });
    view! { {refused} {made} }.into_any()
}
