//! Sending to a server function from the browser, whatever function it is for.
//!
//! An action and a form component that are generic over the server function bring a copy of their machinery into the
//! wasm for each of them, and a decoder for arguments that only the server needs. The bytes are the same.

use crate::domain::user::PERSON;
use crate::error::AppError;
use js_sys::{JsString, Reflect};
use leptos::prelude::{document, window};
use leptos::server_fn::ServerFn;
use leptos::server_fn::redirect::REDIRECT_HEADER;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// Arguments as forms send them.
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Browsers see requests through that are under way when their page is left, if all of them together hold at most
/// 64 KiB (Fetch, 4.6: keepalive). Larger ones are texts whose author waits for the answer.
const OUTLIVES_THE_PAGE: usize = 16 << 10;

/// What became of a submission.
pub enum Answer {
    /// The function's output as JSON, or its error.
    Here(Result<String, AppError>),
    /// It was stored, and leads to another page, which the browser is opening.
    Elsewhere,
}

/// Posts a form's data, URL-encoded, to a server function, and follows where it leads.
pub async fn submit(path: &str, body: String) -> Answer {
    let response = match send(path, FORM, &body).await {
        Ok(response) => response,
        Err(error) => return Answer::Here(Err(error)),
    };
    let leads_to = header(&response, REDIRECT_HEADER).and_then(|_| header(&response, "location"));
    // Read to its end before the page goes: a browser counts an answer that it drops as failed.
    let output = text(&response).await;
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
        text(&send(self.path, self.content, &self.body).await?).await
    }
}

async fn send(path: &str, content: &str, body: &str) -> Result<Response, AppError> {
    let response = post(path, content, body).await.map_err(|_| AppError::Unavailable)?;
    let status = response.status();
    if (400..=599).contains(&status) {
        let body = text(&response).await?;
        return Err(serde_json::from_str(&body).unwrap_or_else(|_| not_ours(status)));
    }
    Ok(response)
}

async fn post(path: &str, content: &str, body: &str) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", content)?;
    headers.set("accept", JSON)?;
    say_who(&headers)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers_headers(&headers);
    init.set_body_opt_str(Some(body));
    if body.len() <= OUTLIVES_THE_PAGE {
        Reflect::set(&init, &JsValue::from_str("keepalive"), &JsValue::TRUE)?;
    }
    JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?.dyn_into()
}

/// Says whose page this is: another tab of this browser may have signed somebody else in since it was loaded.
pub fn say_who(headers: &Headers) -> Result<(), JsValue> {
    let page = document().document_element();
    match page.and_then(|page| page.get_attribute("data-person")) {
        Some(person) => headers.set(PERSON, &person),
        None => Ok(()),
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).ok().flatten()
}

async fn text(response: &Response) -> Result<String, AppError> {
    let text = async { JsFuture::from(response.text()?).await?.dyn_into::<JsString>() };
    text.await.map(String::from).map_err(|_| AppError::Unavailable)
}

/// What an answer means that something between the server and the browser gave.
fn not_ours(status: u16) -> AppError {
    match status {
        413 => AppError::refused("This is more than can be sent at once. Shorten it and try again."),
        _ => AppError::Unavailable,
    }
}
