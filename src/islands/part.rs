//! Pages of this site, fetched without what stands around them.

use crate::api::submit::say_who;
use crate::domain::lesson::PART;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, DomParser, Headers, RequestInit, Response, SupportedType};

/// A page without the site's header and footer, and a lesson's without its outline.
pub async fn fetch(path: &str) -> Result<String, JsValue> {
    let headers = Headers::new()?;
    headers.set(PART, "page")?;
    say_who(&headers)?;
    let init = RequestInit::new();
    init.set_headers_headers(&headers);
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?.dyn_into()?;
    if response.status() >= 500 {
        return Err(JsValue::NULL);
    }
    JsFuture::from(response.text()?).await?.dyn_into::<js_sys::JsString>().map(String::from)
}

/// Nothing in it runs: what is parsed so has no scripts.
pub fn parse(html: &str) -> Option<Document> {
    DomParser::new().ok()?.parse_from_string(html, SupportedType::TextHtml).ok()
}
