//! What every form says after it was sent.

use super::icon::{Icon, IconView};
use super::notice::{Notice, NoticeKind};
use crate::error::AppError;
use leptos::prelude::*;

/// The error of one field.
pub fn of_field(failure: Signal<Option<AppError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        failure.with(|error| match error {
            Some(AppError::Invalid(fields)) => fields.of(field).map(ToOwned::to_owned),
            _ => None,
        })
    })
}

/// What went wrong, read out at once, with a way to each field.
#[component]
pub fn FormErrors(failure: Signal<Option<AppError>>) -> impl IntoView {
    let words = move || {
        failure.get().map(|error| match &error {
            AppError::Invalid(fields) => {
                let items: Vec<_> = fields
                    .iter()
                    .map(|(field, sentence)| {
                        view! { <li><a href=format!("#{field}") rel="external">{sentence.to_owned()}</a></li> }
                    })
                    .collect();
                view! {
                    <Notice kind=NoticeKind::Danger title=error.to_string()>
                        <ul role="list">{items}</ul>
                    </Notice>
                }
                .into_any()
            }
            _ => view! { <Notice kind=NoticeKind::Danger title=error.to_string() /> }.into_any(),
        })
    };
    words.into_any()
}

/// A form's submit button; while the answer is under way it shows a ring and keeps its size.
#[component]
pub fn Submit(
    #[prop(into)] pending: Signal<bool>,
    #[prop(default = "button button--primary")] class: &'static str,
    #[prop(optional)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class=class
            type="submit"
            data-state=Signal::derive(move || pending.get().then_some("pending"))
            aria-disabled=Signal::derive(move || pending.get().then_some("true"))
        >
            {icon.map(|icon| view! { <IconView icon /> })}
            {children()}
        </button>
    }
    .into_any()
}
