use crate::error::AppError;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::str::FromStr;

/// A part of the page's address, as text.
pub fn text(name: &'static str) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    let params = use_params_map();
    move || params.with(|params| params.get_str(name).unwrap_or_default().to_owned())
}

/// The id that a part of an address spells; where it spells none, there is nothing.
pub fn id<T: FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// Where to go after signing in, as the address says it; what it says is checked where it is followed.
pub fn next() -> String {
    use_query_map().with_untracked(|query| query.get_str("next").unwrap_or_default().to_owned())
}
