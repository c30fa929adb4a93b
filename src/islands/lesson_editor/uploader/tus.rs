//! An upload by the tus protocol (1.0): begun once, sent piece by piece, and gone on with where it broke off, after a
//! lost connection and after the page was loaded again.

use crate::api::submit::say_who;
use crate::domain::id::LessonId;
use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Headers, RequestInit, Response};

/// Bytes a piece: what is sent again at most, and how often progress is seen.
const PIECE: f64 = 1024.0 * 1024.0;
/// Milliseconds between two tries while there is no answer: doubled each time up to the last.
const PAUSES: (i32, i32) = (1_000, 30_000);

/// How an upload is getting on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Bytes that came.
    Sent(f64),
    /// There is no answer; it is tried again.
    Waiting,
}

/// What is uploaded, and to where.
pub struct Upload<'a> {
    pub file: &'a File,
    /// What it is to be called.
    pub name: &'a str,
    pub lesson: LessonId,
    /// Of captions.
    pub language: &'a str,
}

impl Upload<'_> {
    /// Sends the file whole. `heard` is told each step and answers whether to go on; the error is a sentence.
    pub async fn send(&self, heard: impl Fn(Step) -> bool) -> Result<(), String> {
        let size = self.file.size();
        let mut address = self.begun();
        let mut pause = PAUSES.0;
        loop {
            match self.go_on(&mut address, size, &heard).await {
                Ok(()) => {
                    self.forget();
                    return Ok(());
                }
                Err(Trouble::Stopped) => {
                    if let Some(address) = address {
                        _ = request("DELETE", &address, &[], None).await;
                    }
                    self.forget();
                    return Err("Stopped.".to_owned());
                }
                Err(Trouble::Refused(sentence)) => {
                    self.forget();
                    return Err(sentence);
                }
                // Begun so long ago that it is gone.
                Err(Trouble::Gone) => {
                    address = None;
                    self.forget();
                }
                Err(Trouble::Silence) => {
                    if !heard(Step::Waiting) {
                        return Err("Stopped.".to_owned());
                    }
                    sleep(pause).await;
                    pause = (pause * 2).min(PAUSES.1);
                }
            }
        }
    }

    async fn go_on(
        &self,
        address: &mut Option<String>,
        size: f64,
        heard: &impl Fn(Step) -> bool,
    ) -> Result<(), Trouble> {
        let (place, mut at) = match address {
            Some(place) => {
                let response = request("HEAD", place, &[], None).await?;
                (place.clone(), number(&response, "upload-offset")?)
            }
            None => {
                let metadata = format!(
                    "lesson {},filename {},language {}",
                    base64(&self.lesson.to_string()),
                    base64(self.name),
                    base64(self.language)
                );
                let head = [("upload-length", &*size.to_string()), ("upload-metadata", &*metadata)];
                let response = request("POST", "/uploads", &head, None).await?;
                let place = response.headers().get("location").ok().flatten().ok_or(Trouble::Silence)?;
                self.remember(&place);
                (address.insert(place).clone(), 0.0)
            }
        };
        while at < size {
            if !heard(Step::Sent(at)) {
                return Err(Trouble::Stopped);
            }
            let piece = self.file.slice_with_f64_and_f64(at, (at + PIECE).min(size)).map_err(|_| Trouble::Silence)?;
            let head = [("upload-offset", &*at.to_string()), ("content-type", "application/offset+octet-stream")];
            at = number(&request("PATCH", &place, &head, Some(&piece)).await?, "upload-offset")?;
        }
        Ok(())
    }

    /// The same file on the same lesson is the same upload, for as long as the browser remembers.
    fn key(&self) -> String {
        format!("upload {} {} {} {}", self.lesson, self.file.name(), self.file.size(), self.file.last_modified())
    }

    fn begun(&self) -> Option<String> {
        window().local_storage().ok()??.get_item(&self.key()).ok()?
    }

    fn remember(&self, address: &str) {
        if let Ok(Some(storage)) = window().local_storage() {
            _ = storage.set_item(&self.key(), address);
        }
    }

    fn forget(&self) {
        if let Ok(Some(storage)) = window().local_storage() {
            _ = storage.remove_item(&self.key());
        }
    }
}

enum Trouble {
    /// No answer, or none of ours.
    Silence,
    /// The server does not know the upload any more, or is at another byte.
    Gone,
    Refused(String),
    Stopped,
}

async fn request(method: &str, address: &str, head: &[(&str, &str)], body: Option<&Blob>) -> Result<Response, Trouble> {
    let response = fetch(method, address, head, body).await.map_err(|_| Trouble::Silence)?;
    // Read to its end: a browser counts an answer that it drops as failed.
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()).unwrap_or_default(),
        Err(_) => String::new(),
    };
    match response.status() {
        200..=299 => Ok(response),
        401 => Err(Trouble::Refused("Sign in again, and it goes on where it was.".to_owned())),
        404 | 409 | 410 if method != "POST" => Err(Trouble::Gone),
        // The server is away, or holds the place for a request that it still thinks to be under way.
        408 | 423 | 429 | 500 | 502..=504 => Err(Trouble::Silence),
        status if text.is_empty() => Err(Trouble::Refused(format!("The server answered {status}."))),
        _ => Err(Trouble::Refused(text)),
    }
}

async fn fetch(method: &str, address: &str, head: &[(&str, &str)], body: Option<&Blob>) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("tus-resumable", "1.0.0")?;
    say_who(&headers)?;
    for (name, value) in head {
        headers.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers_headers(&headers);
    init.set_body_opt_blob(body);
    JsFuture::from(window().fetch_with_str_and_init(address, &init)).await?.dyn_into()
}

/// What is no answer of ours says no number.
fn number(response: &Response, name: &str) -> Result<f64, Trouble> {
    response.headers().get(name).ok().flatten().and_then(|text| text.parse().ok()).ok_or(Trouble::Silence)
}

/// Base64 of a text's UTF-8, as `Upload-Metadata` wants it.
fn base64(text: &str) -> String {
    let binary: String = text.bytes().map(char::from).collect();
    window().btoa(&binary).unwrap_or_default()
}

async fn sleep(milliseconds: i32) {
    let wait = Promise::new(&mut |resolve, _| {
        _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    _ = JsFuture::from(wait).await;
}
