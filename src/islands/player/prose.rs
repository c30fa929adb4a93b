//! What script adds to a lesson's text: a way to copy each block of code, and a link to each heading.

use crate::components::dom;
use crate::components::live::{on_document, spawn};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

pub fn copy_on_click() {
    on_document("click", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("[data-copy]").ok().flatten());
        let code = button.as_ref().and_then(|button| button.parent_element()?.query_selector("code").ok()?);
        if let Some((button, code)) = button.zip(code) {
            let copied = window().navigator().clipboard().write_text(&code.text_content().unwrap_or_default());
            spawn(async move {
                let words = if JsFuture::from(copied).await.is_ok() { "Copied" } else { "Not copied" };
                button.set_text_content(Some(words));
            });
        }
    });
}

/// Dresses the text that is in the page, once.
pub fn dress() {
    let Some(text) = document().get_element_by_id("lesson") else { return };
    for block in dom::within(&text, ".prose pre:has(> code):not(:has([data-copy]))") {
        _ = block.insert_adjacent_html("beforeend", r#"<button class="copy" type="button" data-copy>Copy</button>"#);
    }
    for heading in dom::within(&text, ".prose :is(h2, h3, h4)[id]:not(:has(.anchor))") {
        // An id of our own making: letters, digits and hyphens.
        let link = format!(r##"<a class="anchor" href="#{}" aria-label="Link to this section">#</a>"##, heading.id());
        _ = heading.insert_adjacent_html("beforeend", &link);
    }
}
