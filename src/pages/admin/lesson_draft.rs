use super::super::load::show;
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use super::lesson_form::DraftMarkFields;
use super::lesson_versions::Lines;
use crate::api::admin::drafts::{CompareDraft, DiscardDraft};
use crate::components::icon::{Icon, IconView};
use crate::domain::draft::DraftComparison;
use crate::islands::form::action;
use leptos::prelude::*;
use leptos_meta::Title;

/// One's own draft of a lesson beside what is saved.
#[component]
pub fn LessonDraftPage() -> impl IntoView {
    let id = params::text("lesson");
    view! {
        <AdminPage class="page">
            {show::<CompareDraft>(
                params::argument("id", "lesson"),
                move |draft| view! { <Comparison id draft /> }.into_any(),
            )}
        </AdminPage>
    }
}

#[component]
fn Comparison(id: String, draft: DraftComparison) -> impl IntoView {
    let steps = vec![
        ("/admin/courses".into(), "Courses".into()),
        (format!("/admin/courses/{}/edit", draft.course_id), draft.course_title),
        (format!("/admin/lessons/{id}/edit"), draft.name.clone()),
    ];
    let same = draft.lines.is_empty().then(|| view! { <p class="muted">"It says what is saved."</p> });
    view! {
        <Title text=format!("{} · Draft", draft.name) />
        <Breadcrumb steps here="Draft" />
        <div class="page-header">
            <div>
                <h1>"Your draft"</h1>
                <p class="lede">{format!("Of “{}”, written {} UTC.", draft.name, draft.at.minute())}</p>
            </div>
            <form class="cluster" method="post" action={action::<DiscardDraft>()}>
                <input type="hidden" name="id" value=id.clone() />
                <DraftMarkFields seen=draft.revision.to_string() />
                <a class="button button--primary" href=format!("/admin/lessons/{id}/edit")>
                    <IconView icon=Icon::Pencil />
                    "Go on writing"
                </a>
                <button class="button button--danger" type="submit">"Discard draft"</button>
            </form>
        </div>
        {same}
        <Lines lines=draft.lines label="Lines from what is saved to your draft" />
    }
    .into_any()
}
