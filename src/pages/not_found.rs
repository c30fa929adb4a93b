use super::error::ErrorView;
use crate::error::AppError;
use leptos::prelude::*;

/// What an unknown address gets.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <main class="page" id="main" tabindex="-1"><ErrorView error=AppError::NotFound /></main> }
}
