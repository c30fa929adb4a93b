use crate::components::notice::{Notice, NoticeKind};
use crate::domain::import::Refused;
use leptos::prelude::*;

/// Why a form with files was refused, where its page is the answer.
#[component]
pub fn RefusedNotice() -> impl IntoView {
    use_context::<Refused>().map(|refused| view! { <Notice kind=NoticeKind::Danger title=refused.0 /> }).into_any()
}
