use leptos::prelude::*;
use leptos_meta::*;
pub fn shell(options: LeptosOptions, demo: bool) -> impl IntoView { let _ = (options, demo); view!{<div/>} }
#[component]
pub fn App() -> impl IntoView { provide_meta_context(); view!{<div/>} }
