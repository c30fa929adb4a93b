//! Stands in for Clerk while trying things out and in tests: the parts of its interfaces that Lectern uses, a script for the
//! sign-in page where anybody becomes whom they say, and signed webhooks that can be made to come twice, late, in any
//! order or never.

// Tests look into it where the program does not.
#[allow(dead_code)]
mod fake;

use clap::Parser;
use fake::{Fake, Switches};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

/// Clerk's stand-in, on loopback.
#[derive(Debug, Parser)]
#[command(name = "lectern-fake-clerk")]
struct Arguments {
    /// The port on 127.0.0.1
    #[arg(long, default_value_t = 12112)]
    port: u16,
    /// The secret key that is asked for
    #[arg(long, default_value = "sk_test_fake")]
    key: String,
    /// What webhooks are signed with
    #[arg(long, default_value = "whsec_ZmFrZQ==")]
    secret: String,
    /// Where webhooks are posted to; without it they are kept, and listed at /fake/events
    #[arg(long)]
    webhook: Option<String>,
    #[command(flatten)]
    switches: Switches,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { port, key, secret, webhook, switches } = Arguments::parse();
    let served = async {
        let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let address = listener.local_addr()?;
        let fake = Fake::new(&format!("http://{address}"), &key, &secret, webhook);
        fake.switch(|all| *all = switches);
        println!("lectern-fake-clerk is ready: http://{address} {}", fake::publishable_key());
        axum::serve(listener, fake.router()).await
    };
    match served.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lectern-fake-clerk: {error}");
            ExitCode::FAILURE
        }
    }
}
