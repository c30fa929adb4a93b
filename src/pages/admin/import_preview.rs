use super::super::load::show;
use super::super::params;
use super::import_changes::Changes;
use super::layout::{AdminPage, Breadcrumb};
use super::refused::RefusedNotice;
use crate::api::admin::imports::{CancelImport, GetImport};
use crate::components::badge::Badge;
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::components::notice::{Notice, NoticeKind};
use crate::domain::deletion::count;
use crate::domain::file::size;
use crate::domain::import::{ImportPreview, PreviewLesson, PreviewSection, UpdatePreview};
use crate::domain::language;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;
use leptos_meta::Title;

/// What would be made of a zip file, before anything is.
#[component]
pub fn ImportPreviewPage() -> impl IntoView {
    view! {
        <AdminPage class="page page--form">
            {show::<GetImport>(params::argument("id", "import"), |preview| view! { <Preview preview /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Preview(preview: ImportPreview) -> impl IntoView {
    let cancel = FormTarget::of::<CancelImport>();
    let (files, bytes) = preview.files();
    let files = match files {
        0 => "no files".to_owned(),
        files => format!("{} ({})", count(files as i64, "file", "files"), size(bytes)),
    };
    let facts = format!(
        "{}, {}, {files}. Waits until {} UTC.",
        count(preview.sections.len() as i64, "section", "sections"),
        count(preview.lessons().count() as i64, "lesson", "lessons"),
        preview.until.minute(),
    );
    let steps = vec![("/admin/courses".into(), "Courses".into()), ("/admin/courses/import".into(), "Import".into())];
    let id = preview.id.to_string();
    let update = preview.update.clone();
    view! {
        <Title text=format!("{} · Import", preview.title) />
        <Breadcrumb steps here=preview.file.clone() />
        <div class="page-header">
            <div>
                <h1>{preview.title.clone()}</h1>
                <p class="lede">{facts}</p>
            </div>
            <Form to=cancel>
                <input type="hidden" name="id" value=id.clone() />
                <Submit class="button" icon=Icon::Close>"Give it up"</Submit>
            </Form>
        </div>
        <div class="stack stack--l">
            <RefusedNotice />
            <Warnings warnings=preview.warnings.clone() />
            {update.clone().map(|update| view! { <Changes update /> })}
            <Contents sections=preview.sections.clone() />
            <Choices id=preview.id.to_string() update namesake=preview.namesake />
        </div>
    }
    .into_any()
}

#[component]
fn Warnings(warnings: Vec<String>) -> impl IntoView {
    if warnings.is_empty() {
        return ().into_any();
    }
    let title = count(warnings.len() as i64, "thing to look at", "things to look at");
    let lines = warnings.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <Notice kind=NoticeKind::Warning title>
            <details class="import-warnings">
                <summary>"Show what was left out or changed"</summary>
                <ul class="consequences">{lines}</ul>
            </details>
        </Notice>
    }
    .into_any()
}

#[component]
fn Contents(sections: Vec<PreviewSection>) -> impl IntoView {
    let sections = sections.into_iter().map(|section| {
        let lessons = section.lessons.into_iter().map(|lesson| view! { <Lesson lesson /> }).collect_view();
        view! {
            <li class="import-section">
                <h3>{section.name}<Badge kind=section.status.into() text=section.status.label() /></h3>
                <ol class="import-lessons" role="list">{lessons}</ol>
            </li>
        }
    });
    view! {
        <section class="admin-section" aria-labelledby="contents">
            <header><h2 id="contents">"What is in it"</h2></header>
            <ol class="import-sections" role="list">{sections.collect_view()}</ol>
        </section>
    }
    .into_any()
}

#[component]
fn Lesson(lesson: PreviewLesson) -> impl IntoView {
    let text = match lesson.lines {
        0 => "no text".to_owned(),
        lines => count(lines as i64, "line", "lines"),
    };
    let files = lesson.files.into_iter().map(|(name, bytes)| format!("{name} ({})", size(bytes)));
    let captions = lesson.captions.iter().map(|tag| format!("captions in {}", language::name(tag)));
    let video = lesson.has_video.then(|| "a video".to_owned());
    let facts: Vec<String> = std::iter::once(text).chain(video).chain(files).chain(captions).collect();
    view! {
        <li>
            <span class="import-name">{lesson.name}</span>
            <Badge kind=lesson.status.into() text=lesson.status.label() />
            <span class="muted small">{facts.join(" · ")}</span>
        </li>
    }
    .into_any()
}

/// The yes: to a course of its own, or to the update of the one that it was.
#[component]
fn Choices(id: String, update: Option<UpdatePreview>, namesake: bool) -> impl IntoView {
    let update = update.filter(|update| update.refusal.is_none());
    let could_go = update.as_ref().and_then(UpdatePreview::could_go);
    let state = update.as_ref().map(|update| update.state.clone()).unwrap_or_default();
    let as_update = update.as_ref().is_some_and(|update| update.likely);
    let new_hint = match namesake {
        true => "There is a course of this title already: this makes a second one.",
        false => "Nothing that is here already changes.",
    };
    let update = update.map(|update| {
        let (title, label) = (&update.title, format!("Update “{}”", update.title));
        let hint = match update.likely {
            true => format!(
                "Changes the course “{title}” that is here. Lessons keep their ids, and learners their progress."
            ),
            false => format!(
                "Its lectern.toml names the course “{title}” that is here, but this has another title, and most of its \
                 lessons are not in that course. Choose this only if “{title}” is to become what is shown above.",
            ),
        };
        choice("update", label, hint, update.likely)
    });
    let delete = could_go.map(|completions| {
        let with = count(completions, "completion", "completions of learners");
        view! {
            <label class="choice">
                <input type="checkbox" name="delete" value="true" />
                <span>
                    <span class="choice-label">"When updating, remove what is not in the zip file"</span>
                    <span class="choice-hint">{format!("With {with}. Lessons can be restored for a day on the course's page.")}</span>
                </span>
            </label>
        }
    });
    view! {
        <form class="form" method="post" action=format!("/admin/courses/import/{id}/accept")>
            <input type="hidden" name="state" value=state />
            <fieldset class="field">
                <legend class="field-label">"Make of it"</legend>
                <div class="choices">
                    {update}
                    {choice("new", "A new course".to_owned(), new_hint.to_owned(), !as_update)}
                </div>
            </fieldset>
            {delete}
            <div class="form-actions">
                <button class="button button--primary" type="submit"><IconView icon=Icon::Check />"Import"</button>
            </div>
        </form>
    }
    .into_any()
}

fn choice(value: &'static str, label: String, hint: String, checked: bool) -> AnyView {
    view! {
        <label class="choice">
            <input type="radio" name="choice" value=value checked=checked />
            <span>
                <span class="choice-label">{label}</span>
                <span class="choice-hint">{hint}</span>
            </span>
        </label>
    }
    .into_any()
}
