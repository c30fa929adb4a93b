//! Sending to a server function from the browser, whatever function it is for.
//!
//! An action and a form component that are generic over the server function bring a copy of their machinery into the
//! wasm for each of them, and a decoder for arguments that only the server needs. The bytes are the same.

use super::session::SignOut;
use crate::error::AppError;
use leptos::prelude::window;
use leptos::server_fn::ServerFn;
use leptos::server_fn::client::Client;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::response::ClientRes;
use serde::Serialize;

/// The client that every server function shares.
type Http = <SignOut as ServerFn>::Client;
type Request = <Http as Client<AppError>>::Request;
type Response = <Http as Client<AppError>>::Response;

/// Arguments as forms send them.
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// What became of a submission.
pub enum Answer {
    /// The function's output as JSON, or its error.
    Here(Result<String, AppError>),
    /// It was stored, and leads to another page, which the browser is opening.
    Elsewhere,
}

/// Posts a form's data, URL-encoded, to a server function, and follows where it leads.
pub async fn submit(path: &str, body: String) -> Answer {
    let response = match send(path, FORM, body).await {
        Ok(response) => response,
        Err(error) => return Answer::Here(Err(error)),
    };
    let leads_to = ClientRes::<AppError>::has_redirect(&response).then(|| ClientRes::<AppError>::location(&response));
    // Read to its end before the page goes: a browser counts an answer that it drops as failed.
    let output = text(response).await;
    match leads_to {
        Some(path) if window().location().assign(&path).is_ok() => Answer::Elsewhere,
        _ => Answer::Here(output),
    }
}

/// A call of a server function, ready to be sent. The function itself would bring its own client into the wasm.
#[derive(Debug, Clone)]
pub struct Call {
    path: &'static str,
    content: &'static str,
    body: String,
}

impl Call {
    /// With arguments as JSON, for the functions that take them so.
    pub fn json<S: ServerFn<Error = AppError> + Serialize>(function: &S) -> Self {
        Self { path: S::PATH, content: JSON, body: serde_json::to_string(function).unwrap_or_default() }
    }

    /// With URL-encoded arguments.
    pub fn form<S: ServerFn<Error = AppError>>(arguments: String) -> Self {
        Self { path: S::PATH, content: FORM, body: arguments }
    }

    /// The function's output as JSON.
    pub async fn send(self) -> Result<String, AppError> {
        text(send(self.path, self.content, self.body).await?).await
    }
}

async fn send(path: &str, content: &str, body: String) -> Result<Response, AppError> {
    let request: Result<Request, AppError> = ClientReq::<AppError>::try_new_post(path, content, JSON, body);
    let response = <Http as Client<AppError>>::send(request?).await?;
    let status = ClientRes::<AppError>::status(&response);
    if (400..=599).contains(&status) {
        let body = text(response).await?;
        return Err(serde_json::from_str(&body).unwrap_or_else(|_| not_ours(status)));
    }
    Ok(response)
}

async fn text(response: Response) -> Result<String, AppError> {
    ClientRes::<AppError>::try_into_string(response).await
}

/// What an answer means that something between the server and the browser gave.
fn not_ours(status: u16) -> AppError {
    match status {
        413 => AppError::refused("This is more than can be sent at once. Shorten it and try again."),
        _ => AppError::Unavailable,
    }
}
