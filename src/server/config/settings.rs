//! The settings, each by command line, environment or `.env`. The doc comments are the manual that `lectern --help`
//! prints.

use super::STRIPE;
use clap::{ArgAction, Args, ValueEnum};
use secrecy::SecretString;
use std::net::IpAddr;
use std::path::PathBuf;

#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The database, like postgres://user:password@host/name; without it, and only as a demo, Lectern runs a
    /// PostgreSQL of its own in the data folder
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<SecretString>,

    /// The same database as the role that its tables belong to, which is then used for changes of the schema alone: the
    /// role of DATABASE_URL gets rights on rows, and none on tables. Without it, one role does both
    #[arg(long, env = "DATABASE_OWNER_URL", hide_env_values = true, global = true, requires = "database_url")]
    pub database_owner_url: Option<SecretString>,

    /// The folder for what Lectern keeps itself
    #[arg(long, env = "LECTERN_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,

    /// The bucket for files of lessons, like s3://bucket/prefix; without it they are kept in the data folder. Its keys
    /// and its place come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, outside Amazon, AWS_ENDPOINT
    #[arg(long, env = "LECTERN_FILES_URL", global = true)]
    pub files_url: Option<String>,

    /// Most bytes of an uploaded file
    #[arg(long, env = "LECTERN_UPLOAD_MAX", default_value_t = 2_000_000_000, global = true)]
    pub upload_max: u64,

    /// The site's address as people type it; outside loopback it must be https
    #[arg(long, env = "LECTERN_PUBLIC_URL", default_value = "http://127.0.0.1:3000", global = true)]
    pub public_url: String,

    /// Whether this is a demo: one-press sign-in as author and learner, payments that move no money, a course to
    /// look at [default: production where a database is named, else demo]
    #[arg(long, env = "LECTERN_MODE", global = true)]
    pub mode: Option<Mode>,

    /// The folder with the courses that a demo starts with
    #[arg(long, env = "LECTERN_DEMO_DIR", default_value = "demo", global = true)]
    pub demo_dir: PathBuf,

    /// The file with the site's keys for Leptos
    #[arg(long, env = "LECTERN_LEPTOS_TOML", default_value = "Leptos.toml", global = true)]
    pub leptos_toml: PathBuf,

    /// How log lines are written
    #[arg(long, env = "LECTERN_LOG_FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,

    /// What is logged, in tracing's filter syntax, like lectern=debug,sqlx=info
    #[arg(long, env = "LECTERN_LOG", default_value = "info", global = true)]
    pub log: String,

    /// The secret key of an account at Stripe, which then takes the payments: a demo refuses to start where a live one
    /// is set
    #[arg(long, env = "STRIPE_SECRET_KEY", hide_env_values = true, global = true)]
    pub stripe_secret_key: Option<SecretString>,

    /// The signing secret of Stripe's webhook endpoint for /webhooks/stripe; several, with commas between, while one is
    /// replaced by another
    #[arg(long, env = "STRIPE_WEBHOOK_SECRET", hide_env_values = true, value_delimiter = ',', global = true)]
    pub stripe_webhook_secret: Vec<SecretString>,

    /// Whether buyers may enter promotion codes, made at Stripe, on the page where they pay
    #[arg(long, env = "STRIPE_PROMOTION_CODES", global = true)]
    pub stripe_promotion_codes: bool,

    /// Whether Stripe puts the buyer's tax on the price (Stripe Tax)
    #[arg(long, env = "STRIPE_AUTOMATIC_TAX", global = true)]
    pub stripe_automatic_tax: bool,

    /// Where Stripe is: something else on this machine may stand in for it, with a test key
    #[arg(long, env = "STRIPE_URL", default_value = STRIPE, global = true)]
    pub stripe_url: String,

    /// The mail server that letters go through (receipts, courses given, refunds), like
    /// smtps://name:password@mail.example.org; without it they are written down, shown to the author, and not sent
    #[arg(long, env = "LECTERN_SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<SecretString>,

    /// Whom letters are from, like Ada's courses <ada@example.org>
    #[arg(long, env = "LECTERN_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,

    /// The address of the proxy in front of Lectern, if there is one: what it says of where visitors come from
    /// (X-Forwarded-For) is believed, and nobody else's
    #[arg(long, env = "LECTERN_PROXY", global = true)]
    pub proxy: Option<IpAddr>,

    /// Whether people may make accounts with a password here, and sign in to them; false where Clerk or an OpenID Connect
    /// provider is the only way in
    #[arg(long, env = "LECTERN_LOCAL_ACCOUNTS", default_value_t = true, action = ArgAction::Set, global = true)]
    pub local_accounts: bool,

    /// The file with the OpenID Connect providers whose people may sign in, as TOML: for each of them [[provider]] with
    /// slug, name, issuer, client_id and client_secret. Where they lead back to is LECTERN_PUBLIC_URL with
    /// /auth/oidc/SLUG/callback
    #[arg(long, env = "LECTERN_OIDC_FILE", global = true)]
    pub oidc_file: Option<PathBuf>,

    /// The publishable key of an instance at Clerk (pk_live_… or pk_test_…), whose people may then sign in: a demo refuses
    /// to start where a live one is set
    #[arg(long, env = "CLERK_PUBLISHABLE_KEY", global = true)]
    pub clerk_publishable_key: Option<String>,

    /// That instance's secret key, with which Clerk is asked what somebody is called who signs in for the first time: a
    /// demo refuses to start where a live one is set
    #[arg(long, env = "CLERK_SECRET_KEY", hide_env_values = true, global = true)]
    pub clerk_secret_key: Option<SecretString>,

    /// That instance's public key as PEM; without it, it is fetched from Clerk
    #[arg(long, env = "CLERK_JWT_KEY", allow_hyphen_values = true, global = true)]
    pub clerk_jwt_key: Option<String>,

    /// The signing secret of Clerk's webhook endpoint for /webhooks/clerk; several, with commas between, while one is
    /// replaced by another
    #[arg(long, env = "CLERK_WEBHOOK_SECRET", hide_env_values = true, value_delimiter = ',', global = true)]
    pub clerk_webhook_secret: Vec<SecretString>,

    /// Where Clerk is: only for what stands in for it on this machine, with a test key
    #[arg(long, env = "CLERK_URL", global = true)]
    pub clerk_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    Demo,
    Production,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}
