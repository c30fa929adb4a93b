use super::error_view::ErrorView;
use crate::error::AppError;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Shows what a page has loaded, a skeleton meanwhile, or why it cannot be shown.
#[component]
pub fn Load<T, F>(data: Resource<Result<T, AppError>>, view: F) -> impl IntoView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    F: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    let show = move || {
        let view = view.clone();
        Suspend::new(async move {
            match data.await {
                Ok(value) => view(value),
                Err(error) => view! { <ErrorView error /> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=Skeleton>{show}</Transition> }
}

#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            <span class="skeleton-title"></span>
            <span></span>
            <span></span>
            <span class="skeleton-block"></span>
        </div>
    }
}
