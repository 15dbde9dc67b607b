//! What `languages/<code>/speech.toml` holds.

use serde::Deserialize;

use super::word::WordSet;

/// Words by which a language reports speech.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeechWords {
    /// Words that an apostrophe may begin, so that it opens no quotation: `em`.
    pub elisions: WordSet,
    /// Lemmas of verbs whose subject speaks: `say`.
    pub verbs: WordSet,
    /// Prepositions of a source, in lower case: `according to`.
    pub according: Vec<String>,
    /// Lemmas of nouns of what is told: `account`.
    pub tellings: WordSet,
    /// Labels of questions in a printed conversation: `q`.
    pub questions: WordSet,
    /// Labels of answers: `a`.
    pub answers: WordSet,
    /// Labels of others who take turns in it: `moderator`.
    pub turns: WordSet,
    /// Words of labels that name no speaker: `update`.
    pub headings: WordSet,
    /// Labels of the parse by which a speaker hangs from its verb: `nsubj`.
    pub subjects: WordSet,
    /// Labels of the parse by which what is said hangs from its verb: `ccomp`.
    pub contents: WordSet,
    /// Labels by which the subject of a passive hangs from its verb, and by which those do who act: `nsubjpass`, `agent`.
    pub passive_subjects: WordSet,
    pub agents: WordSet,
    /// Words before what a passive's subject is quoted with, in lower case: `as`.
    pub quoting: WordSet,
}

impl SpeechWords {
    /// Whether somebody hangs from a verb by this label who may be the one that speaks.
    pub fn is_party(&self, label: &str) -> bool {
        [&self.subjects, &self.passive_subjects, &self.agents].iter().any(|labels| labels.contains(label))
    }
}
