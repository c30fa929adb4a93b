use leptos::prelude::*;

/// What each key does, as the sheet says it.
const SHEET: [(&str, &str); 10] = [
    ("Space or K", "Play or pause"),
    ("J / L", "10 seconds back or on"),
    ("← / →", "5 seconds back or on"),
    ("↑ / ↓", "Louder or quieter, while the video has the focus"),
    ("M", "Mute"),
    ("F", "Full screen"),
    ("C", "Captions"),
    ("< / >", "Slower or faster"),
    ("P / N", "Previous or next lesson"),
    ("?", "These keys"),
];

/// The sheet of keys; `?` opens and closes it.
#[component]
pub fn KeySheet() -> impl IntoView {
    let rows = SHEET.map(|(key, what)| view! { <li><kbd>{key}</kbd><span>{what}</span></li> });
    view! {
        <div class="keys" id="keys" popover="auto" role="dialog" aria-label="Keys">
            <ul role="list">{rows}</ul>
        </div>
    }
}
