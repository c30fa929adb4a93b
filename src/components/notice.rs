use super::icon::{Icon, IconView};
use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    Info,
    Success,
    Warning,
    Danger,
}

/// A sentence that stands out. What goes wrong after an action is read out at once.
#[component]
pub fn Notice(
    kind: NoticeKind,
    #[prop(into)] title: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (class, icon) = match kind {
        NoticeKind::Info => ("notice notice--info", Icon::Info),
        NoticeKind::Success => ("notice notice--success", Icon::CheckCircle),
        NoticeKind::Warning => ("notice notice--warning", Icon::Warning),
        NoticeKind::Danger => ("notice notice--danger", Icon::Warning),
    };
    let alert = (kind == NoticeKind::Danger).then_some("alert");
    view! {
        <div class=class role=alert>
            <IconView icon />
            <div>
                <p class="notice-title">{title}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
    .into_any()
}
