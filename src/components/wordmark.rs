use leptos::prelude::*;

const MARK: &str = r#"<path d="M11.1 4.9C8.7 3.3 5.6 2.8 2.3 3.3a.9.9 0 0 0-.8.9v9.4c0 .6.5 1 1.1.9 3.1-.4 6 .1 8.5 1.6zM12.9 4.9c2.4-1.6 5.5-2.1 8.8-1.6a.9.9 0 0 1 .8.9v9.4c0 .6-.5 1-1.1.9-3.1-.4-6 .1-8.5 1.6zM11.1 18h1.8v1.6h3.7a.9.9 0 0 1 0 1.8H7.4a.9.9 0 0 1 0-1.8h3.7z"/>"#;

/// The mark and the name, and the way to the storefront.
#[component]
pub fn Wordmark() -> impl IntoView {
    view! {
        <a class="wordmark" href="/">
            <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true" inner_html=MARK></svg>
            "Lectern"
        </a>
    }
    .into_any()
}
