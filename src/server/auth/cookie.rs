//! The session's cookie, and the one by which an admin looks at the site as others do.

use super::super::config::Config;
use crate::domain::access::Preview;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;

const PREVIEW: &str = "lectern-preview";
const SECURE_PREVIEW: &str = "__Host-lectern-preview";
const INVITATION: &str = "lectern-invitation";
const SECURE_INVITATION: &str = "__Host-lectern-invitation";
const OIDC: &str = "lectern-oidc";
const SECURE_OIDC: &str = "__Host-lectern-oidc";
const DEVICE: &str = "lectern-known";
const SECURE_DEVICE: &str = "__Host-lectern-known";
const CEREMONY: &str = "lectern-passkey";
const SECURE_CEREMONY: &str = "__Host-lectern-passkey";

/// `__Host-` ties the cookie to this host and to https; browsers refuse it on plain loopback, so there it goes without.
pub fn name(config: &Config) -> &'static str {
    if config.is_secure() { "__Host-lectern" } else { "lectern" }
}

/// The cookie's value in a request, if there is one.
pub fn read<'h>(headers: &'h HeaderMap, config: &Config) -> Option<&'h str> {
    find(headers, name(config))
}

/// By what a browser is known to an account; a right to nothing.
pub fn device<'h>(headers: &'h HeaderMap, config: &Config) -> Option<&'h str> {
    find(headers, device_name(config))
}

/// A `Set-Cookie` value by which the browser is known for `seconds`.
pub fn set_device(config: &Config, value: &str, seconds: i64) -> String {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", device_name(config))
}

fn device_name(config: &Config) -> &'static str {
    if config.is_secure() { SECURE_DEVICE } else { DEVICE }
}

/// The secret of an invitation that was just made, for the page that shows it.
pub fn invitation<'h>(headers: &'h HeaderMap, config: &Config) -> Option<&'h str> {
    find(headers, invitation_name(config))
}

/// A `Set-Cookie` value that hands it there, for a minute.
pub fn set_invitation(config: &Config, secret: &str) -> String {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60{secure}", invitation_name(config))
}

fn invitation_name(config: &Config) -> &'static str {
    if config.is_secure() { SECURE_INVITATION } else { INVITATION }
}

/// By what a browser is known that was sent to an OpenID Connect provider.
pub fn oidc<'h>(headers: &'h HeaderMap, config: &Config) -> Option<&'h str> {
    find(headers, oidc_name(config))
}

/// A `Set-Cookie` value by which it is known when it comes back; kept for as long as the browser is open. Lax, for it comes
/// back by a link of another site's.
pub fn set_oidc(config: &Config, secret: &str) -> String {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax{secure}", oidc_name(config))
}

fn oidc_name(config: &Config) -> &'static str {
    if config.is_secure() { SECURE_OIDC } else { OIDC }
}

/// The secret of what a passkey's device was asked on this browser.
pub fn ceremony<'h>(headers: &'h HeaderMap, config: &Config) -> Option<&'h str> {
    find(headers, ceremony_name(config))
}

/// A `Set-Cookie` value that carries it for `seconds`; 0 removes it.
pub fn set_ceremony(config: &Config, secret: &str, seconds: i64) -> String {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    format!("{}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}", ceremony_name(config))
}

fn ceremony_name(config: &Config) -> &'static str {
    if config.is_secure() { SECURE_CEREMONY } else { CEREMONY }
}

/// As whom an admin looks at the site; a right to nothing, and kept for as long as the browser is open.
pub fn preview(headers: &HeaderMap, config: &Config) -> Option<Preview> {
    find(headers, preview_name(config)).and_then(Preview::of)
}

/// A `Set-Cookie` value that says it from now on, or says it no more.
pub fn set_preview(config: &Config, preview: Option<Preview>) -> String {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    let (value, age) = preview.map_or(("", "; Max-Age=0"), |preview| (preview.value(), ""));
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}", preview_name(config))
}

fn preview_name(config: &Config) -> &'static str {
    if config.is_secure() { SECURE_PREVIEW } else { PREVIEW }
}

fn find<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A `Set-Cookie` value that lasts for `seconds`; 0 removes it.
pub fn set(config: &Config, value: &str, seconds: i64) -> String {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", name(config))
}
