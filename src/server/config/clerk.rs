//! Clerk's settings, and whether they hold together.

use super::{Mode, Settings, is_loopback};
use crate::server::auth::clerk::{keys, signature};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

/// Clerk's interface for servers.
const API: &str = "https://api.clerk.com";
/// The script of Clerk's that a sign-in page loads, below an instance's own address.
const SCRIPT: &str = "/npm/@clerk/clerk-js@5/dist/clerk.browser.js";

/// An instance of Clerk's, whose people may sign in here.
#[derive(Debug, Clone)]
pub struct ClerkInstance {
    /// What its script is told which instance it speaks to; no secret.
    pub publishable_key: String,
    /// The origin of its interface for browsers, without a slash at its end: also whom its tokens are from.
    pub front: String,
    /// Where its interface for servers is, without a slash at its end.
    pub api: String,
}

impl ClerkInstance {
    /// The address of its script.
    pub fn script(&self) -> String {
        format!("{}{SCRIPT}", self.front)
    }

    /// The instance that the settings name, if they name one; the error is a sentence that says what to change.
    pub(super) fn of(settings: &Settings, mode: Mode) -> Result<Option<Self>, String> {
        let Some(key) = &settings.clerk_publishable_key else {
            let name = match settings {
                _ if settings.clerk_jwt_key.is_some() => "CLERK_JWT_KEY",
                _ if !settings.clerk_webhook_secret.is_empty() => "CLERK_WEBHOOK_SECRET",
                _ if settings.clerk_url.is_some() => "CLERK_URL",
                // By itself it says nothing of how people sign in.
                _ => return Ok(None),
            };
            return Err(format!("{name} is set, and CLERK_PUBLISHABLE_KEY is missing."));
        };
        let Some((host, live)) = host(key) else {
            return Err("CLERK_PUBLISHABLE_KEY is no publishable key: one starts with pk_live_ or pk_test_, and the \
                        rest of it is the name of an instance."
                .into());
        };
        if live && mode == Mode::Demo {
            return Err(
                "CLERK_PUBLISHABLE_KEY is a live key: a demo lets anyone in, so it does not start beside one.".into()
            );
        }
        if let Some(secret) = &settings.clerk_secret_key {
            let starts = if live { "sk_live_" } else { "sk_test_" };
            if !secret.expose_secret().starts_with(starts) {
                return Err(format!(
                    "CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY are not of one instance: the secret key must start \
                     with {starts}."
                ));
            }
        }
        if settings.clerk_jwt_key.as_ref().is_some_and(|pem| keys::read_pem(pem).is_none()) {
            return Err("CLERK_JWT_KEY is no public key: it begins with -----BEGIN PUBLIC KEY-----, and is shown \
                        beside the instance's other keys at Clerk."
                .into());
        }
        check_webhook(&settings.clerk_webhook_secret)?;
        let (front, api) = match settings.clerk_url.as_deref().map(|url| url.trim_end_matches('/')) {
            None => (format!("https://{host}"), API.to_owned()),
            Some(url) if !live && is_loopback(url) && url.matches('/').count() == 2 => (url.to_owned(), url.to_owned()),
            Some(url) => {
                return Err(format!(
                    "CLERK_URL is {url}: it is for what stands in for Clerk on this machine, at a loopback address, \
                     with a test key. Leave it out."
                ));
            }
        };
        Ok(Some(Self { publishable_key: key.clone(), front, api }))
    }
}

fn check_webhook(secrets: &[SecretString]) -> Result<(), String> {
    if secrets.is_empty() || secrets.iter().any(|secret| secret.expose_secret().trim().is_empty()) {
        return Err(
            "CLERK_WEBHOOK_SECRET is missing or empty: anyone could say that a person was deleted. It is shown \
                    beside the webhook endpoint at Clerk, and starts with whsec_."
                .into(),
        );
    }
    match secrets.iter().all(|secret| signature::key(secret.expose_secret().trim()).is_some()) {
        true => Ok(()),
        false => {
            Err("CLERK_WEBHOOK_SECRET is no signing secret: one starts with whsec_, and the rest of it is base64."
                .into())
        }
    }
}

/// The host that a publishable key names, and whether it is a live one: what follows its start is the host and a dollar
/// sign, as base64.
fn host(key: &str) -> Option<(String, bool)> {
    let (live, rest) = match (key.strip_prefix("pk_live_"), key.strip_prefix("pk_test_")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return None,
    };
    let text = String::from_utf8(STANDARD_NO_PAD.decode(rest.trim_end_matches('=')).ok()?).ok()?;
    let host = text.strip_suffix('$')?;
    // It goes into a page's policy and into an address.
    let part = |part: &str| {
        let edges = |c: char| c.is_ascii_alphanumeric();
        part.starts_with(edges)
            && part.ends_with(edges)
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    (host.len() <= 253 && host.contains('.') && host.split('.').all(part)).then(|| (host.to_owned(), live))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::Cli;
    use clap::Parser;

    const HOOK: &str = "--clerk-webhook-secret=whsec_c2VjcmV0";
    const DATABASE: &str = "--database-url=postgres://x/y";

    fn config(arguments: &[&str]) -> Result<Option<ClerkInstance>, String> {
        let mut settings =
            Cli::try_parse_from([&["lectern"], arguments].concat()).map_err(|error| error.to_string())?.settings;
        if !arguments.contains(&DATABASE) {
            settings.database_url = None;
        }
        super::super::Config::new(settings).map(|config| config.clerk)
    }

    fn key(start: &str, text: &str) -> String {
        format!("--clerk-publishable-key={start}{}", STANDARD_NO_PAD.encode(text))
    }

    #[test]
    fn a_publishable_key_names_the_instance_and_everything_else_follows() {
        assert!(config(&[]).expect("starts").is_none());
        let key = key("pk_test_", "able-cat-12.clerk.accounts.dev$");
        for padding in ["", "=", "=="] {
            let instance = config(&[&format!("{key}{padding}"), HOOK]).expect("starts").expect("is set up");
            assert_eq!(instance.front, "https://able-cat-12.clerk.accounts.dev");
            assert_eq!(instance.api, "https://api.clerk.com");
            assert!(instance.script().starts_with("https://able-cat-12.clerk.accounts.dev/npm/@clerk/clerk-js@5/"));
        }
    }

    #[test]
    fn what_is_no_publishable_key_is_refused() {
        for text in
            ["", "$", "host$", "clerk.example.org", "a b.example$", "clerk.example.org/x$", "-a.example$", "a..b$"]
        {
            assert!(config(&[&key("pk_test_", text), HOOK]).is_err(), "{text:?}");
        }
        for start in ["", "pk_", "sk_test_", "pk_prod_"] {
            assert!(config(&[&key(start, "clerk.example.org$"), HOOK]).is_err(), "{start:?}");
        }
        assert!(config(&["--clerk-publishable-key=pk_test_!!", HOOK]).is_err());
        let attack = "clerk.example.org; script-src *$";
        assert!(config(&[&key("pk_test_", attack), HOOK]).is_err());
    }

    #[test]
    fn a_demo_refuses_to_start_beside_a_live_instance() {
        let live = key("pk_live_", "clerk.example.org$");
        assert!(config(&[&live, HOOK]).is_err());
        assert!(config(&[&live, HOOK, DATABASE]).is_ok());
        assert!(config(&[&key("pk_test_", "clerk.example.org$"), HOOK]).is_ok());
    }

    #[test]
    fn keys_of_two_modes_and_settings_without_an_instance_are_refused() {
        let (test, live) = (key("pk_test_", "clerk.example.org$"), key("pk_live_", "clerk.example.org$"));
        for (publishable, secret, fine) in [
            (&test, "sk_test_x", true),
            (&live, "sk_live_x", true),
            (&test, "sk_live_x", false),
            (&live, "sk_test_x", false),
            (&test, "", false),
            (&test, "pk_test_x", false),
        ] {
            let secret = format!("--clerk-secret-key={secret}");
            assert_eq!(config(&[publishable, &secret, HOOK, DATABASE]).is_ok(), fine, "{publishable} {secret}");
        }
        for alone in [HOOK, "--clerk-jwt-key=x", "--clerk-url=http://127.0.0.1:1"] {
            assert!(config(&[alone]).is_err(), "{alone}");
        }
        for pem in ["", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"] {
            assert!(config(&[&test, HOOK, &format!("--clerk-jwt-key={pem}")]).is_err(), "{pem}");
        }
    }

    #[test]
    fn without_a_secret_for_its_webhook_clerk_is_not_started_with() {
        let key = key("pk_test_", "clerk.example.org$");
        assert!(config(&[&key]).is_err());
        for secret in ["", " ", "whsec_", "c2VjcmV0", "whsec_not base64", "whsec_c2VjcmV0,", ",whsec_c2VjcmV0"] {
            assert!(config(&[&key, "--clerk-webhook-secret", secret]).is_err(), "{secret:?}");
        }
        assert!(config(&[&key, "--clerk-webhook-secret=whsec_c2VjcmV0, whsec_b3RoZXI="]).is_ok());
    }

    #[test]
    fn something_else_stands_in_for_clerk_on_this_machine_alone_and_with_a_test_key() {
        let with = |start: &str, url: &str| {
            config(&[&key(start, "clerk.example.org$"), HOOK, DATABASE, &format!("--clerk-url={url}")])
        };
        let instance = with("pk_test_", "http://127.0.0.1:12112/").expect("starts").expect("is set up");
        assert_eq!([instance.front, instance.api], ["http://127.0.0.1:12112", "http://127.0.0.1:12112"]);
        assert!(with("pk_live_", "http://127.0.0.1:12112").is_err());
        for url in ["https://clerk.example.org", "http://clerk.example.org", "http://127.0.0.1:1/x", "127.0.0.1:1", ""]
        {
            assert!(with("pk_test_", url).is_err(), "{url}");
        }
    }
}
