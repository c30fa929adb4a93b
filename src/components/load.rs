//! Loading a page's data and showing it.
//!
//! Resources are generic over what they hold, and each kind would bring its own copy of the reactive machinery into
//! the wasm: a third of it, when measured. So what is loaded travels as JSON in one type, and is read where it is shown.

use super::error_view::ErrorView;
use crate::error::AppError;
use codee::string::FromToStringCodec;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;

/// A `Result<T, AppError>` as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload(Arc<str>);

impl Payload {
    fn of<T: Serialize>(result: &Result<T, AppError>) -> Self {
        let json = serde_json::to_string(result);
        Self(json.unwrap_or_else(|_| r#"{"Err":"Internal"}"#.to_owned()).into())
    }

    pub fn read<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        serde_json::from_str(&self.0).unwrap_or(Err(AppError::Internal))
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Payload {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.into()))
    }
}

/// Something a page loads, on the server before the page is sent.
pub type Loading = Resource<Payload, FromToStringCodec>;

type Key = Box<dyn Fn() -> String + Send + Sync>;
type Answer = Pin<Box<dyn Future<Output = Payload> + Send>>;

/// Loads what `fetch` answers for the key, and again whenever the key changes.
pub fn load<T, F>(
    key: impl Fn() -> String + Send + Sync + 'static,
    fetch: impl Fn(String) -> F + Send + Sync + 'static,
) -> Loading
where
    T: Serialize + 'static,
    F: Future<Output = Result<T, AppError>> + Send + 'static,
{
    fn erased(key: Key, fetch: Box<dyn Fn(String) -> Answer + Send + Sync>) -> Loading {
        Resource::new_str_blocking(key, fetch)
    }
    erased(
        Box::new(key),
        Box::new(move |key| {
            let answer = fetch(key);
            Box::pin(async move { Payload::of(&answer.await) })
        }),
    )
}

/// Shows what was loaded, a skeleton meanwhile, or why it cannot be shown.
pub fn show<T>(data: Loading, view: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView
where
    T: DeserializeOwned + 'static,
{
    show_or(data, view, |error| view! { <ErrorView error /> }.into_any())
}

/// Like [`show`], with a view of one's own where it cannot be shown.
pub fn show_or<T>(
    data: Loading,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
    trouble: impl Fn(AppError) -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    T: DeserializeOwned + 'static,
{
    fn erased(data: Loading, view: Arc<dyn Fn(Payload) -> AnyView + Send + Sync>) -> AnyView {
        let shown = move || {
            let view = view.clone();
            Suspend::new(async move { view(data.await) })
        };
        view! { <Transition fallback=Skeleton>{shown}</Transition> }.into_any()
    }
    erased(
        data,
        Arc::new(move |payload| match payload.read::<T>() {
            Ok(value) => view(value),
            Err(error) => trouble(error),
        }),
    )
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
    .into_any()
}
