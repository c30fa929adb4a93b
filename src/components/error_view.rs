use super::icon::{Icon, IconView};
use super::status::SetStatus;
use crate::error::AppError;
use leptos::prelude::*;
use leptos_meta::Title;

/// What stands in a page's place when it cannot be shown. On the server the response gets the error's status.
#[component]
pub fn ErrorView(
    error: AppError,
    /// A better way on than the storefront: address and words.
    #[prop(optional_no_strip)]
    way_on: Option<(String, String)>,
) -> impl IntoView {
    if let Some(status) = use_context::<SetStatus>() {
        status.run(&error);
    }
    view! {
        <Title text=title(&error) />
        <ErrorWords error way_on />
    }
    .into_any()
}

fn title(error: &AppError) -> &'static str {
    match error {
        AppError::SignInRequired => "Sign in to go on",
        AppError::Forbidden => "This is for the author",
        AppError::NotFound => "There is nothing here",
        AppError::Unavailable => "No answer just now",
        AppError::Invalid(_) | AppError::Conflict(_) | AppError::Internal => "Something went wrong",
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
        AppError::Invalid(_) | AppError::Conflict(_) | AppError::Internal => Icon::Warning,
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
            <h1>{title(&error)}</h1>
            <p>{words}</p>
            <div class="cluster">
                {way_on.map(|(href, text)| view! { <a class="button button--primary" href=href>{text}</a> })}
                <a class="button" href="/">"To the courses"</a>
            </div>
        </div>
    }
    .into_any()
}
