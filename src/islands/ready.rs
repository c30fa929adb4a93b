use super::queue::Queue;
use crate::domain::id::UserId;
use leptos::prelude::*;

/// Says on the document that the page answers to script. Islands hydrate in the document's order: the last one on a
/// page, this knows that all others are done. What a visit before could not send is sent from here, too.
#[island]
pub fn Ready(person: Option<UserId>) -> impl IntoView {
    Effect::new(move |_| {
        let html = document().document_element();
        _ = html.map(|html| html.set_attribute("data-hydrated", ""));
        let player = document().query_selector(".player").ok().flatten();
        if let Some(person) = person.filter(|_| player.is_none()) {
            Queue::of(person, Callback::new(|_| {}));
        }
    });
}
