use crate::error::AppError;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::str::FromStr;

/// An id in the page's address; what is none leads to the page for unknown addresses.
pub fn id<T>(name: &'static str) -> Memo<Result<T, AppError>>
where
    T: FromStr + Clone + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| {
        params.with(|params| params.get_str(name).and_then(|text| text.parse().ok())).ok_or(AppError::NotFound)
    })
}

/// Where to go after signing in, as the address says it; what it says is checked where it is followed.
pub fn next() -> String {
    use_query_map().with_untracked(|query| query.get_str("next").unwrap_or_default().to_owned())
}
