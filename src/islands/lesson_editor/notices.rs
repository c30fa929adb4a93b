//! What the author is told of a draft, and what can be done about it.

use super::draft::{Drafting, Told};
use crate::components::icon::{Icon, IconView};
use crate::components::live::live;
use crate::components::notice::{Notice, NoticeKind};
use crate::domain::draft::Merged;
use leptos::prelude::*;

#[component]
pub fn Notices(drafting: Drafting) -> impl IntoView {
    let words = live(move || match drafting.told.get() {
        Told::Nothing => ().into_any(),
        Told::Here => "Draft kept on this device".into_any(),
        Told::Kept => view! { <IconView icon=Icon::Check />"Draft kept" }.into_any(),
    });
    let restored = live(move || drafting.restored.get().map(|at| view! { <Restored at drafting /> }).into_any());
    let overtaken = live(move || drafting.overtaken.get().then(|| view! { <Overtaken drafting /> }).into_any());
    let elsewhere = live(move || drafting.elsewhere.get().then(|| view! { <Elsewhere drafting /> }).into_any());
    let merged = live(move || drafting.merged.get().map(|merged| view! { <MergedNotice merged /> }).into_any());
    view! {
        <p class="draft-state" role="status">{words}</p>
        {restored}
        {elsewhere}
        {overtaken}
        {merged}
    }
    .into_any()
}

#[component]
fn Restored(at: String, drafting: Drafting) -> impl IntoView {
    let compare = format!("/admin/lessons/{}/draft", drafting.lesson);
    view! {
        <Notice kind=NoticeKind::Info title=format!("Restored your draft from {at}")>
            <p>"This device kept it. It is in the form, and not saved yet."</p>
            <div class="cluster">
                <a class="button button--small" href=compare>"Compare"</a>
                <button class="button button--small" type="button" on:click=move |_| drafting.discard()>"Discard draft"</button>
            </div>
        </Notice>
    }
    .into_any()
}

/// Why what was chosen was not done.
#[component]
fn Failed(drafting: Drafting) -> impl IntoView {
    live(move || drafting.failed.get().map(|words| view! { <p role="alert">{words}</p> }).into_any())
}

#[component]
fn Elsewhere(drafting: Drafting) -> impl IntoView {
    let other = format!("/admin/lessons/{}/draft", drafting.lesson);
    view! {
        <Notice kind=NoticeKind::Warning title="You wrote this in another tab or on another device, too">
            <p>"Both are safe: that draft with the server, this one on this device. Choose with which you go on."</p>
            <Failed drafting />
            <div class="cluster">
                <button class="button button--small button--primary" type="button" on:click=move |_| drafting.prevail(true)>
                    "Merge the other into this"
                </button>
                <button class="button button--small" type="button" on:click=move |_| drafting.prevail(false)>
                    "Keep only this one"
                </button>
                <a class="button button--small" href=other target="_blank">"Look at the other"</a>
            </div>
        </Notice>
    }
    .into_any()
}

#[component]
fn Overtaken(drafting: Drafting) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Warning title="Two of you wrote this lesson">
            <p>"Your text is safe here. Merge what was saved meanwhile into it, or keep yours as a lesson of its own."</p>
            <Failed drafting />
            <div class="cluster">
                <button class="button button--small button--primary" type="button" on:click=move |_| drafting.merge()>
                    "Merge their changes into mine"
                </button>
                <button class="button button--small" type="button" on:click=move |_| drafting.copy()>
                    "Keep mine as a copy"
                </button>
            </div>
        </Notice>
    }
    .into_any()
}

#[component]
fn MergedNotice(merged: Merged) -> impl IntoView {
    let (what, how) = match (merged.revision, merged.by) {
        (Some(_), _) => ("What you wrote there".to_owned(), "kept"),
        (None, Some(who)) => (format!("What {who} changed"), "saved"),
        (None, None) => ("What someone else changed".to_owned(), "saved"),
    };
    let when = merged.at.map(|at| format!(", {how} {} UTC,", at.minute())).unwrap_or_default();
    let (kind, then) = match merged.conflicts {
        0 => (NoticeKind::Success, "Look it over and save.".to_owned()),
        n => {
            let places = if n == 1 { "In one place".to_owned() } else { format!("In {n} places") };
            let both = "the same lines were changed: both stand there between marks (<<<<<<<). Choose, and save.";
            (NoticeKind::Warning, format!("{places} {both}"))
        }
    };
    view! {
        <Notice kind title="Merged into your text">
            <p>{format!("{what}{when} is in your text now. {then}")}</p>
        </Notice>
    }
    .into_any()
}
