use super::icon::{Icon, IconView};
use leptos::prelude::*;

/// Somebody's picture beside their name, which says who it is; a figure where they have none.
#[component]
pub fn Avatar(image_url: Option<String>, #[prop(optional)] large: bool) -> impl IntoView {
    let class = if large { "avatar avatar--large" } else { "avatar" };
    match image_url {
        Some(src) => {
            view! { <img class=class src=src alt="" width="96" height="96" referrerpolicy="no-referrer" /> }.into_any()
        }
        None => view! { <span class=class><IconView icon=Icon::User /></span> }.into_any(),
    }
}
