//! The session's cookie.

use super::super::config::Config;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// `__Host-` ties the cookie to this host and to https; browsers refuse it on plain loopback, so there it goes without.
pub fn name(config: &Config) -> &'static str {
    if config.is_secure() { "__Host-lectern" } else { "lectern" }
}

/// The cookie's value in a request, if there is one.
pub fn read<'h>(headers: &'h HeaderMap, config: &Config) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name(config))
        .map(|(_, value)| value)
}

/// A `Set-Cookie` value that lasts for `seconds`; 0 removes it.
pub fn set(config: &Config, value: &str, seconds: i64) -> String {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", name(config))
}
