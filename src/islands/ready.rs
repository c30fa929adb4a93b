use leptos::prelude::*;

/// Says on the document that the page answers to script. Islands hydrate in the document's order: the last one on a
/// page, this knows that all others are done.
#[island]
pub fn Ready() -> impl IntoView {
    Effect::new(|| _ = document().document_element().map(|html| html.set_attribute("data-hydrated", "")));
}
