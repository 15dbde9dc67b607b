//! Runs of words that stand for something, found by their first word.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::word::WordMap;

/// Phrases with what they stand for; of two that fit, the longer one is found.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "BTreeMap<String, T>")]
pub struct Phrases<T> {
    by_first: WordMap<Vec<(Vec<String>, T)>>,
}

impl<T> From<BTreeMap<String, T>> for Phrases<T> {
    fn from(phrases: BTreeMap<String, T>) -> Phrases<T> {
        Phrases::new(phrases)
    }
}

impl<T> Phrases<T> {
    /// From phrases whose words are parted by single spaces, in lower case.
    pub fn new(phrases: impl IntoIterator<Item = (String, T)>) -> Phrases<T> {
        let mut by_first: BTreeMap<String, Vec<(Vec<String>, T)>> = BTreeMap::new();
        for (phrase, meaning) in phrases {
            let mut words = phrase.split(' ').map(str::to_owned);
            let first = words.next().unwrap_or_default();
            by_first.entry(first).or_default().push((words.collect(), meaning));
        }
        for entries in by_first.values_mut() {
            entries.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        Phrases { by_first: by_first.into() }
    }

    /// The words with which phrases begin, in order.
    pub(super) fn firsts(&self) -> impl Iterator<Item = &str> {
        self.by_first.keys()
    }

    /// Phrases of one word.
    pub(super) fn lone(&self) -> impl Iterator<Item = &str> {
        let is_lone = |entries: &[(Vec<String>, T)]| entries.iter().any(|(rest, _)| rest.is_empty());
        self.by_first.iter().filter(move |(_, entries)| is_lone(entries)).map(|(first, _)| first)
    }

    /// What follows a first word in phrases of more words than one.
    pub(super) fn seconds(&self, first: &str) -> impl Iterator<Item = &str> {
        let phrases = self.by_first.get(first).into_iter().flatten();
        phrases.filter_map(|(rest, _)| rest.first().map(String::as_str))
    }

    /// The longest phrase that begins with `first` and goes on with what `word` gives for 1, 2, …: the number of
    /// its words and its meaning.
    pub fn find<'a, 'w>(
        &'a self,
        first: &str,
        word: impl Fn(usize) -> Option<&'w str>,
    ) -> Option<(usize, &'a T)> {
        let entries = self.by_first.get(first)?;
        let fits =
            |rest: &[String]| rest.iter().enumerate().all(|(at, own)| word(at + 1) == Some(own.as_str()));
        entries.iter().find(|(rest, _)| fits(rest)).map(|(rest, meaning)| (rest.len() + 1, meaning))
    }
}

/// Reads a plain list of phrases, of which only their presence counts.
pub(super) fn list<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Phrases<()>, D::Error> {
    let phrases = Vec::<String>::deserialize(reader)?;
    Ok(Phrases::new(phrases.into_iter().map(|phrase| (phrase, ()))))
}

#[cfg(test)]
mod tests {
    use super::Phrases;

    #[test]
    fn finds_the_longest() {
        let phrases = Phrases::new([("up".to_owned(), 1), ("up to".to_owned(), 2)]);
        let words = ["up", "to", "ten"];
        assert_eq!(phrases.find(words[0], |at| words.get(at).copied()), Some((2, &2)));
        assert_eq!(phrases.find("up", |_| None), Some((1, &1)));
        assert_eq!(phrases.find("ten", |_| None), None);
        assert_eq!(phrases.seconds("up").collect::<Vec<_>>(), ["to"]);
        assert_eq!(phrases.lone().collect::<Vec<_>>(), ["up"]);
    }
}
