//! Foreign text made harmless for a page: every character of it is shown, none of it acts.

use crate::telling;

/// Text for an element or a quoted attribute. Control characters and those that turn the direction of writing
/// are replaced; the article's bytes are in the JSON.
pub fn e(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' | '\r' => out.push(' '),
            unsafe_one if telling::is_unsafe(unsafe_one) => out.push('\u{fffd}'),
            plain => out.push(plain),
        }
    }
    out
}

/// Words given at each end of a text fragment; longer passages are named by their ends.
const FRAGMENT_WORD_COUNT: usize = 5;

/// The address of a report as an attribute, opening it at these words where the browser knows text fragments
/// (WICG Scroll to Text Fragment). `None` for an address that is not of the web: a link must not run anything.
pub(super) fn live_url(url: &str, words: &str) -> Option<String> {
    let scheme = url.split_once("://")?.0.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return None;
    }
    let all: Vec<&str> = words.split_whitespace().collect();
    let hash = if url.contains('#') { "" } else { "#" };
    let fragment = if all.len() <= 2 * FRAGMENT_WORD_COUNT {
        percent(&all.join(" "))
    } else {
        let start = all[..FRAGMENT_WORD_COUNT].join(" ");
        let end = all[all.len() - FRAGMENT_WORD_COUNT..].join(" ");
        format!("{},{}", percent(&start), percent(&end))
    };
    Some(format!("{}{hash}:~:text={fragment}", e(&url.replace(' ', "%20"))))
}

/// Text as one part of an address: everything but letters, digits and a few signs; the dash, comma and ampersand have a meaning in a fragment.
pub fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{e, live_url};

    #[test]
    fn nothing_foreign_is_markup_or_control() {
        assert_eq!(e("<b a='\"'>&\u{0}\u{202e}\n"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;\u{fffd}\u{fffd} ");
    }

    #[test]
    fn a_live_link_names_the_words_and_only_the_web() {
        assert_eq!(
            live_url("https://a.example/x?b&c", "well-known, at last").unwrap(),
            "https://a.example/x?b&amp;c#:~:text=well%2Dknown%2C%20at%20last"
        );
        let long = live_url("http://a.example/#top", "1 2 3 4 5 6 7 8 9 10 11").unwrap();
        assert_eq!(long, "http://a.example/#top:~:text=1%202%203%204%205,7%208%209%2010%2011");
        assert_eq!(live_url("javascript:alert(1)//://", "x"), None);
    }
}
