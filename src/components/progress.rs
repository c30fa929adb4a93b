use crate::domain::progress::Progress;
use leptos::prelude::*;

/// How far a learner is, in words and as a bar.
#[component]
pub fn ProgressBar(#[prop(into)] progress: Signal<Progress>, #[prop(into)] label: String) -> impl IntoView {
    let of = move || format!("{} of {} lessons", progress.get().completed, progress.get().total);
    view! {
        <div class="progress">
            <div>
                <span>{move || format!("{} % complete", progress.get().percent())}</span>
                <span>{of}</span>
            </div>
            <progress
                max=move || progress.get().total.max(1)
                value=move || progress.get().completed
                aria-label=label
            ></progress>
        </div>
    }
    .into_any()
}
