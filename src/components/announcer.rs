use leptos::prelude::*;

/// Says things to screen readers without taking the focus.
#[derive(Clone, Copy)]
pub struct Announcer(RwSignal<String>);

impl Announcer {
    pub fn new() -> Self {
        Self(RwSignal::new(String::new()))
    }

    pub fn say(self, sentence: impl Into<String>) {
        let mut sentence = sentence.into();
        // The same words again are heard again only where the text differs.
        if self.0.with_untracked(|last| *last == sentence) {
            sentence.push('\u{a0}');
        }
        self.0.set(sentence);
    }
}

impl Default for Announcer {
    fn default() -> Self {
        Self::new()
    }
}

/// The one live region of the site.
#[component]
pub fn LiveRegion(announcer: Announcer) -> impl IntoView {
    let words: Signal<String> = announcer.0.into();
    view! { <p class="visually-hidden" role="status" aria-live="polite" id="live">{words}</p> }
}
