//! Forms: plain ones that work without script, sent in the background with it.

use crate::api::submit::{Answer, submit};
use crate::components::form::{ErrorSummary, field_error_id};
use crate::components::icon::{Icon, IconView};
use crate::components::live::{effect, live, spawn};
use crate::domain::file::encoded;
use crate::domain::typed::{FROM, OwnAddress};
use crate::error::{AppError, Conflict};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlButtonElement, HtmlFormElement, UrlSearchParams};

/// How long a form that led to another page takes no press.
const LEAVING: Duration = Duration::from_secs(5);

/// The address of a form to this server function, as the server writes it into a page.
pub fn action<S: ServerFn>() -> String {
    match use_context::<OwnAddress>() {
        Some(OwnAddress(page)) => format!("{}?{FROM}={}", S::PATH, encoded(&page)),
        None => S::PATH.to_owned(),
    }
}

/// Where a form goes, and what the server said to it where it was sent without script and refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FormTarget {
    path: String,
    refusal: Option<AppError>,
}

impl FormTarget {
    /// To this server function.
    pub fn of<S: ServerFn<Error = AppError>>() -> Self {
        let refusal = use_context::<ServerActionError>()
            .filter(|error| error.path() == S::PATH)
            .map(|error| ServerFnUrlError::<AppError>::decode_err(error.err()));
        Self { path: action::<S>(), refusal }
    }

    /// What the server said to it, where it was sent without script.
    pub fn refusal(&self) -> Option<&AppError> {
        self.refusal.as_ref()
    }
}

/// What becomes of a page whose form was stored and leads nowhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stored {
    /// The form stays as it is, and says so where it has a [`SavedNote`].
    #[default]
    Stays,
    /// The page shows what was changed: it is loaded again.
    Reloads,
}

/// A form that posts to a server function, with script and without. What the server refuses is said above its fields
/// and, by their [`FieldError`], at each of them; what was typed stays.
#[island]
pub fn Form(
    to: FormTarget,
    #[prop(optional, into)] class: Option<String>,
    #[prop(optional)] stored: Option<Stored>,
    children: Children,
) -> impl IntoView {
    let submission = Submission::new(to);
    submission.on_answer(|answer| announce(&answer));
    if stored == Some(Stored::Reloads) {
        submission.on_answer(|answer| {
            if answer.is_ok() {
                _ = window().location().reload();
            }
        });
    }
    provide_context(submission);
    view! {
        <SubmissionForm submission class=class.unwrap_or_default()>
            <ErrorSummary failure=submission.failure() />
            {children()}
        </SubmissionForm>
    }
}

/// An event of the document: a form was stored.
pub const STORED: &str = "lectern-stored";
/// An event of the document: somebody else stored first what a form edits.
pub const OVERTAKEN: &str = "lectern-overtaken";

/// Tells what stands beside a form what became of it.
fn announce(answer: &Result<String, AppError>) {
    let event = match answer {
        Ok(_) => STORED,
        Err(AppError::Conflict(Conflict::Edited)) => OVERTAKEN,
        Err(_) => return,
    };
    if let Ok(event) = web_sys::Event::new(event) {
        _ = document().dispatch_event(&event);
    }
}

/// The sentence under a field that was refused; it marks the field as well. `field` is the field's id.
#[island]
pub fn FieldError(field: String) -> impl IntoView {
    let submission = use_context::<Submission>();
    let id = field_error_id(&field);
    let name = field.clone();
    let sentence = Memo::new(move |_| submission.and_then(|submission| submission.refused(&name)));
    effect(move || {
        let invalid = sentence.with(Option::is_some);
        if let Some(control) = document().get_element_by_id(&field) {
            _ = if invalid {
                control.set_attribute("aria-invalid", "true")
            } else {
                control.remove_attribute("aria-invalid")
            };
        }
    });
    let words =
        live(move || sentence.get().map(|sentence| view! { <IconView icon=Icon::Warning />{sentence} }).into_any());
    view! { <p class="field-error" id=id>{words}</p> }
}

/// Says in a form that it was saved, until it is sent again.
#[island]
pub fn SavedNote() -> impl IntoView {
    let submission = use_context::<Submission>();
    let saved = move || submission.is_some_and(Submission::is_saved);
    let words = Signal::derive(move || if saved() { "Saved" } else { "" });
    view! { <span class="form-status" role="status">{words}</span> }
}

/// The version that a form edits. After each save it is the one that the server answered.
#[island]
pub fn VersionField(value: String) -> impl IntoView {
    let version = RwSignal::new(value);
    if let Some(submission) = use_context::<Submission>() {
        submission.on_success(move |saved: String| version.set(saved));
    }
    let value: Signal<String> = version.into();
    view! { <input type="hidden" name="version" value=value /> }
}

/// A form's way to its server function, and what became of it.
#[derive(Clone, Copy)]
pub struct Submission {
    path: StoredValue<String>,
    pending: RwSignal<bool>,
    /// The function's output as JSON, or its error.
    answer: RwSignal<Option<Result<String, AppError>>>,
    /// Counts the answers.
    version: RwSignal<u32>,
}

impl Submission {
    pub fn new(to: FormTarget) -> Self {
        Self {
            path: StoredValue::new(to.path),
            pending: RwSignal::new(false),
            answer: RwSignal::new(to.refusal.map(Err)),
            version: RwSignal::new(0),
        }
    }

    pub fn pending(self) -> Signal<bool> {
        self.pending.into()
    }

    pub fn failure(self) -> Signal<Option<AppError>> {
        Signal::derive(move || {
            self.answer.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().cloned()))
        })
    }

    /// Whether the last answer was a refusal.
    pub fn is_refused(self) -> bool {
        self.answer.with(|answer| matches!(answer, Some(Err(_))))
    }

    /// What is wrong with a field.
    pub fn refused(self, field: &str) -> Option<String> {
        self.answer.with(|answer| match answer {
            Some(Err(AppError::Invalid(fields))) => fields.of(field).map(ToOwned::to_owned),
            _ => None,
        })
    }

    fn is_saved(self) -> bool {
        !self.pending.get() && self.answer.with(|answer| matches!(answer, Some(Ok(_))))
    }

    /// Runs with the id or the text that the function answers, each time it succeeds.
    pub fn on_success<T: FromStr>(self, run: impl Fn(T) + 'static) {
        self.on_answer(move |answer| {
            if let Some(value) = answer.ok().and_then(|json| json.trim_matches('"').parse().ok()) {
                run(value);
            }
        });
    }

    /// Runs with every answer, as the component that says so: what is made in it lives as long as that does, and not
    /// only until the next answer.
    pub fn on_answer(self, run: impl Fn(Result<String, AppError>) + 'static) {
        let owner = Owner::current().unwrap_or_default();
        effect(move || {
            if self.version.get() > 0
                && let Some(answer) = self.answer.get_untracked()
            {
                owner.with(|| untrack(|| run(answer)));
            }
        });
    }

    fn send(self, event: &SubmitEvent) {
        event.prevent_default();
        // One press, one request: the answer decides what the next press means.
        if self.pending.get_untracked() {
            return;
        }
        let Some(body) = url_encoded(event) else { return };
        self.pending.set(true);
        spawn(async move {
            let Some(path) = self.path.try_get_value() else { return };
            let answer = submit(&path, body).await;
            let Answer::Here(answer) = answer else {
                // Another page is on its way; this one may come back out of the browser's history, and works then.
                return set_timeout(move || _ = self.pending.try_set(false), LEAVING);
            };
            self.pending.try_set(false);
            self.answer.try_set(Some(answer));
            self.version.try_update(|version| *version += 1);
        });
    }
}

/// The form's element, for islands that make one inside of them.
#[component]
pub fn SubmissionForm(
    submission: Submission,
    #[prop(into, optional)] class: String,
    /// Runs when it is pressed and about to be sent.
    #[prop(optional)]
    pressed: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        let idle = !submission.pending.get_untracked();
        submission.send(&event);
        if let Some(pressed) = pressed.filter(|_| idle) {
            pressed.run(());
        }
    };
    view! {
        <form
            class=class
            method="post"
            action=submission.path.get_value()
            aria-busy=Signal::derive(move || submission.pending.get().then_some("true"))
            on:submit=submit
        >
            {children()}
        </form>
    }
    .into_any()
}

/// What a form sends, the pressed button included.
fn url_encoded(event: &SubmitEvent) -> Option<String> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    let button = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
    if let Some(button) = button.filter(|button| !button.name().is_empty()) {
        data.append_with_str(&button.name(), &button.value()).ok()?;
    }
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string().as_string()
}
