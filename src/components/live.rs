use leptos::prelude::*;

/// A view that follows the signals it reads. Every closure in a view is a type of its own and brings a copy of what
/// hydrates, builds and changes it into the wasm; these share one. For the same reason attributes that change are
/// `Signal`s.
pub fn live(view: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    fn erased(view: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
        (move || view()).into_any()
    }
    erased(Box::new(view))
}
