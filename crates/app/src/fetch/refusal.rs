//! Why an address gave nothing, as a sentence for the person who can act.

use std::fmt;

use jiff::Timestamp;

/// Why an address was not fetched, or gave nothing that can be read.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// It is no address of a page.
    BadAddress {
        /// What is wrong with it, a clause.
        why: String,
    },
    /// It is neither http nor https.
    Scheme {
        /// What it is instead.
        scheme: String,
    },
    /// It leads into a private network.
    Private {
        /// The host or number that does.
        address: String,
    },
    /// The site's robots.txt forbids it.
    Robots {
        /// The rule, as written there.
        rule: String,
    },
    /// The site's robots.txt cannot be had, and then nothing may be read (RFC 9309).
    RobotsUnread {
        /// Why not, a clause.
        why: String,
    },
    /// The rights to mine its text are reserved (TDMRep).
    Reserved {
        /// Where that is said: `tdmrep.json`, a header, the page.
        place: &'static str,
        /// Where a licence can be had, if that is said.
        policy: Option<String>,
    },
    /// The site asks to come back later.
    Later {
        /// When.
        until: Timestamp,
    },
    /// An answer that brings no page.
    Status {
        /// HTTP's number for it.
        status: u16,
    },
    /// It leads from address to address.
    Redirects {
        /// How many were followed.
        count: usize,
    },
    /// It leads back to where it came from.
    RedirectLoop {
        /// The address that was met twice.
        url: String,
    },
    /// More than is read.
    TooLarge {
        /// What: "page", "header".
        what: &'static str,
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// Not there in time.
    TooSlow {
        /// How long was waited, in seconds.
        seconds: f64,
    },
    /// Its name is not known.
    Unresolved,
    /// Nobody answers there, or not to us.
    Unreachable {
        /// Why not, a clause.
        why: String,
    },
    /// What came is not what HTTP says it should be: cut off, damaged, or something else altogether.
    Garbled {
        /// What is wrong, a clause.
        why: String,
    },
}

impl Refusal {
    /// Whether the same address may give something at another time.
    pub fn may_pass(&self) -> bool {
        match self {
            Refusal::BadAddress { .. }
            | Refusal::Scheme { .. }
            | Refusal::Private { .. }
            | Refusal::Robots { .. }
            | Refusal::Reserved { .. } => false,
            Refusal::Status { status } => !matches!(status, 404 | 410),
            Refusal::RobotsUnread { .. }
            | Refusal::Later { .. }
            | Refusal::Redirects { .. }
            | Refusal::RedirectLoop { .. }
            | Refusal::TooLarge { .. }
            | Refusal::TooSlow { .. }
            | Refusal::Unresolved
            | Refusal::Unreachable { .. }
            | Refusal::Garbled { .. } => true,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::BadAddress { why } => {
                write!(f, "It is no address of a page: {why}. Copy it from the browser.")
            }
            Refusal::Scheme { scheme } => {
                write!(f, "It is an address of {scheme}, and only http and https are fetched.")
            }
            Refusal::Private { address } => write!(
                f,
                "It leads to {address}, in a private network; --allow-private lets such addresses be fetched."
            ),
            Refusal::Robots { rule } => write!(
                f,
                "The site's robots.txt forbids it (“{rule}”). Save the page yourself and name the file."
            ),
            Refusal::RobotsUnread { why } => write!(
                f,
                "The site's robots.txt could not be read ({why}), and then nothing may be fetched (RFC 9309). Try later."
            ),
            Refusal::Reserved { place, policy } => {
                write!(f, "The rights to mine its text are reserved ({place})")?;
                match policy {
                    Some(policy) => write!(f, "; how to get them: {policy}."),
                    None => write!(f, "; ask its publisher, or save the page and name the file."),
                }
            }
            Refusal::Later { until } => write!(f, "The site asks to come back after {until:.0}."),
            Refusal::Status { status } => write!(f, "The site answers with status {status}, and no page."),
            Refusal::Redirects { count } => {
                write!(f, "It leads from address to address; {count} redirects were followed.")
            }
            Refusal::RedirectLoop { url } => write!(f, "It leads in a circle, back to {url}."),
            Refusal::TooLarge { what, limit } => {
                write!(f, "Its {what} has more than {limit} bytes; save it yourself and name the file.")
            }
            Refusal::TooSlow { seconds } => {
                write!(f, "It was not there within {seconds:.1} seconds; try later.")
            }
            Refusal::Unresolved => write!(f, "Its host is not known; check the address, or the connection."),
            Refusal::Unreachable { why } => write!(f, "Its host does not answer ({why}); try later."),
            Refusal::Garbled { why } => write!(f, "What came is no sound answer: {why}; try later."),
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn every_refusal_is_a_sentence() {
        let all = [
            Refusal::BadAddress { why: "it names no host".to_owned() },
            Refusal::Scheme { scheme: "ftp".to_owned() },
            Refusal::Private { address: "10.0.0.1".to_owned() },
            Refusal::Robots { rule: "/private".to_owned() },
            Refusal::RobotsUnread { why: "status 503".to_owned() },
            Refusal::Reserved { place: "its header", policy: None },
            Refusal::Reserved { place: "its header", policy: Some("https://a.example/tdm".to_owned()) },
            Refusal::Later { until: jiff::Timestamp::UNIX_EPOCH },
            Refusal::Status { status: 404 },
            Refusal::Redirects { count: 9 },
            Refusal::RedirectLoop { url: "https://a.example/".to_owned() },
            Refusal::TooLarge { what: "page", limit: 7 },
            Refusal::TooSlow { seconds: 1.5 },
            Refusal::Unresolved,
            Refusal::Unreachable { why: "connection refused".to_owned() },
            Refusal::Garbled { why: "it ends too early".to_owned() },
        ];
        for refusal in all {
            let sentence = refusal.to_string();
            assert!(sentence.starts_with(char::is_uppercase) && sentence.ends_with('.'), "{sentence}");
        }
        assert!(
            Refusal::Later { until: jiff::Timestamp::UNIX_EPOCH }
                .to_string()
                .contains("1970-01-01T00:00:00Z")
        );
    }
}
