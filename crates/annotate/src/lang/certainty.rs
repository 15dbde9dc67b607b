//! What `languages/<code>/certainty.toml` holds: how sure words make a source of what it says.

use model::Certainty;
use serde::{Deserialize, Deserializer};

use super::word::{WordMap, WordSet};

/// Words that make a clause probable, possible, left open, or not so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertaintyWords {
    /// "only" in "not only", which denies nothing.
    pub no_negation_before: WordSet,
    /// "if", "whether".
    pub conditions: WordSet,
    /// "even" in "even if".
    pub no_condition_after: WordSet,
    /// Of the conditions, those that leave the main clause open too: "if".
    pub open_consequents: WordSet,
    /// "to" before a verb.
    pub infinitive: WordSet,
    /// "have" after a modal.
    pub perfect: WordSet,
    /// "or" between verbs that share a negation.
    pub shared_negation: WordSet,
    /// Signs that end a question.
    pub question_marks: WordSet,
    /// Auxiliaries.
    pub modals: WordMap<Degree>,
    /// Auxiliaries before "have".
    pub perfect_modals: WordMap<Degree>,
    /// Adverbs.
    pub words: WordMap<Degree>,
    /// Lemmas above a clause: what they make of it, and what when they are denied.
    pub frames: WordMap<[Degree; 2]>,
    /// Frames that only count above an infinitive.
    pub certain_before_that: Words,
}

/// A list of lemmas.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The lemmas.
    pub words: WordSet,
}

/// A degree of certainty, as the file spells it: `probable-not`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Degree(pub Certainty);

impl<'de> Deserialize<'de> for Degree {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Degree, D::Error> {
        let name = String::deserialize(reader)?;
        let certainty = match name.as_str() {
            "certain" => Certainty::Certain,
            "certain-not" => Certainty::CertainNot,
            "probable" => Certainty::Probable,
            "probable-not" => Certainty::ProbableNot,
            "possible" => Certainty::Possible,
            "possible-not" => Certainty::PossibleNot,
            "uncommitted" => Certainty::Uncommitted,
            other => {
                return Err(serde::de::Error::custom(format!(
                    "A degree is certain, probable or possible, each with or without -not, or uncommitted, \
                     not {other:?}."
                )));
            }
        };
        Ok(Degree(certainty))
    }
}
