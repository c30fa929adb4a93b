use super::icon::{Icon, IconView};
use crate::error::AppError;
use leptos::prelude::*;

/// An error in a few words, as a heading and a document's title say it.
pub fn title_of(error: &AppError) -> &'static str {
    match error {
        AppError::SignInRequired => "Sign in to go on",
        AppError::Forbidden => "This is for the author",
        AppError::NotFound => "There is nothing here",
        AppError::Unavailable => "No answer just now",
        AppError::Invalid(_)
        | AppError::Conflict(_)
        | AppError::TooMany
        | AppError::StorageFull
        | AppError::Internal => "Something went wrong",
    }
}

/// What an error is to a person, and where to go from there.
#[component]
pub fn ErrorWords(error: AppError, way_on: Option<(String, String)>) -> impl IntoView {
    let icon = match &error {
        AppError::SignInRequired => Icon::User,
        AppError::Forbidden => Icon::Lock,
        AppError::NotFound => Icon::Search,
        AppError::Unavailable => Icon::Retry,
        AppError::Invalid(_)
        | AppError::Conflict(_)
        | AppError::TooMany
        | AppError::StorageFull
        | AppError::Internal => Icon::Warning,
    };
    let words = match &error {
        AppError::NotFound => {
            "The address may be mistyped, the page may be gone, or it opens only to people with access.".to_owned()
        }
        AppError::SignInRequired => "This page is yours once we know who you are.".to_owned(),
        AppError::Forbidden => "Sign in with the author's account to see it.".to_owned(),
        error => error.to_string(),
    };
    let way_on = match &error {
        AppError::SignInRequired | AppError::Forbidden => Some(("/sign-in".to_owned(), "Sign in".to_owned())),
        _ => way_on,
    };
    view! {
        <div class="empty">
            <IconView icon />
            <h1>{title_of(&error)}</h1>
            <p>{words}</p>
            <div class="cluster">
                {way_on.map(|(href, text)| view! { <a class="button button--primary" href=href>{text}</a> })}
                <a class="button" href="/">"To the courses"</a>
            </div>
        </div>
    }
    .into_any()
}
