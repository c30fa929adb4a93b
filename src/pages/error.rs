use crate::components::error_words::{ErrorWords, title_of};
use crate::components::response::SetStatus;
use crate::error::AppError;
use leptos::prelude::*;
use leptos_meta::Title;

/// What stands in a page's place when it cannot be shown. The response gets the error's status.
#[component]
pub fn ErrorView(error: AppError) -> impl IntoView {
    answer_with(&error);
    view! {
        <Title text=title_of(&error) />
        <ErrorWords error way_on=None />
    }
    .into_any()
}

/// Gives the page's response the error's status.
pub fn answer_with(error: &AppError) {
    if let Some(status) = use_context::<SetStatus>() {
        status.run(error);
    }
}
