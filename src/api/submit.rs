//! Sending a form from the browser, whatever function it is for.
//!
//! An action and a form component that are generic over the server function bring a copy of their machinery into the
//! wasm for each of them, and a decoder for arguments that only the server needs. The form's bytes are the same.

use super::session::CurrentViewer;
use crate::error::AppError;
use leptos::server_fn::ServerFn;
use leptos::server_fn::client::Client;
use leptos::server_fn::redirect::call_redirect_hook;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::response::ClientRes;

/// The client that every server function shares.
type Http = <CurrentViewer as ServerFn>::Client;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Posts a form's data, URL-encoded, to a server function. Answers its output as JSON, and follows where it leads.
pub async fn submit(path: &'static str, body: String) -> Result<String, AppError> {
    type Request = <Http as Client<AppError>>::Request;
    let request: Result<_, AppError> = ClientReq::<AppError>::try_new_post(path, FORM, JSON, body);
    let request: Request = request?;
    let response = <Http as Client<AppError>>::send(request).await?;
    let status = ClientRes::<AppError>::status(&response);
    if (400..=599).contains(&status) {
        let body = ClientRes::<AppError>::try_into_string(response).await?;
        return Err(serde_json::from_str(&body).unwrap_or_else(|_| not_ours(status)));
    }
    let leads_to = ClientRes::<AppError>::has_redirect(&response).then(|| ClientRes::<AppError>::location(&response));
    let output = ClientRes::<AppError>::try_into_string(response).await?;
    if let Some(path) = leads_to {
        call_redirect_hook(&path);
    }
    Ok(output)
}

/// What an answer means that something between the server and the browser gave.
fn not_ours(status: u16) -> AppError {
    match status {
        413 => AppError::refused("This is more than can be sent at once. Shorten it and try again."),
        _ => AppError::Unavailable,
    }
}
