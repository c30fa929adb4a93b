//! The mail server that letters are handed to.

use super::letters::Words;
use crate::domain::id::MailId;
use crate::server::config::{Config, is_loopback_host};
use crate::server::fault;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;
use std::time::Duration;

/// How long a letter may take to be handed over: a mail server may look at it for ten minutes before it says that it has
/// it (RFC 5321, 4.5.3.2.6), and who asks again sooner sends it twice. Nobody else takes it meanwhile (`db/outbox.rs`).
const PATIENCE: Duration = Duration::from_secs(10 * 60);

const NO_ADDRESS: &str =
    "LECTERN_SMTP_URL is no address of a mail server, like smtps://name:password@mail.example.org.";

/// Why a letter was not taken. The text is for the author.
#[derive(Debug)]
pub enum Refusal {
    /// The mail server does not answer, or does not let us in.
    Away(String),
    /// It does not want this letter now.
    Later(String),
    /// It will never take it.
    Never(String),
}

#[derive(Debug, Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// What stands behind the @ of a letter's id.
    host: String,
}

impl Mailer {
    /// The mail server of the settings, where one is set up.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn of(config: &Config) -> Result<Option<Self>, String> {
        let settings = &config.settings;
        let (url, from) = match (&settings.smtp_url, &settings.mail_from) {
            (None, None) => return Ok(None),
            (Some(url), Some(from)) => (url.expose_secret(), from),
            (Some(_), None) => return Err("LECTERN_MAIL_FROM is missing: whom are letters from?".into()),
            (None, Some(_)) => return Err("LECTERN_MAIL_FROM is set, and LECTERN_SMTP_URL is missing.".into()),
        };
        let from = from.parse().map_err(|_| {
            format!("LECTERN_MAIL_FROM is {from}: use an address, like Ada’s courses <ada@example.org>.")
        })?;
        let host = config.host().to_owned();
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&encrypted(url)?)
            .map_err(|_| NO_ADDRESS)?
            .hello_name(ClientId::Domain(host.clone()))
            .timeout(Some(Duration::from_secs(15)))
            .build();
        Ok(Some(Self { transport, from, host }))
    }

    /// Hands a letter over.
    pub async fn send(&self, id: MailId, to: &str, words: &Words) -> Result<(), Refusal> {
        let ascii = to.is_ascii();
        let to = to.parse().map_err(|_| Refusal::Never("This is no e-mail address.".into()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&words.subject)
            .message_id(Some(format!("<{id}@{}>", self.host)))
            .multipart(MultiPart::alternative_plain_html(words.text.clone(), words.html.clone()))
            .map_err(|error| Refusal::Never(error.to_string()))?;
        let dead = |_| Refusal::Away("The server is gone.".into());
        fault::point().map_err(dead)?;
        let answer = tokio::time::timeout(PATIENCE, self.transport.send(message)).await;
        fault::point().map_err(dead)?;
        match answer {
            Ok(Ok(_)) => Ok(()),
            // What is refused before it is sent, where another address would not be.
            Ok(Err(error)) if error.is_client() && !ascii => Err(Refusal::Never(error.to_string())),
            Ok(Err(error)) => Err(refusal(&error)),
            Err(_) => Err(Refusal::Away("The mail server did not answer in time.".into())),
        }
    }
}

/// The address of a mail server with its encryption named. Beyond this machine there is no way without: a password, and
/// what people bought, could be read on the way.
fn encrypted(url: &str) -> Result<String, String> {
    let (scheme, rest) = url.split_once("://").ok_or(NO_ADDRESS)?;
    let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or_default().trim_end_matches('/');
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    match (scheme, query) {
        _ if host.is_empty() => Err(NO_ADDRESS.into()),
        ("smtps", "") | ("smtp", "tls=required") => Ok(url.to_owned()),
        ("smtp", "") if is_loopback_host(host) => Ok(url.to_owned()),
        ("smtp", "") => Ok(format!("{url}?tls=required")),
        _ => Err(NO_ADDRESS.into()),
    }
}

/// What a refusal means for the letter: a mail server that does not let us in (53x, RFC 4954) refuses no letter.
fn refusal(error: &lettre::transport::smtp::Error) -> Refusal {
    let why = error.to_string();
    let code = error.status().map(u16::from);
    match code {
        None | Some(421 | 454 | 500 | 502 | 503 | 530..=539) => Refusal::Away(why),
        Some(400..=499) => Refusal::Later(why),
        Some(_) => Refusal::Never(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_this_machine_letters_go_encrypted() {
        for (url, used) in [
            ("smtps://ada:secret@mail.example.org", "smtps://ada:secret@mail.example.org"),
            ("smtp://mail.example.org:587", "smtp://mail.example.org:587?tls=required"),
            ("smtp://a:b@mail.example.org?tls=required", "smtp://a:b@mail.example.org?tls=required"),
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
            ("smtp://localhost", "smtp://localhost"),
        ] {
            assert_eq!(encrypted(url).as_deref(), Ok(used), "{url}");
        }
        for url in
            ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://mail.example.org?tls=opportunistic"]
        {
            assert!(encrypted(url).is_err(), "{url}");
        }
    }
}
