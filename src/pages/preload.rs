use leptos::WasmSplitManifest;
use leptos::prelude::*;
use leptos_meta::Link;

/// Names the files of an island that is loaded apart from the others: the browser fetches them along with the page,
/// not once it has found the island. `island` is the component's name in snake case.
#[component]
pub fn Preload(island: &'static str) -> impl IntoView {
    let manifest = use_context::<WasmSplitManifest>()?;
    let (root, files) = manifest.0.with_value(|(root, islands, _)| {
        let loader = format!("{island}_loader_");
        let files = islands.iter().find(|(name, _)| name.starts_with(&loader)).map(|(_, files)| files.clone());
        (root.clone(), files.unwrap_or_default())
    });
    let links = files.into_iter().map(|file| {
        view! {
            <Link
                rel="preload"
                href=format!("{root}/{file}.wasm")
                as_="fetch"
                type_="application/wasm"
                crossorigin="anonymous"
            />
        }
    });
    Some(links.collect_view())
}
