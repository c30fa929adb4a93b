use super::link_secret;
use super::queue::{self, Queue};
use crate::components::live::effect;
use crate::domain::id::UserId;
use leptos::prelude::*;

/// Says on the document that the page answers to script. Islands hydrate in the document's order: the last one on a
/// page, this knows that all others are done. What a visit before could not send is sent from here, too,
/// and the secret of a link is taken out of the address.
#[island]
pub fn Ready(person: Option<UserId>) -> impl IntoView {
    effect(move || {
        link_secret::keep();
        let html = document().document_element();
        _ = html.map(|html| html.set_attribute("data-hydrated", ""));
        let player = document().query_selector(".player").ok().flatten();
        if let Some(person) = person.filter(|person| player.is_none() && queue::is_waiting(*person)) {
            Queue::of(person, Callback::new(|_| {}));
        }
    });
}
