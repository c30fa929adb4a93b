use crate::domain::progress::Progress;
use leptos::prelude::*;

/// How far a learner is, in words and as a bar.
#[component]
pub fn ProgressBar(#[prop(into)] progress: Signal<Progress>, #[prop(into)] label: String) -> impl IntoView {
    let percent = Signal::derive(move || format!("{} % complete", progress.get().percent()));
    let of = Signal::derive(move || format!("{} of {} lessons", progress.get().completed, progress.get().total));
    view! {
        <div class="progress">
            <div>
                <span>{percent}</span>
                <span>{of}</span>
            </div>
            <progress
                max=Signal::derive(move || progress.get().total.max(1).to_string())
                value=Signal::derive(move || progress.get().completed.to_string())
                aria-label=label
            ></progress>
        </div>
    }
    .into_any()
}
