//! What `languages/<code>/compare.toml` holds: what comparing statements needs to know of a language.

use std::borrow::Cow;
use std::collections::BTreeMap;

use model::{Contrast, HedgeKind, StanceKind};
use serde::Deserialize;

use super::pattern::{Pattern, Patterns};
use super::word::{WordMap, WordSet};

/// Words for comparing statements, ready for look-up.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Page")]
pub struct CompareWords {
    /// Lemmas without content of their own.
    pub stop: WordSet,
    /// Words that come and go without changing what is said.
    pub fillers: WordSet,
    /// From a word to the name of its class of words that mean the same.
    pub senses: WordMap<String>,
    /// Words of which only one can hold of a thing at a time.
    pub contrasts: WordMap<Contrast>,
    /// Endings of one spelling and those of the other.
    pub endings: Vec<[String; 2]>,
    /// Whole words in one spelling and in the other.
    pub spellings: WordMap<String>,
    /// What stands after an apostrophe, written out; empty when it is dropped.
    pub contractions: WordMap<String>,
    /// Stems that a negative contraction changes: "wo" is "will".
    pub negative_stems: WordMap<String>,
    /// Number words up to ninety.
    pub numbers: WordMap<u32>,
    /// Weekdays and months, also short.
    pub calendar: Calendar,
    /// What negates.
    pub negation: Negation,
    /// What keeps distance.
    pub hedge: HedgeWords,
    /// Sources that stand in for the outlet, and verbs of saying.
    pub source: SourceWords,
    /// What figures count.
    pub slot: SlotWords,
    /// How a stand is taken, first match first.
    pub stances: Patterns<Stand>,
}

/// Names of days and months.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Of the week.
    pub weekdays: WordSet,
    /// Also in their short forms.
    pub months: WordSet,
}

/// What turns a statement into its opposite.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Negation {
    /// By themselves.
    pub words: WordSet,
    /// Verbs that negate what depends on them.
    pub verbs: WordSet,
}

/// What keeps distance from a statement.
#[derive(Clone, Debug)]
pub struct HedgeWords {
    /// Words and lemmas.
    pub words: WordSet,
    /// Verbs that keep distance only in the passive.
    pub passive: WordSet,
    /// Auxiliaries of possibility.
    pub modals: WordSet,
    /// Those of `words` that make a statement probable rather than left open.
    pub probable: WordSet,
    /// The outlet says that it could not confirm it, or takes back what it said before.
    pub phrases: Patterns<HedgeKind>,
}

/// Who speaks for outlets that have not seen it themselves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceWords {
    /// Lemmas of offices, agencies and the like.
    pub generic: WordSet,
    /// Lemmas that report speech.
    pub speech: WordSet,
    /// Lemmas of what is said or happens: they raise doubts, but take no stand.
    pub acts: WordSet,
}

/// What figures count.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotWords {
    /// Lemmas of human beings.
    pub people: WordSet,
    /// From what befalls those counted to the lemmas that show it.
    pub classes: WordMap<WordSet>,
}

/// What is meant by words by which somebody takes a stand.
#[derive(Clone, Debug)]
pub struct Stand {
    /// What stand.
    pub kind: StanceKind,
    /// Words that begin where this matches do not count.
    pub except: Option<Pattern>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    stop: String,
    fillers: WordSet,
    senses: String,
    contrasts: BTreeMap<String, Vec<String>>,
    endings: Vec<[String; 2]>,
    spellings: WordMap<String>,
    contractions: WordMap<String>,
    negative_stems: WordMap<String>,
    numbers: WordMap<u32>,
    calendar: Calendar,
    negation: Negation,
    hedge: HedgePage,
    source: SourceWords,
    slot: SlotWords,
    stance: Vec<StancePage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HedgePage {
    words: WordSet,
    passive: WordSet,
    modals: WordSet,
    probable: WordSet,
    unconfirmed: Vec<Pattern>,
    correction: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StancePage {
    kind: String,
    pattern: Pattern,
    except: Option<Pattern>,
}

impl TryFrom<Page> for CompareWords {
    type Error = String;

    fn try_from(page: Page) -> Result<CompareWords, String> {
        let mut senses = BTreeMap::new();
        for line in page.senses.lines() {
            let mut words = line.split_whitespace();
            let Some(name) = words.next() else { continue };
            for word in [name].into_iter().chain(words) {
                // A word of two classes keeps the first: the file lists the closer one earlier.
                senses.entry(word.to_string()).or_insert_with(|| name.to_string());
            }
        }
        let mut contrasts = BTreeMap::new();
        for (family, sides) in &page.contrasts {
            for side in sides {
                let name = side.split_whitespace().next().unwrap_or_default();
                let contrast = Contrast { family: family.as_str().into(), side: name.into() };
                contrasts.extend(side.split_whitespace().map(|word| (word.to_string(), contrast.clone())));
            }
        }
        let of = |patterns: Vec<Pattern>, kind| patterns.into_iter().map(move |pattern| (pattern, kind));
        let hedge = HedgeWords {
            words: page.hedge.words,
            passive: page.hedge.passive,
            modals: page.hedge.modals,
            probable: page.hedge.probable,
            phrases: Patterns::new(
                of(page.hedge.unconfirmed, HedgeKind::Unconfirmed)
                    .chain(of(page.hedge.correction, HedgeKind::Correction))
                    .collect(),
            )?,
        };
        Ok(CompareWords {
            stop: page.stop.split_whitespace().map(str::to_string).collect(),
            fillers: page.fillers,
            senses: senses.into(),
            contrasts: contrasts.into(),
            endings: page.endings,
            spellings: page.spellings,
            contractions: page.contractions,
            negative_stems: page.negative_stems,
            numbers: page.numbers,
            calendar: page.calendar,
            negation: page.negation,
            hedge,
            source: page.source,
            slot: page.slot,
            stances: Patterns::new(page.stance.into_iter().map(stand).collect::<Result<_, _>>()?)?,
        })
    }
}

fn stand(page: StancePage) -> Result<(Pattern, Stand), String> {
    let kind = match page.kind.as_str() {
        "denies" => StanceKind::Denies,
        "doubts" => StanceKind::Doubts,
        "confirms" => StanceKind::Confirms,
        "declines" => StanceKind::Declines,
        other => return Err(format!("A stance is denies, doubts, confirms or declines, not {other:?}.")),
    };
    Ok((page.pattern, Stand { kind, except: page.except }))
}

impl CompareWords {
    /// A word in one spelling: "organised" is "organized".
    pub fn spelling<'a>(&'a self, word: Cow<'a, str>) -> Cow<'a, str> {
        /// Shorter words end like that by chance: "wise", "four".
        const LENGTH_MIN: usize = 7;
        if let Some(other) = self.spellings.get(&word) {
            return Cow::Borrowed(other);
        }
        if word.len() >= LENGTH_MIN {
            for [from, to] in &self.endings {
                if let Some(stem) = word.strip_suffix(from.as_str()) {
                    return Cow::Owned(format!("{stem}{to}"));
                }
            }
        }
        word
    }

    /// Name of the class of words that mean the same, or the word.
    pub fn sense<'a>(&'a self, word: &'a str) -> &'a str {
        self.senses.get(word).map_or(word, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use crate::lang::Language;

    #[test]
    fn spellings_and_classes_fold() {
        let language = Language::built_in("en").expect("English is built in");
        let words = &language.compare;
        assert_eq!(words.spelling("organised".into()), "organized");
        assert_eq!(words.spelling("wise".into()), "wise");
        assert_eq!(words.sense("fatality"), words.sense("kill"));
        assert_ne!(words.sense("kill"), words.sense("injure"));
        assert_eq!(words.sense("zebra"), "zebra");
    }
}
