//! Loading a page's data and showing it.
//!
//! What a page loads is a server function and its arguments, URL-encoded. Resources are generic over what they hold,
//! and each kind would bring its own copy of the reactive machinery and of the client into the wasm: a third of it,
//! when measured. So what is loaded travels as JSON in one type, and is read where it is shown.

use crate::api::submit::submit;
use crate::components::error_view::ErrorView;
use crate::error::AppError;
use codee::string::FromToStringCodec;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;

/// A `Result<T, AppError>` as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Payload(Arc<str>);

impl Payload {
    fn of<T: Serialize>(result: &Result<T, AppError>) -> Self {
        let json = serde_json::to_string(result);
        Self(json.unwrap_or_else(|_| r#"{"Err":"Internal"}"#.to_owned()).into())
    }

    /// Of a function's answer over HTTP, which is JSON already.
    fn of_answer(answer: Result<String, AppError>) -> Self {
        match answer {
            Ok(json) => Self(format!(r#"{{"Ok":{json}}}"#).into()),
            Err(error) => Self::of(&Err::<(), _>(error)),
        }
    }

    fn read<T: DeserializeOwned>(&self) -> Result<T, AppError> {
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
pub struct Loading<T> {
    payload: Resource<Payload, FromToStringCodec>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loading<T> {}

impl<T: DeserializeOwned> Loading<T> {
    /// What is loaded by now; to be read inside a Suspense.
    pub fn get(self) -> Option<Result<T, AppError>> {
        self.payload.get().map(|payload| payload.read())
    }

    pub async fn load(self) -> Result<T, AppError> {
        self.payload.await.read()
    }

    pub fn refetch(self) {
        self.payload.refetch();
    }
}

type Answer = Pin<Box<dyn Future<Output = Payload> + Send>>;

/// Loads what the server function answers to these arguments, and again whenever they change: in this process on the
/// server, over HTTP in the browser.
pub fn load<S>(arguments: impl Fn() -> String + Send + Sync + 'static) -> Loading<S::Output>
where
    S: ServerFn<Error = AppError> + DeserializeOwned + 'static,
    S::Output: Serialize,
{
    // The browser must not link what it never runs.
    let here: Option<fn(String) -> Answer> = is_server().then_some(here::<S>);
    Loading { payload: payload(S::PATH, Box::new(arguments), here), of: PhantomData }
}

fn payload(
    path: &'static str,
    arguments: Box<dyn Fn() -> String + Send + Sync>,
    here: Option<fn(String) -> Answer>,
) -> Resource<Payload, FromToStringCodec> {
    Resource::new_str_blocking(arguments, move |arguments| match here {
        Some(here) => here(arguments),
        None => Box::pin(async move { Payload::of_answer(submit(path, arguments).await) }),
    })
}

fn here<S>(arguments: String) -> Answer
where
    S: ServerFn<Error = AppError> + DeserializeOwned + 'static,
    S::Output: Serialize,
{
    Box::pin(async move {
        match serde_qs::from_str::<S>(&arguments) {
            Ok(call) => Payload::of(&call.run_body().await),
            // The arguments come from the page's address: what they do not spell is not there.
            Err(_) => Payload::of(&Err::<(), _>(AppError::NotFound)),
        }
    })
}

/// Shows what was loaded, a skeleton meanwhile, or why it cannot be shown.
pub fn show<T>(data: Loading<T>, view: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView
where
    T: DeserializeOwned + 'static,
{
    show_or(data, view, |error| view! { <ErrorView error /> }.into_any())
}

/// Like [`show`], with a view of one's own where it cannot be shown.
pub fn show_or<T>(
    data: Loading<T>,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
    trouble: impl Fn(AppError) -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    T: DeserializeOwned + 'static,
{
    fn erased(
        data: Resource<Payload, FromToStringCodec>,
        view: Arc<dyn Fn(Payload) -> AnyView + Send + Sync>,
    ) -> AnyView {
        let shown = move || {
            let view = view.clone();
            Suspend::new(async move { view(data.await) })
        };
        view! { <Transition fallback=Skeleton>{shown}</Transition> }.into_any()
    }
    erased(
        data.payload,
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
