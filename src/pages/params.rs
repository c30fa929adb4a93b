use crate::domain::file::encoded;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The id in a part of the page's address, as the argument `name` of a server function, URL-encoded.
pub fn argument(name: &'static str, part: &'static str) -> String {
    format!("{name}={}", text(part))
}

/// The id in a part of the page's address, as text. What could be no id is none: it spells nothing else either.
pub fn text(part: &'static str) -> String {
    let text = use_params_map().with_untracked(|params| params.get_str(part).unwrap_or_default().to_owned());
    let could_be_one = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if could_be_one { text } else { "none".to_owned() }
}

/// The same of a part of the address's query; none where it is not there.
pub fn query_argument(name: &'static str) -> String {
    let text = use_query_map().with_untracked(|query| query.get_str(name).unwrap_or_default().to_owned());
    let could_be_one = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if could_be_one { format!("&{name}={text}") } else { String::new() }
}

/// Whatever text a part of the address's query holds, as the argument of the same name; none where it is not there or
/// empty.
pub fn text_argument(name: &'static str) -> String {
    match query(name).as_str() {
        "" => String::new(),
        text => format!("&{name}={}", encoded(text)),
    }
}

/// A product's id and the coupon's code that somebody came with, as arguments.
pub fn product_and_coupon() -> String {
    [argument("id", "product"), text_argument("coupon")].concat()
}

/// Where to go after signing in, as the address says it; what it says is checked where it is followed.
pub fn next() -> String {
    query("next")
}

/// Whatever text a part of the address's query holds; empty where it is not there.
pub fn query(name: &'static str) -> String {
    use_query_map().with_untracked(|query| query.get_str(name).unwrap_or_default().to_owned())
}
