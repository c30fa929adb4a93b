//! The OpenID Connect providers whose people may sign in, from a file of their own: there may be several, and each has a
//! secret.

use super::is_loopback;
use crate::domain::validate::{NAME_MAX, name};
use crate::domain::way_in::CLERK;
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::HashSet;
use std::path::Path;

/// An OpenID Connect provider, as the settings name it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcProvider {
    /// What it is called in addresses and in the database: small letters, digits and hyphens.
    pub slug: String,
    /// What it is called on pages.
    pub name: String,
    /// Where its discovery document is found, exactly as that says it, too.
    pub issuer: String,
    pub client_id: String,
    /// None for a public client, which proves by PKCE alone that it began what it ends.
    #[serde(default)]
    pub client_secret: Option<SecretString>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    provider: Vec<OidcProvider>,
}

/// Reads the file at `path`; the error is a sentence that says what to change.
pub(super) fn read(path: &Path) -> Result<Vec<OidcProvider>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("LECTERN_OIDC_FILE is {}: {error}.", path.display()))?;
    parse(&text).map_err(|sentence| format!("{}: {sentence}", path.display()))
}

fn parse(text: &str) -> Result<Vec<OidcProvider>, String> {
    // What it quotes of the file could be a secret.
    let File { provider: providers } = toml::from_str(text).map_err(|error| format!("{}.", error.message()))?;
    let mut slugs = HashSet::new();
    for provider in &providers {
        let OidcProvider { slug, name: title, issuer, client_id, client_secret } = provider;
        if !is_slug(slug) {
            return Err(format!("the slug {slug:?} may hold small letters, digits and hyphens, 40 at most."));
        }
        // Identities of both are told apart by it.
        if slug == CLERK || !slugs.insert(slug) {
            return Err(format!("another provider has the slug {slug}."));
        }
        if name(title.clone()).is_err() {
            return Err(format!("the name of {slug} is empty, or longer than {NAME_MAX} characters."));
        }
        if !(issuer.starts_with("https://") || is_loopback(issuer)) || issuer.contains(['?', '#']) {
            return Err(format!("the issuer of {slug} is {issuer}: it is an https address without a question mark."));
        }
        let secret = client_secret.as_ref().map(secrecy::ExposeSecret::expose_secret);
        if client_id.trim().is_empty() || secret.is_some_and(|secret| secret.trim().is_empty()) {
            return Err(format!("client_id or client_secret of {slug} is empty: the provider shows both."));
        }
    }
    Ok(providers)
}

fn is_slug(slug: &str) -> bool {
    let fits = slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    fits && (1..=40).contains(&slug.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOGLE: &str = "[[provider]]\nslug = 'google'\nname = 'Google'\nissuer = 'https://accounts.google.com'\n\
                          client_id = 'id'\nclient_secret = 'quiet'\n";

    #[test]
    fn several_providers_stand_in_the_order_of_their_file() {
        let other = "[[provider]]\nslug = 'a-1'\nname = 'School'\nissuer = 'http://127.0.0.1:9/x'\nclient_id = 'id'\n";
        let providers = parse(&format!("{GOOGLE}{other}")).expect("is understood");
        let slugs: Vec<&str> = providers.iter().map(|provider| provider.slug.as_str()).collect();
        assert_eq!(slugs, ["google", "a-1"]);
        assert!(providers[1].client_secret.is_none());
        assert!(parse("").expect("is understood").is_empty());
    }

    #[test]
    fn what_does_not_hold_together_is_refused_in_a_sentence_without_the_secret() {
        let change = |from: &str, to: &str| parse(&GOOGLE.replace(from, to)).expect_err(to);
        for (from, to) in [
            ("'google'", "'Google'"),
            ("'google'", "''"),
            ("'google'", "'a/b'"),
            ("'google'", "'clerk'"),
            ("'Google'", "''"),
            ("https://", "http://"),
            ("accounts.google.com'", "accounts.google.com?x'"),
            ("'id'", "' '"),
            ("'quiet'", "''"),
            ("slug =", "slugs ="),
            ("client_id = 'id'\n", ""),
            ("client_secret = 'quiet'", "client_secret = quiet"),
        ] {
            let sentence = change(from, to);
            assert!(sentence.ends_with('.') && !sentence.contains("quiet"), "{sentence}");
        }
        assert!(parse(&[GOOGLE, GOOGLE].concat()).is_err());
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let sentence = read(Path::new("/no/such/file.toml")).expect_err("is not there");
        assert!(sentence.contains("/no/such/file.toml"), "{sentence}");
    }
}
