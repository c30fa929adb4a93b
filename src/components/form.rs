//! What every form is made of, whoever sends it.

use super::icon::{Icon, IconView};
use super::live::live;
use super::notice::{Notice, NoticeKind};
use crate::error::AppError;
use leptos::prelude::*;

/// The id of the sentence that says what is wrong with a field.
pub fn field_error_id(field: &str) -> String {
    format!("{field}-error")
}

/// What went wrong, read out at once, with a way to each field.
#[component]
pub fn ErrorSummary(failure: Signal<Option<AppError>>) -> impl IntoView {
    live(move || {
        let words = failure.get().map(|error| match &error {
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
        });
        words.into_any()
    })
}

/// A form's submit button. While the answer is under way the form is `aria-busy`, and the style sheet draws a ring.
#[component]
pub fn Submit(
    #[prop(default = "button button--primary")] class: &'static str,
    #[prop(optional)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <button class=class type="submit">
            {icon.map(|icon| view! { <IconView icon /> })}
            {children()}
        </button>
    }
    .into_any()
}
