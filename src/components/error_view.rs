use super::icon::{Icon, IconView};
use super::status::SetStatus;
use crate::error::AppError;
use leptos::prelude::*;
use leptos_meta::Title;

/// What stands in a page's place when it cannot be shown. On the server the response gets the error's status.
#[component]
pub fn ErrorView(error: AppError) -> impl IntoView {
    if let Some(status) = use_context::<SetStatus>() {
        status.run(&error);
    }
    let (icon, title) = match &error {
        AppError::SignInRequired => (Icon::User, "Sign in to go on"),
        AppError::Forbidden => (Icon::Lock, "This is for the author"),
        AppError::NotFound => (Icon::Search, "There is nothing here"),
        AppError::Unavailable => (Icon::Retry, "No answer just now"),
        AppError::Invalid(_) | AppError::Conflict(_) | AppError::Internal => (Icon::Warning, "Something went wrong"),
    };
    let words = match &error {
        AppError::NotFound => {
            "The address may be mistyped, the page may be gone, or it opens only to people with access.".to_owned()
        }
        AppError::SignInRequired => "This page is yours once we know who you are.".to_owned(),
        error => error.to_string(),
    };
    let sign_in = matches!(error, AppError::SignInRequired);
    view! {
        <Title text=title />
        <div class="empty">
            <IconView icon />
            <h1>{title}</h1>
            <p>{words}</p>
            <div class="cluster">
                {sign_in.then(|| view! { <a class="button button--primary" href="/sign-in">"Sign in"</a> })}
                <a class="button" href="/">"To the courses"</a>
            </div>
        </div>
    }
    .into_any()
}
