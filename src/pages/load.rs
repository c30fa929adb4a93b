//! Loading what a page shows: a server function and its arguments, in this process, before the first byte goes out.

use super::error::ErrorView;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::server_fn::ServerFn;
use leptos::tachys::reactive_graph::OwnedView;
use serde::de::DeserializeOwned;
use std::future::Future;

/// What the server function answers to these arguments, URL-encoded as a form's. They come from the page's address:
/// what they do not spell is not there.
pub async fn load<S>(arguments: String) -> Result<S::Output, AppError>
where
    S: ServerFn<Error = AppError> + DeserializeOwned,
{
    let function = serde_qs::from_str::<S>(&arguments).map_err(|_| AppError::NotFound)?;
    function.run_body().await
}

/// Shows what the server function answers to these arguments, or why it cannot be shown.
pub fn show<S>(arguments: impl Into<String>, view: impl FnOnce(S::Output) -> AnyView + Send + 'static) -> AnyView
where
    S: ServerFn<Error = AppError> + DeserializeOwned + 'static,
{
    let loading = load::<S>(arguments.into());
    shown(async move {
        match loading.await {
            Ok(value) => view(value),
            Err(error) => view! { <ErrorView error /> }.into_any(),
        }
    })
}

/// A view that takes time to come, and finds meanwhile and after what the page was given.
pub fn shown(view: impl Future<Output = AnyView> + Send + 'static) -> AnyView {
    Suspend::new(ScopedFuture::new_untracked(async move { OwnedView::new(view.await) })).into_any()
}
