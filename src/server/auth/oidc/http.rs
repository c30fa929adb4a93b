//! What is asked of providers: over https, without following where an answer leads, in bounded time and size.

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::pin::Pin;
use std::time::Duration;
use thiserror::Error;

/// For one question.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Most bytes of an answer: lists of keys are some kilobytes.
const MAX: usize = 1 << 20;

#[derive(Debug, Error)]
pub enum Failed {
    #[error("{0}")]
    Request(#[from] reqwest::Error),
    #[error("the answer is longer than {MAX} bytes")]
    Long,
    #[error("an address is not https")]
    NotHttps,
    #[error("{0}")]
    Shape(#[from] axum::http::Error),
}

/// Asks one provider.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    /// Whether the provider is on this machine, where it may do without https.
    loopback: bool,
}

impl Http {
    /// For the provider at an issuer's address.
    pub fn new(issuer: &str) -> reqwest::Result<Self> {
        _ = rustls::crypto::ring::default_provider().install_default();
        let loopback = issuer.starts_with("http://");
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("Lectern/", env!("CARGO_PKG_VERSION")));
        let client = if loopback { client.no_proxy() } else { client };
        Ok(Self { client: client.build()?, loopback })
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, Failed> {
        let (parts, body) = request.into_parts();
        let address = parts.uri.to_string();
        // The addresses are the provider's own words.
        if !(address.starts_with("https://") || self.loopback && crate::server::config::is_loopback(&address)) {
            return Err(Failed::NotHttps);
        }
        let request = self.client.request(parts.method, address).headers(parts.headers).body(body);
        let mut answer = request.send().await.map_err(reqwest::Error::without_url)?;
        let mut response = axum::http::Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.extend(answer.headers().clone());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
            if bytes.len() + chunk.len() > MAX {
                return Err(Failed::Long);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(response.body(bytes)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}
