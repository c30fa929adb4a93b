use crate::components::notice::{Notice, NoticeKind};
use crate::domain::change::{Change, Mark};
use crate::domain::deletion::count;
use crate::domain::import::UpdatePreview;
use leptos::prelude::*;

/// What the update of a course would change, a line a thing.
#[component]
pub fn Changes(update: UpdatePreview) -> impl IntoView {
    if let Some(refusal) = update.refusal {
        let title = format!("This cannot update “{}”", update.title);
        return view! { <Notice kind=NoticeKind::Warning title><p>{refusal}</p></Notice> }.into_any();
    }
    let same = count(update.same_lessons as i64, "lesson stays as it is", "lessons stay as they are");
    let rows: Vec<_> = update.changes.into_iter().map(|change| view! { <Row change /> }).collect();
    let list = match rows.is_empty() {
        true => view! { <p class="muted">"Nothing: the course is what the zip file says."</p> }.into_any(),
        false => view! { <ul class="changes" role="list">{rows}</ul> }.into_any(),
    };
    view! {
        <section class="admin-section" aria-labelledby="changes">
            <header>
                <h2 id="changes">{format!("What an update of “{}” changes", update.title)}</h2>
                <p class="muted small">{same}</p>
            </header>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Row(change: Change) -> impl IntoView {
    let class = match change.mark() {
        Mark::Added => "change change--added",
        Mark::Changed => "change",
        Mark::Removed => "change change--removed",
        Mark::Kept => "change change--kept",
    };
    view! {
        <li class=class>
            <span class="change-mark">{change.mark().label()}</span>
            <span class="change-what">
                <strong>{change.name.clone()}</strong>
                <span class="muted small">{format!("{} · {}", change.of.noun(), change.words())}</span>
            </span>
        </li>
    }
    .into_any()
}
