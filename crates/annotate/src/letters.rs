//! Words in plain letters, by which they are compared.

use std::borrow::Cow;

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word without accents, and in letters of ASCII as far as others stand for them: "Łukasz" is "Lukasz".
pub(crate) fn plain(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let mut found = String::with_capacity(word.len());
    for letter in word.nfkd().filter(|letter| !is_combining_mark(*letter)) {
        match deunicode_char(letter).filter(|_| letter.is_alphabetic()) {
            Some(letters) => found.push_str(letters),
            None => found.push(letter),
        }
    }
    Cow::Owned(found)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn letters_lose_accents_and_strokes() {
        assert_eq!(
            plain("Łukasz Ó Søren Nuñez Erdoğan Đorđe naïve Weiß"),
            "Lukasz O Soren Nunez Erdogan Dorde naive Weiss"
        );
        assert_eq!(plain("ﬁre ½ km² – “x”"), "fire 1⁄2 km2 – “x”");
    }
}
