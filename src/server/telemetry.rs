use super::config::{LogFormat, Settings};
use tracing_subscriber::EnvFilter;

/// Writes log lines to standard error, in the form and of the kinds that the settings say.
pub fn start(settings: &Settings) {
    let filter = EnvFilter::try_new(&settings.log).unwrap_or_else(|error| {
        eprintln!("lectern: LECTERN_LOG is not understood ({error}); logging at info");
        EnvFilter::new("info")
    });
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => lines.with_target(false).init(),
        LogFormat::Json => lines.json().init(),
    }
}
