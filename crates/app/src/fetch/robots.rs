//! `robots.txt` as RFC 9309 has it: which paths of a site a named robot may read.

use memchr::memmem;

/// Most bytes of a file that are read; the standard asks for at least 500 kibibytes.
pub(crate) const ROBOTS_BYTES_MAX: usize = 500 << 10;

/// What a site's file says to one robot.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rules {
    rules: Vec<Rule>,
    /// Seconds between two requests (`crawl-delay`: in no standard, and kept all the same).
    pub crawl_delay: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    allows: bool,
    pattern: Pattern,
}

/// Lines for some robots.
#[derive(Default)]
struct Group {
    /// Whether it names the robot itself, or all (`*`).
    ours: bool,
    all: bool,
    rules: Vec<Rule>,
    crawl_delay: Option<f64>,
}

impl Rules {
    /// Reads a file for the robot of that product token. Whatever is not understood is passed over.
    pub(crate) fn read(bytes: &[u8], token: &str) -> Rules {
        let bytes = bytes.get(..ROBOTS_BYTES_MAX).unwrap_or(bytes);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut groups: Vec<Group> = Vec::new();
        let mut naming = false;
        for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = line.split(|&byte| byte == b'#').next().unwrap_or_default();
            let Some(colon) = memchr::memchr(b':', line) else { continue };
            let (key, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
            if key.eq_ignore_ascii_case(b"user-agent") {
                if !naming {
                    groups.push(Group::default());
                }
                naming = true;
                if let Some(group) = groups.last_mut() {
                    group.ours |= product(value).eq_ignore_ascii_case(token.as_bytes());
                    group.all |= value == b"*";
                }
                continue;
            }
            let allows = key.eq_ignore_ascii_case(b"allow");
            if allows || key.eq_ignore_ascii_case(b"disallow") {
                naming = false;
                if let Some(group) = groups.last_mut().filter(|_| !value.is_empty()) {
                    group.rules.push(Rule { allows, pattern: Pattern::read(value) });
                }
            } else if key.eq_ignore_ascii_case(b"crawl-delay") {
                naming = false;
                let delay = std::str::from_utf8(value).ok().and_then(|value| value.parse::<f64>().ok());
                if let Some(group) = groups.last_mut() {
                    group.crawl_delay = delay.filter(|delay| delay.is_finite() && *delay >= 0.0);
                }
            }
        }
        Rules::of(groups)
    }

    /// The rules of all groups that name the robot, else of all groups for everybody.
    fn of(groups: Vec<Group>) -> Rules {
        let named = groups.iter().any(|group| group.ours);
        let mut rules = Rules::default();
        for group in groups.into_iter().filter(|group| if named { group.ours } else { group.all }) {
            rules.rules.extend(group.rules);
            rules.crawl_delay = rules.crawl_delay.or(group.crawl_delay);
        }
        rules
    }

    /// The rule that forbids a path (with its query), as written; `None` where it may be read. The longest rule
    /// that fits decides, and of two as long the one that allows.
    pub(crate) fn forbids(&self, path: &str) -> Option<&str> {
        let path = Path::new(path);
        let fitting = self.rules.iter().filter(|rule| rule.pattern.fits(&path));
        let rule = fitting.max_by_key(|rule| (rule.pattern.length, rule.allows))?;
        (!rule.allows && path.0 != b"/robots.txt").then_some(&rule.pattern.written)
    }
}

/// The product token at the start of a `user-agent` line's value.
fn product(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| !(byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-')));
    &value[..end.unwrap_or(value.len())]
}

/// A path in the form in which paths are compared.
pub(crate) struct Path(Vec<u8>);

impl Path {
    pub(crate) fn new(path: &str) -> Path {
        let escape = |byte: u8| if matches!(byte, b'*' | b'$') { Some(format!("%{byte:02X}")) } else { None };
        Path(normal(path.as_bytes(), escape))
    }
}

/// A path with `*` for anything and, at its end, `$` for the end: the beginning of the paths that it fits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pattern {
    written: String,
    /// What must follow each other; between two anything may stand.
    pieces: Vec<Vec<u8>>,
    /// Whether the path must end where the pattern does.
    whole: bool,
    /// Its length in bytes, without differences of escaping: the longer one says more.
    pub length: usize,
}

impl Pattern {
    pub(crate) fn read(written: &[u8]) -> Pattern {
        let (body, whole) = match written.strip_suffix(b"$") {
            Some(body) => (body, true),
            None => (written, false),
        };
        let escape = |byte: u8| (byte == b'$').then(|| "%24".to_owned());
        let pieces: Vec<Vec<u8>> =
            body.split(|&byte| byte == b'*').map(|piece| normal(piece, escape)).collect();
        let length = pieces.iter().map(Vec::len).sum::<usize>() + pieces.len() - 1 + usize::from(whole);
        Pattern { written: String::from_utf8_lossy(written).into_owned(), pieces, whole, length }
    }

    /// Whether a path begins with it. Each piece is taken where it first occurs, so no path takes long.
    pub(crate) fn fits(&self, path: &Path) -> bool {
        let Some((first, rest)) = self.pieces.split_first() else { return true };
        let Some(mut left) = path.0.strip_prefix(first.as_slice()) else { return false };
        let Some((last, between)) = rest.split_last() else { return !self.whole || left.is_empty() };
        for piece in between {
            let Some(at) = memmem::find(left, piece) else { return false };
            left = &left[at + piece.len()..];
        }
        if self.whole { left.ends_with(last) } else { memmem::find(left, last).is_some() }
    }
}

/// Bytes in the form in which paths are compared: escapes of plain characters undone, all others in capitals, and
/// what is not ASCII escaped.
fn normal(bytes: &[u8], escape: impl Fn(u8) -> Option<String>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).filter(|_| byte == b'%');
        let value = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        at += if value.is_some() { 3 } else { 1 };
        match value {
            Some(plain) if plain.is_ascii_alphanumeric() || b"-._~".contains(&plain) => out.push(plain),
            Some(other) => out.extend(format!("%{other:02X}").bytes()),
            None if !byte.is_ascii() => out.extend(format!("%{byte:02X}").bytes()),
            None => match escape(byte) {
                Some(escaped) => out.extend(escaped.bytes()),
                None => out.push(byte),
            },
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Rules;

    /// Whether a file lets the robot `rashomon` read a path.
    fn lets(file: &str, path: &str) -> bool {
        Rules::read(file.as_bytes(), "rashomon").forbids(path).is_none()
    }

    #[test]
    fn groups_that_name_the_robot_stand_before_those_for_all() {
        let file = "User-agent: *\nDisallow: /\n\nUser-Agent: Rashomon/1.0 (news)\nDisallow: /private\n\nuser-agent: other\nuser-agent: RASHOMON\ndisallow: /too\n";
        assert!(lets(file, "/news") && !lets(file, "/private/1") && !lets(file, "/too"));
        assert!(lets("User-agent: rashomonbot\nDisallow: /", "/a"), "another robot's name begins alike");
        assert!(lets("User-agent: rashomon\nDisallow:\nUser-agent: *\nDisallow: /", "/a"));
        assert!(lets("Disallow: /", "/a"), "rules before any group are nobody's");
        assert!(!lets("User-agent: a\nSitemap: https://a.example\nUser-agent: *\nDisallow: /", "/a"));
    }

    #[test]
    fn the_longest_rule_decides_and_of_two_as_long_the_one_that_allows() {
        let file = "User-agent: *\nDisallow: /news\nAllow: /news/world\nDisallow: /news/world/secret\nAllow: /page\nDisallow: /page\n";
        assert!(!lets(file, "/news/1") && lets(file, "/news/world/1") && !lets(file, "/news/world/secret"));
        assert!(lets(file, "/page"));
        assert!(lets("User-agent: *\nDisallow: /", "/robots.txt"));
    }

    #[test]
    fn stars_stand_for_anything_and_a_dollar_for_the_end() {
        let with = |rule: &str, path: &str| !lets(&format!("User-agent: *\nDisallow: {rule}\n"), path);
        assert!(
            with("/*.php", "/index.php?x=1") && with("/fish*", "/fishheads") && with("*/print", "/a/print")
        );
        assert!(with("/*.php$", "/a/b.php") && !with("/*.php$", "/a.php?x") && !with("/*.php$", "/a.php5"));
        assert!(
            with("/a*b*c$", "/aXbYc")
                && !with("/a*b*c$", "/aXcYb")
                && with("/a$b", "/a$b")
                && !with("/ab$", "/abc")
        );
        assert!(with("/a**b", "/ab") && with("/*", "/") && !with("/fish", "/Fish"));
    }

    #[test]
    fn escapes_are_compared_by_what_they_stand_for() {
        let with = |rule: &str, path: &str| !lets(&format!("User-agent: *\nDisallow: {rule}\n"), path);
        assert!(with("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https://foo.bar"));
        assert!(
            with("/foo/bar/ツ", "/foo/bar/%E3%83%84") && with("/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84")
        );
        assert!(with("/foo/bar/%62%61%7A", "/foo/bar/baz") && !with("/a%2Fb", "/a/b"));
        assert!(with("/file-%2A.html", "/file-*.html") && !with("/file-%2A.html", "/file-1.html"));
        assert!(with("/%", "/%") && with("/%zz", "/%zz"));
    }

    #[test]
    fn odd_files_are_read_as_far_as_they_can() {
        assert!(!lets("\u{feff}USER-AGENT:*\rDISALLOW : /a # no\r\nfoo\n:\n", "/a"));
        assert!(lets("<html><body>User-agent: *<br>Disallow: /</body></html>", "/a"));
        let delay = Rules::read(b"User-agent: *\nCrawl-delay: 2.5\n", "rashomon").crawl_delay;
        assert_eq!(delay, Some(2.5));
        assert_eq!(Rules::read(b"User-agent: *\nCrawl-delay: NaN\n", "rashomon").crawl_delay, None);
        let mut long = b"User-agent: *\n".to_vec();
        long.extend(b"Disallow: /x\n".repeat(60_000));
        long.extend(b"Disallow: /late\n");
        let rules = Rules::read(&long, "rashomon");
        assert!(rules.forbids("/x").is_some() && rules.forbids("/late").is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300), path in "/[ -~]{0,40}") {
            let mut file = b"User-agent: *\nDisallow: ".to_vec();
            file.extend(bytes);
            let _ = Rules::read(&file, "rashomon").forbids(&path);
        }

        #[test]
        fn a_path_is_forbidden_by_itself(path in "/[a-zA-Z0-9%~_./?=-]{0,40}") {
            let forbidden = !lets(&format!("User-agent: *\nDisallow: {path}\n"), &path);
            prop_assert!(forbidden || path == "/robots.txt");
        }
    }
}
