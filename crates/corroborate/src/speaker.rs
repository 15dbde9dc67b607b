//! Whether two names of speakers stand for one.

use deunicode::deunicode_char;

/// Whether two names may be one person or body: the same last word, or all words of one in the other.
pub(crate) fn same_speaker(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    match (one.last(), other.last()) {
        (Some(last), Some(next)) => {
            last == next
                || one.iter().all(|word| other.contains(word))
                || other.iter().all(|word| one.contains(word))
        }
        _ => false,
    }
}

/// Whether two names are surely of different speakers: both proper names of more than a letter, nothing shared.
pub(crate) fn different_speakers(one: &str, other: &str) -> bool {
    let proper = |name: &str| {
        name.split_whitespace().next_back().is_some_and(|word| word.starts_with(char::is_uppercase))
    };
    let (left, right) = (words(one), words(other));
    proper(one) && proper(other) && !left.iter().any(|word| right.contains(word))
}

fn words(name: &str) -> Vec<String> {
    name.split(|letter: char| letter.is_whitespace() || letter == '-')
        .map(|word| {
            // Outlets print "Łukasz" and "Lukasz", "Erdoğan" and "Erdogan".
            let lower = plain(word).to_lowercase();
            let bare = lower.strip_suffix("'s").or_else(|| lower.strip_suffix("’s")).unwrap_or(&lower);
            bare.trim_matches(|letter: char| !letter.is_alphanumeric()).to_string()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// A name in letters of ASCII as far as they stand for its own.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .map(|letter| match deunicode_char(letter).filter(|_| letter.is_alphabetic()) {
            Some(letters) => letters.to_owned(),
            None => letter.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{different_speakers, same_speaker};

    #[test]
    fn accents_and_strokes_make_nobody_else() {
        assert!(same_speaker("Zoë Łukasiewicz", "Lukasiewicz"));
        assert!(!different_speakers("Emre Erdoğan", "Emre Erdogan"));
    }

    #[test]
    fn a_last_name_is_the_full_name() {
        assert!(same_speaker("Ruiz", "Ana Ruiz"));
        assert!(!same_speaker("Ana Ruiz", "Tom Hale"));
    }

    #[test]
    fn a_role_is_not_surely_somebody_else() {
        assert!(different_speakers("Ana Ruiz", "Tom Hale"));
        assert!(!different_speakers("the minister", "Tom Hale"));
    }
}
