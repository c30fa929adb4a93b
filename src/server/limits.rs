//! How often somebody may try to get in. Counted in this process: several servers on one database allow as many times
//! more.

use super::config::Config;
use crate::error::AppError;
use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

/// Attempts that an address has at once, and those that it gets back each minute: a class behind one router may sign in
/// together, and guessing is hopeless.
const ADDRESS: (NonZeroU32, NonZeroU32) = (nonzero(60), nonzero(20));
/// The same of an account, apart for strangers and for each browser that it signed in on before.
const ACCOUNT: (NonZeroU32, NonZeroU32) = (nonzero(10), nonzero(1));
/// The time between two looks for those that have all of their attempts again.
const FORGET: Duration = Duration::from_secs(10 * 60);

/// What is counted: addresses of the network, and accounts by the e-mail that was typed, whether or not there is one.
pub struct Limits {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    accounts: DefaultKeyedRateLimiter<(String, Seat)>,
}

/// Where somebody sits who tries to get in to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seat {
    /// At a browser that it signed in on before.
    Known,
    Strange,
}

impl Default for Limits {
    fn default() -> Self {
        let quota = |(burst, minute)| Quota::per_minute(minute).allow_burst(burst);
        Self { addresses: RateLimiter::keyed(quota(ADDRESS)), accounts: RateLimiter::keyed(quota(ACCOUNT)) }
    }
}

impl Limits {
    /// Counts an attempt from an address; one that is not known counts nothing.
    pub fn from(&self, address: Option<IpAddr>) -> Result<(), AppError> {
        let Some(address) = address else { return Ok(()) };
        self.addresses.check_key(&network(address)).map_err(|_| AppError::TooMany)
    }

    /// Counts an attempt at an account.
    pub fn at(&self, email: &str, seat: Seat) -> Result<(), AppError> {
        self.accounts.check_key(&(folded(email), seat)).map_err(|_| AppError::TooMany)
    }

    /// Forgets those that have all of their attempts again, for as long as the server runs.
    pub async fn forget_forever(&self) {
        loop {
            tokio::time::sleep(FORGET).await;
            self.addresses.retain_recent();
            self.addresses.shrink_to_fit();
            self.accounts.retain_recent();
            self.accounts.shrink_to_fit();
        }
    }
}

/// The address that a request comes from. Behind the proxy of the settings it is the last one of `X-Forwarded-For`, which
/// that proxy wrote; from anybody else the header is a claim and is not read. None of this machine itself: there sits a
/// proxy that nobody named, and all of its visitors would be counted as one.
pub fn address(config: &Config, headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    let peer = peer.ip().to_canonical();
    if config.settings.proxy.is_some_and(|proxy| proxy.to_canonical() == peer) {
        let forwarded = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        return forwarded.rsplit(',').next()?.trim().parse::<IpAddr>().ok().map(|address| address.to_canonical());
    }
    Some(peer).filter(|peer| !peer.is_loopback())
}

/// An e-mail as it is counted: whatever the database's `lower` takes for the same is the same here. Else an account whose
/// e-mail holds an i could be guessed at under as many spellings again as there are letters for one.
fn folded(email: &str) -> String {
    let letters = email.trim().chars().flat_map(char::to_lowercase);
    // A capital İ is an i to some databases, and an i with a dot above to others; σ has two small forms.
    letters.filter(|c| *c != '\u{307}').map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

/// What one customer of a network has: an address of version 4, and of version 6 whatever begins with the same 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

const fn nonzero(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::Cli;
    use clap::Parser;

    fn asked(peer: &str, forwarded: &[&str], proxy: Option<&str>) -> Option<IpAddr> {
        let proxy = proxy.map(|proxy| format!("--proxy={proxy}"));
        let arguments = ["lectern", "--mode=demo"].into_iter().chain(proxy.as_deref());
        let config = Config::new(Cli::parse_from(arguments).settings).expect("starts");
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().expect("is a header"));
        }
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().expect("an address"), 4711)));
        address(&config, &headers, &extensions)
    }

    fn ip(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    #[test]
    fn se8_a_forwarded_header_is_read_from_the_named_proxy_alone() {
        assert_eq!(asked("203.0.113.9", &["198.51.100.1"], None), ip("203.0.113.9"));
        assert_eq!(asked("203.0.113.9", &["198.51.100.1"], Some("203.0.113.8")), ip("203.0.113.9"));
        assert_eq!(asked("127.0.0.1", &["198.51.100.1"], None), None);
        assert_eq!(asked("127.0.0.1", &["6.6.6.6, 198.51.100.1"], Some("127.0.0.1")), ip("198.51.100.1"));
        assert_eq!(asked("::ffff:127.0.0.1", &["6.6.6.6", "198.51.100.1"], Some("127.0.0.1")), ip("198.51.100.1"));
        assert_eq!(asked("127.0.0.1", &["rubbish"], Some("127.0.0.1")), None);
    }

    #[test]
    fn se6_strangers_who_guess_lock_out_strangers_and_not_the_browsers_that_an_account_knows() {
        let limits = Limits::default();
        for _ in 0..ACCOUNT.0.get() {
            assert!(limits.at("Ada@example.org ", Seat::Strange).is_ok());
        }
        assert_eq!(limits.at("ada@example.org", Seat::Strange), Err(AppError::TooMany));
        assert!(limits.at("ada@example.org", Seat::Known).is_ok());
        assert!(limits.at("grace@example.org", Seat::Strange).is_ok());
    }

    #[test]
    fn se6_every_spelling_of_an_e_mail_that_finds_one_account_is_counted_as_that_one() {
        let limits = Limits::default();
        let spellings =
            ["mimi@example.org", "MİMİ@EXAMPLE.ORG", "mİmi@example.org", "mimİ@example.org", "MIMI@example.org"];
        for email in spellings.iter().cycle().take(ACCOUNT.0.get() as usize) {
            assert!(limits.at(email, Seat::Strange).is_ok(), "{email}");
        }
        for email in spellings {
            assert_eq!(limits.at(email, Seat::Strange), Err(AppError::TooMany), "{email}");
        }
        assert_eq!(folded("ΑΣ@ΑΣ"), folded("ας@ας"));
    }

    #[test]
    fn se6_security_md_tells_the_limits_that_hold() {
        let text = include_str!("../../SECURITY.md");
        for (what, (at_once, each_minute)) in [("account", ACCOUNT), ("address", ADDRESS)] {
            let told = format!("| {what} | {at_once} | {each_minute} |");
            assert!(text.contains(&told), "{told}");
        }
    }

    #[test]
    fn se6_an_address_is_counted_and_with_it_the_network_that_one_customer_has() {
        let limits = Limits::default();
        for n in 0..u128::from(ADDRESS.0.get()) {
            let address = Ipv6Addr::from_bits(0x2001_0db8_0000_0001 << 64 | n);
            assert!(limits.from(Some(IpAddr::V6(address))).is_ok(), "{n}");
        }
        assert_eq!(limits.from(ip("2001:db8:0:1:ffff::")), Err(AppError::TooMany));
        assert!(limits.from(ip("2001:db8:0:2::")).is_ok());
        assert!((0..1000).all(|_| limits.from(None).is_ok()));
    }
}
