//! Small things that several phases say alike: hashes of words, names of outlets, lists in a sentence.

use model::Article;

/// A hash of words in order (FNV-1a, 64 bits): the same in every run and on every machine.
pub(crate) fn hash_of<'a>(words: impl Iterator<Item = &'a str>) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for word in words {
        for byte in word.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// How an article's publisher is called in a sentence.
pub(crate) fn outlet_name(article: &Article) -> &str {
    article.outlet.as_deref().unwrap_or(&article.id)
}

/// "a", "a and b", "a, b and c".
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Words of a quotation or phrase, short enough for a sentence.
pub(crate) fn shortened(text: &str) -> String {
    /// Longer ones are cut at a word.
    const CHARACTERS_MAX: usize = 90;
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= CHARACTERS_MAX {
        return flat;
    }
    let cut: String = flat.chars().take(CHARACTERS_MAX).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |parts| parts.0);
    format!("{whole} …")
}

#[cfg(test)]
mod tests {
    use super::{hash_of, listed, shortened};

    #[test]
    fn word_borders_count() {
        assert_ne!(hash_of(["ab", "c"].into_iter()), hash_of(["a", "bc"].into_iter()));
    }

    #[test]
    fn lists_read_like_a_sentence() {
        assert_eq!(listed(&["one".into(), "two".into(), "three".into()]), "one, two and three");
    }

    #[test]
    fn long_phrases_are_cut_at_a_word() {
        let long = "word ".repeat(40);
        assert!(shortened(&long).ends_with("word …"));
    }
}
