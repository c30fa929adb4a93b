//! The outline editor: a course's sections and lessons in the author's hands.
//!
//! A move shows at once and is sent after those before it; where the server refuses it, because somebody else was
//! quicker, the current order is loaded and said to be so. Without script the same moves are plain forms.

mod rows;
mod state;

use super::form::{FormTarget, Submission, SubmissionForm};
use crate::api::admin::lessons::SwapLesson;
use crate::api::admin::sections::SwapSection;
use crate::components::announcer::{Announcer, LiveRegion};
use crate::components::form::{ErrorSummary, Submit};
use crate::components::icon::{Icon, IconView};
use crate::components::live::live;
use crate::components::notice::{Notice, NoticeKind};
use crate::components::sortable::{Dropped, Sortable};
use crate::domain::id::SectionId;
use crate::domain::outline::Outline;
use crate::domain::step::Step;
use crate::error::{AppError, Conflict};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use rows::SectionRow;
use state::{Editor, Saving};
use wasm_bindgen::JsCast;

#[island(lazy)]
pub fn OutlineEditor(
    outline: Outline,
    /// Why a move that was sent without script was refused.
    trouble: Option<AppError>,
    /// Of the forms that add a section and a lesson.
    new_section: FormTarget,
    new_lesson: FormTarget,
) -> impl IntoView {
    let course = outline.course_id;
    let announcer = Announcer::new();
    let trouble = RwSignal::new(trouble);
    let editor = Editor::new(outline, announcer, trouble, new_lesson);
    let on_drop = Callback::new(move |dropped: Dropped| editor.drop(&dropped));
    let sections = editor.sections();
    let said = live(move || trouble.get().map(|error| view! { <TroubleNotice error trouble /> }).into_any());
    view! {
        <SaveState editor />
        <p class="visually-hidden" id="reorder-help">
            "Press Space to lift, arrow keys to move, Space to drop, Escape to put it back."
        </p>
        <Sortable on_drop announcer>
            <div data-stale>{said}</div>
            <StepForm id="swap-section" action=SwapSection::url() course=course.to_string() editor />
            <StepForm id="swap-lesson" action=SwapLesson::url() course=course.to_string() editor />
            <ol class="editor" role="list" aria-label="Sections" data-list=course.to_string() data-kind="section">
                <For each=move || sections.get() key=|section| (section.id, section.loaded) let:section>
                    <SectionRow section course editor />
                </For>
            </ol>
        </Sortable>
        <NewSection course=course.to_string() to=new_section editor />
        <LiveRegion announcer />
    }
    .into_any()
}

/// What became of the last move.
#[component]
fn SaveState(editor: Editor) -> impl IntoView {
    let saving = editor.saving();
    let words = live(move || match saving.get() {
        Saving::Nothing => ().into_any(),
        Saving::UnderWay => view! { "Saving the new order…" }.into_any(),
        Saving::Saved => view! { <IconView icon=Icon::Check />"Order saved" }.into_any(),
    });
    view! { <p class="save-state" role="status">{words}</p> }.into_any()
}

/// Why the last move was not saved.
#[component]
fn TroubleNotice(error: AppError, trouble: RwSignal<Option<AppError>>) -> impl IntoView {
    let (title, words) = match error {
        AppError::Conflict(Conflict::Stale(_)) => {
            ("Someone else changed the order".to_owned(), "What you see now is the current order.".to_owned())
        }
        error => ("Your move was not saved".to_owned(), error.to_string()),
    };
    view! {
        <Notice kind=NoticeKind::Warning title>
            <p>{words}" Your last move was not saved; make it again if you still want it."</p>
            <button class="button button--small" type="button" on:click=move |_| trouble.set(None)>"OK"</button>
        </Notice>
    }
    .into_any()
}

/// The form that every Move up and Move down button of a kind belongs to: one for all rows, for a row of its own
/// each would be most of the page. With script the press is the same move as a drop.
#[component]
fn StepForm(id: &'static str, action: &'static str, course: String, editor: Editor) -> impl IntoView {
    let press = move |event: SubmitEvent| {
        let button = event.submitter().and_then(|button| button.dyn_into::<web_sys::HtmlButtonElement>().ok());
        let step = button.and_then(|button| button.value().parse::<Step>().ok());
        if let Some(step) = step {
            event.prevent_default();
            editor.step(step);
            keep_focus(step);
        }
    };
    view! {
        <form id=id method="post" action=action on:submit=press>
            <input type="hidden" name="course" value=course />
        </form>
    }
    .into_any()
}

/// A row that moves takes the focus along: it goes back to the button pressed, or at a list's end to its menu.
fn keep_focus(step: Step) {
    request_animation_frame(move || {
        let side = if step.up { "up" } else { "down" };
        let button = format!("button[value^=\"{}.{side}.\"]:not(:disabled)", step.row);
        let menu = format!("[data-id=\"{}\"] summary", step.row);
        let found = [button, menu].iter().find_map(|selector| document().query_selector(selector).ok().flatten());
        if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            _ = element.focus();
        }
    });
}

/// What a field holds, which is empty then. What was typed before the editor answered is in it, too.
fn taken(field: NodeRef<Input>) -> String {
    let Some(field) = field.get_untracked() else { return String::new() };
    let text = field.value();
    field.set_value("");
    text
}

#[component]
fn NewSection(course: String, to: FormTarget, editor: Editor) -> impl IntoView {
    let create = Submission::new(to);
    let name = NodeRef::<Input>::new();
    create.on_success(move |id: SectionId| editor.add_section(id, taken(name)));
    view! {
        <ErrorSummary failure=create.failure() />
        <SubmissionForm submission=create class="editor-add editor-add--section">
            <input type="hidden" name="course" value=course />
            <input
                class="input input--small"
                id="new-section"
                aria-label="Name of the new section"
                name="form[name]"
                placeholder="New section"
                required
                node_ref=name
            />
            <Submit class="button button--small" icon=Icon::Plus>"Add section"</Submit>
        </SubmissionForm>
    }
    .into_any()
}
