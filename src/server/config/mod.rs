//! The settings, and whether they hold together.

mod clerk;
mod command_line;
mod oidc;
mod settings;

pub use clerk::ClerkInstance;
pub use command_line::{AdminCommand, Cli, Command, DemoCommand};
pub use oidc::OidcProvider;
pub use settings::{LogFormat, Mode, Settings};

use crate::domain::way_in::{CLERK, ClerkFront, Provider, WaysIn};
use crate::error::AppError;
use secrecy::ExposeSecret;

/// Stripe's interface.
const STRIPE: &str = "https://api.stripe.com";

/// Settings that hold together.
#[derive(Debug, Clone)]
pub struct Config {
    pub settings: Settings,
    /// Without a slash at its end.
    pub public_url: String,
    /// Where people may sign in who are known at Clerk; none where that is not set up.
    pub clerk: Option<ClerkInstance>,
    /// The OpenID Connect providers whose people may sign in, in the order of their file.
    pub oidc: Vec<OidcProvider>,
    mode: Mode,
    secure: bool,
}

impl Config {
    /// Checks the settings against each other; the error is a sentence that says what to change.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let mode = settings.mode.unwrap_or(match settings.database_url {
            Some(_) => Mode::Production,
            None => Mode::Demo,
        });
        let public_url = settings.public_url.trim_end_matches('/').to_owned();
        let secure = public_url.starts_with("https://");
        if !secure && !is_loopback(&public_url) {
            return Err(format!(
                "LECTERN_PUBLIC_URL is {public_url}: use an https address, or a loopback one while trying things out."
            ));
        }
        if mode == Mode::Production && settings.database_url.is_none() {
            return Err("DATABASE_URL is missing: in production Lectern runs no database of its own.".into());
        }
        for (name, key) in
            [("STRIPE_SECRET_KEY", &settings.stripe_secret_key), ("CLERK_SECRET_KEY", &settings.clerk_secret_key)]
        {
            if mode == Mode::Demo && key.as_ref().is_some_and(|key| key.expose_secret().contains("_live_")) {
                return Err(format!("{name} is a live key: a demo lets anyone in, so it does not start beside one."));
            }
        }
        check_stripe(&settings)?;
        let clerk = ClerkInstance::of(&settings, mode)?;
        let oidc = settings.oidc_file.as_deref().map(oidc::read).transpose()?.unwrap_or_default();
        if !settings.local_accounts && clerk.is_none() && oidc.is_empty() {
            return Err("LECTERN_LOCAL_ACCOUNTS is false, and there is no other way to sign in: set up Clerk or an \
                        OpenID Connect provider."
                .into());
        }
        Ok(Self { settings, public_url, clerk, oidc, mode, secure })
    }

    pub fn is_demo(&self) -> bool {
        self.mode == Mode::Demo
    }

    /// Whether people reach the site over https.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// # Errors
    /// `NotFound` where the settings let nobody in by a password.
    pub fn local_accounts(&self) -> Result<(), AppError> {
        if self.settings.local_accounts { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// How one gets in to the site, for its pages.
    pub fn ways_in(&self) -> WaysIn {
        let clerk = self.clerk.as_ref();
        let provider = |of: &OidcProvider| Provider { slug: of.slug.clone(), name: of.name.clone() };
        WaysIn {
            local: self.settings.local_accounts,
            clerk: clerk.map(|of| ClerkFront { publishable_key: of.publishable_key.clone(), script: of.script() }),
            providers: self.oidc.iter().map(provider).collect(),
        }
    }

    /// What a provider is called on pages; as the database names it, where the settings do not know it any more.
    pub fn provider_name(&self, provider: &str) -> String {
        let named = self.oidc.iter().find(|of| of.slug == provider).map(|of| of.name.clone());
        named.unwrap_or_else(|| if provider == CLERK { "Clerk".to_owned() } else { provider.to_owned() })
    }

    /// The origin of the page where buyers pay; none where that is a page of this site. Stripe's own, or what stands in
    /// for it.
    pub fn pays_at(&self) -> Option<&str> {
        self.settings.stripe_secret_key.as_ref()?;
        match self.settings.stripe_url.as_str() {
            STRIPE => Some("https://checkout.stripe.com"),
            other => Some(other.trim_end_matches('/')),
        }
    }

    /// The site as browsers name it where they say who asks (RFC 6454): without a path, in small letters, and without the
    /// port that goes without saying.
    pub fn origin(&self) -> String {
        let (scheme, rest) = self.public_url.split_once("://").unwrap_or_default();
        let authority = rest.split('/').next().unwrap_or_default().to_ascii_lowercase();
        let usual = if self.secure { ":443" } else { ":80" };
        format!("{scheme}://{}", authority.strip_suffix(usual).unwrap_or(&authority))
    }

    /// The site's name among hosts.
    pub fn host(&self) -> &str {
        let rest = self.public_url.split_once("://").map_or("", |(_, rest)| rest);
        without_port(rest.split('/').next().unwrap_or_default())
    }

    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}

fn check_stripe(settings: &Settings) -> Result<(), String> {
    let Some(key) = &settings.stripe_secret_key else {
        return match settings.stripe_webhook_secret.is_empty() {
            true => Ok(()),
            false => Err("STRIPE_WEBHOOK_SECRET is set, and STRIPE_SECRET_KEY is missing.".into()),
        };
    };
    let key = key.expose_secret();
    let test = ["sk_test_", "rk_test_"].iter().any(|start| key.starts_with(start));
    if !test && !["sk_live_", "rk_live_"].iter().any(|start| key.starts_with(start)) {
        return Err(
            "STRIPE_SECRET_KEY is no secret key: one starts with sk_live_, rk_live_, sk_test_ or rk_test_.".into()
        );
    }
    let secrets = &settings.stripe_webhook_secret;
    if secrets.is_empty() || secrets.iter().any(|secret| secret.expose_secret().trim().is_empty()) {
        return Err("STRIPE_WEBHOOK_SECRET is missing or empty: anyone could send events that nobody signs. It is \
                    shown beside the webhook endpoint at Stripe, and starts with whsec_."
            .into());
    }
    let url = &settings.stripe_url;
    match url.starts_with("https://") || test && is_loopback(url) {
        true => Ok(()),
        false => Err(format!("STRIPE_URL is {url}: use https, or a loopback address with a test key.")),
    }
}

pub fn is_loopback(url: &str) -> bool {
    url.strip_prefix("http://")
        .is_some_and(|rest| is_loopback_host(without_port(rest.split('/').next().unwrap_or_default())))
}

fn without_port(authority: &str) -> &str {
    authority
        .rsplit_once(':')
        .map_or(authority, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { authority })
}

/// Whether a host is this machine.
pub fn is_loopback_host(host: &str) -> bool {
    matches!(host, "localhost" | "[::1]")
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn config(arguments: &[&str]) -> Result<Config, String> {
        let mut settings =
            Cli::try_parse_from([&["lectern"], arguments].concat()).map_err(|error| error.to_string())?.settings;
        // The tests' own database is no setting of the server that is tried here.
        if !arguments.contains(&"--database-url") {
            settings.database_url = None;
        }
        Config::new(settings)
    }

    #[test]
    fn nothing_set_is_a_demo_and_a_database_makes_it_production() {
        assert!(config(&[]).expect("starts").is_demo());
        assert!(!config(&["--database-url", "postgres://x/y"]).expect("starts").is_demo());
        assert!(config(&["--mode", "production"]).is_err());
    }

    #[test]
    fn a_demo_refuses_to_start_beside_live_keys() {
        const HOOK: &str = "--stripe-webhook-secret=whsec_x";
        for key in ["--stripe-secret-key=sk_live_x", "--stripe-secret-key=rk_live_x"] {
            assert!(config(&[key, HOOK]).is_err(), "{key}");
            assert!(config(&[key, HOOK, "--database-url", "postgres://x/y"]).is_ok(), "{key}");
        }
        assert!(config(&["--clerk-secret-key=sk_live_x"]).is_err());
        assert!(config(&["--clerk-secret-key=sk_live_x", "--database-url", "postgres://x/y"]).is_ok());
        assert!(config(&["--stripe-secret-key=sk_test_x", HOOK]).is_ok());
    }

    #[test]
    fn py6_without_a_secret_for_its_webhook_stripe_is_not_started_with() {
        const KEY: &str = "--stripe-secret-key=sk_test_x";
        for secret in ["", " ", "whsec_a,", ",whsec_a"] {
            assert!(config(&[KEY, "--stripe-webhook-secret", secret]).is_err(), "{secret:?}");
        }
        assert!(config(&[KEY]).is_err());
        assert!(config(&["--stripe-webhook-secret=whsec_a"]).is_err());
        assert_eq!(
            config(&[KEY, "--stripe-webhook-secret=whsec_a,whsec_b"])
                .expect("starts")
                .settings
                .stripe_webhook_secret
                .len(),
            2
        );
    }

    #[test]
    fn a_key_goes_to_stripe_or_as_a_test_key_to_this_machine_and_nowhere_else() {
        const HOOK: &str = "--stripe-webhook-secret=whsec_x";
        let with = |key: &str, url: &str| {
            config(&[HOOK, "--database-url", "postgres://x/y", "--stripe-secret-key", key, "--stripe-url", url])
        };
        assert!(with("sk_test_x", "http://127.0.0.1:12111").is_ok());
        assert!(with("sk_live_x", "https://api.stripe.com").is_ok());
        assert!(with("sk_live_x", "http://127.0.0.1:12111").is_err());
        assert!(with("sk_test_x", "http://stripe.example.org").is_err());
        for key in ["", "pk_test_x", "whsec_x", "sk_x"] {
            assert!(with(key, "https://api.stripe.com").is_err(), "{key}");
        }
    }

    #[test]
    fn the_origin_is_what_a_browser_would_send() {
        for (url, origin) in [
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("https://Learn.Example.org/", "https://learn.example.org"),
            ("https://learn.example.org:443/courses", "https://learn.example.org"),
            ("https://learn.example.org:8443", "https://learn.example.org:8443"),
            ("http://localhost:80", "http://localhost"),
        ] {
            assert_eq!(config(&["--public-url", url]).expect("starts").origin(), origin);
        }
    }

    #[test]
    fn outside_loopback_the_address_must_be_https() {
        for url in ["http://127.0.0.1:3000", "http://localhost/", "http://[::1]:80", "https://learn.example.org"] {
            assert!(config(&["--public-url", url]).is_ok(), "{url}");
        }
        for url in ["http://learn.example.org", "http://10.0.0.1:3000", "ftp://x", "http://127.0.0.1.evil.example"] {
            assert!(config(&["--public-url", url]).is_err(), "{url}");
        }
    }
}
