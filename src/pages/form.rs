//! Forms: plain ones that work without script, sent in the background with it.

use crate::api::submit::submit;
use crate::error::AppError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlButtonElement, HtmlFormElement, UrlSearchParams};

/// A form's way to its server function, and what became of it.
#[derive(Clone, Copy)]
pub struct Submission {
    path: &'static str,
    pending: RwSignal<bool>,
    /// The function's output as JSON, or its error.
    answer: RwSignal<Option<Result<String, AppError>>>,
    version: RwSignal<u32>,
}

impl Submission {
    /// To this server function. Where the page was reached by its error, sent without script, that is the answer.
    pub fn to<S: ServerFn<Error = AppError>>() -> Self {
        Self::at(S::PATH)
    }

    fn at(path: &'static str) -> Self {
        let error = use_context::<ServerActionError>()
            .filter(|error| error.path() == path)
            .map(|error| Err(ServerFnUrlError::<AppError>::decode_err(error.err())));
        Self { path, pending: RwSignal::new(false), answer: RwSignal::new(error), version: RwSignal::new(0) }
    }

    pub fn pending(self) -> Signal<bool> {
        self.pending.into()
    }

    /// Counts the answers: what depends on the stored data follows it.
    pub fn version(self) -> RwSignal<u32> {
        self.version
    }

    pub fn failure(self) -> Signal<Option<AppError>> {
        Signal::derive(move || {
            self.answer.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().cloned()))
        })
    }

    /// `Saved`, once it was.
    pub fn saved(self) -> Signal<Option<&'static str>> {
        Signal::derive(move || self.answer.with(|answer| matches!(answer, Some(Ok(_))).then_some("Saved")))
    }

    /// Runs with what the function answers, each time it succeeds.
    pub fn on_success<T: DeserializeOwned>(self, run: impl Fn(T) + 'static) {
        self.on_answer(Box::new(move |answer| {
            if let Some(value) = answer.ok().and_then(|json| serde_json::from_str(&json).ok()) {
                run(value);
            }
        }));
    }

    /// Runs with every answer, as the component that says so: what is made in it lives as long as that does, and not
    /// only until the next answer.
    pub fn on_answer(self, run: Box<dyn Fn(Result<String, AppError>)>) {
        let owner = Owner::current().unwrap_or_default();
        Effect::new(move |_| {
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
        spawn_local(async move {
            let answer = submit(self.path, body).await;
            // The page may be gone by now.
            self.pending.try_set(false);
            self.answer.try_set(Some(answer));
            self.version.try_update(|version| *version += 1);
        });
    }
}

/// A form that posts to a server function, with script and without.
#[component]
pub fn Form(
    to: Submission,
    #[prop(optional)] class: &'static str,
    /// Runs when it is pressed and about to be sent.
    #[prop(optional)]
    pressed: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        let idle = !to.pending.get_untracked();
        to.send(&event);
        if let Some(pressed) = pressed.filter(|_| idle) {
            pressed.run(());
        }
    };
    view! { <form class=class method="post" action=to.path on:submit=submit>{children()}</form> }.into_any()
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
