//! Addresses that may be asked: http and https, no passwords, and no machine of a private network.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::{Host, Url};

use super::Refusal;

/// Longest address, in bytes.
const ADDRESS_BYTES_MAX: usize = 4096;
/// The address at which one large provider tells its machines their secrets; no range of its own shows it.
const METADATA: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// Whether machines of private networks may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateNetworks {
    /// They are refused, by whatever name they are called.
    Refused,
    /// They are asked like any other (`--allow-private`).
    Allowed,
}

/// Reads an address as browsers do, so that odd spellings of a number (`0x7f.1`) are what they stand for.
pub(crate) fn parse(address: &str) -> Result<Url, Refusal> {
    let odd = |why: String| Refusal::BadAddress { why };
    if address.len() > ADDRESS_BYTES_MAX {
        return Err(odd(format!(
            "it has {} bytes, and at most {ADDRESS_BYTES_MAX} are taken",
            address.len()
        )));
    }
    let mut url = Url::parse(address.trim()).map_err(|error| odd(error.to_string()))?;
    url.set_fragment(None);
    check(&url)?;
    Ok(url)
}

/// Where a redirect leads.
pub(crate) fn join(from: &Url, location: &str) -> Result<Url, Refusal> {
    let odd = |why: String| Refusal::BadAddress { why };
    if location.len() > ADDRESS_BYTES_MAX {
        return Err(odd("it redirects to an address without end".to_owned()));
    }
    let mut url = from
        .join(location)
        .map_err(|error| odd(format!("it redirects to {}, and {error}", shown(location))))?;
    url.set_fragment(None);
    check(&url)?;
    Ok(url)
}

fn check(url: &Url) -> Result<(), Refusal> {
    let odd = |why: &str| Err(Refusal::BadAddress { why: why.to_owned() });
    match url.scheme() {
        "http" | "https" => {}
        other => return Err(Refusal::Scheme { scheme: other.to_owned() }),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return odd("it holds a user's name or password, which would end up in the dossier");
    }
    if url.host().is_none() { odd("it names no host") } else { Ok(()) }
}

/// Refuses an address that names a private machine outright; what a name resolves to is seen when it is resolved.
pub(crate) fn check_private(url: &Url, private: PrivateNetworks) -> Result<(), Refusal> {
    let named = match url.host() {
        _ if private == PrivateNetworks::Allowed => false,
        Some(Host::Ipv4(address)) => is_private(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_private(IpAddr::V6(address)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            ["localhost", "local", "internal", "home.arpa"]
                .iter()
                .any(|end| name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
        }
        None => false,
    };
    let address = url.host_str().unwrap_or_default().to_owned();
    if named { Err(Refusal::Private { address }) } else { Ok(()) }
}

/// Whether an address is reserved, local, or leads into a private network by a detour. Of IPv6 only what is
/// given out to the public (2000::/3) is public.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => {
            let [a, b, c, d, e, f, g, h] = v6.segments();
            let embedded = |high: u16, low: u16| {
                let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
                is_private_v4(Ipv4Addr::new(one, two, three, four))
            };
            match (a, b) {
                // Translated addresses (RFC 6052) and 6to4 hold an address of IPv4.
                (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => embedded(g, h),
                (0x2002, _) => embedded(b, c),
                // Teredo and other protocol assignments, documentation.
                (0x2001, 0..0x200 | 0xdb8) | (0x3fff, 0..0x1000) => true,
                _ => v6.to_ipv4_mapped().map_or(a & 0xe000 != 0x2000, is_private_v4),
            }
        }
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        // This network, private, loopback, and everything from multicast upwards.
        (0 | 10 | 127 | 224..=255, _, _) => true,
        // Carriers' own, link-local with its metadata, private, private.
        (100, 64..=127, _) | (169, 254, _) | (172, 16..=31, _) | (192, 168, _) => true,
        // Protocol assignments, documentation, old relays, measuring.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18..=19, _) | (198, 51, 100) | (203, 0, 113) => true,
        _ => address == METADATA,
    }
}

/// Resolves names, and lets through public addresses only. The connection goes to what this returns, so a name
/// that changes its address between a check and the request gains nothing.
#[derive(Debug)]
pub(crate) struct Guard {
    pub private: PrivateNetworks,
    pub inner: DefaultResolver,
}

/// A name that resolves to private addresses only.
#[derive(Debug)]
pub(crate) struct PrivateAddress(pub SocketAddr);

impl std::fmt::Display for PrivateAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is no public address", self.0.ip())
    }
}

impl std::error::Error for PrivateAddress {}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout).map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })?;
        let mut public = self.empty();
        for &address in found.iter() {
            if self.private == PrivateNetworks::Allowed || !is_private(address.ip()) {
                public.push(address);
            }
        }
        match found.iter().next() {
            Some(&address) if public.is_empty() => Err(ureq::Error::Other(Box::new(PrivateAddress(address)))),
            Some(_) | None => Ok(public),
        }
    }
}

/// Foreign words, short enough for a message.
fn shown(words: &str) -> String {
    const CHARACTERS_MAX: usize = 80;
    words.chars().take(CHARACTERS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{PrivateNetworks, check_private, is_private, join, parse};
    use crate::fetch::Refusal;

    #[test]
    fn private_addresses_are_told_in_every_range() {
        let private = "0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 \
            172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 \
            240.0.0.1 255.255.255.255 168.63.129.16 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::10.0.0.1 \
            64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 \
            fe80::1 fec0::1 ff02::1";
        for address in private.split_whitespace() {
            assert!(is_private(address.parse().unwrap()), "{address} passed for public");
        }
        let public = "1.1.1.1 9.9.9.9 100.63.0.1 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 192.167.1.1 198.17.0.1 \
            2606:4700::1 2001:4860:4860::8888 2a00::1 ::ffff:1.1.1.1 64:ff9b::1.1.1.1 2002:101:101::1";
        for address in public.split_whitespace() {
            assert!(!is_private(address.parse().unwrap()), "{address} passed for private");
        }
    }

    #[test]
    fn odd_spellings_are_what_they_stand_for() {
        let odd = "http://127.1/ http://2130706433/ http://0x7f.0.0.1/ http://0177.0.0.1/ http://127.0.0.1./ \
            http://１２７.0.0.1/ http://[::ffff:7f00:1]/ http://LOCALHOST/ http://a.localhost./ http://printer.local/ \
            http://metadata.internal/ http://①②⑦.0.0.1/ http:\\\\127.0.0.1\\";
        for address in odd.split_whitespace() {
            let url = parse(address).unwrap();
            let refused = check_private(&url, PrivateNetworks::Refused);
            assert!(matches!(refused, Err(Refusal::Private { .. })), "{address} passed as {url}");
            assert!(check_private(&url, PrivateNetworks::Allowed).is_ok());
        }
        for address in ["https://localhost.example/", "http://internal-affairs.example/", "http://mylocal/"] {
            assert!(check_private(&parse(address).unwrap(), PrivateNetworks::Refused).is_ok(), "{address}");
        }
    }

    #[test]
    fn only_pages_of_the_web_without_passwords_are_addresses() {
        for address in ["ftp://a.example/", "file:///etc/passwd", "gopher://a.example", "data:text/plain,x"] {
            assert!(matches!(parse(address), Err(Refusal::Scheme { .. })), "{address}");
        }
        for address in
            ["", "a.example", "http://", "http://ana:secret@a.example/", "http://a b/", "http://1.2.3.256/"]
        {
            assert!(matches!(parse(address), Err(Refusal::BadAddress { .. })), "{address}");
        }
        assert_eq!(parse(" HTTPS://A.example:443/x#y ").unwrap().as_str(), "https://a.example/x");
        let from = parse("https://a.example/b/c").unwrap();
        assert_eq!(join(&from, "../d?e").unwrap().as_str(), "https://a.example/d?e");
        assert!(matches!(join(&from, "file:///etc/passwd"), Err(Refusal::Scheme { .. })));
        assert!(matches!(join(&from, "//ana@b.example/"), Err(Refusal::BadAddress { .. })));
    }
}
