use crate::domain::progress::Progress;
use leptos::prelude::*;

/// How far a learner is, in words and as a bar.
#[component]
pub fn ProgressBar(progress: Progress, #[prop(into)] label: String) -> impl IntoView {
    let [percent, of] = progress.words();
    view! {
        <div class="progress">
            <div>
                <span>{percent}</span>
                <span>{of}</span>
            </div>
            <progress
                max=progress.total.max(1).to_string()
                value=progress.completed.to_string()
                aria-label=label
            ></progress>
        </div>
    }
    .into_any()
}
