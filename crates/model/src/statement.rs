//! What an article says to be so: the unit that is compared across articles.

use std::sync::Arc;

use crate::Span;

/// One thing said to be so, with all that comparing needs. Comparing never reads text again. What only comparing needs is
/// left empty where an article was read to be told by itself: the statement's words, stream, vector, slots, hedges, stances
/// and negations, and what its clauses have of the words.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The words that carry it: a sentence, or the part of one that is compared.
    pub span: Span,
    /// Index in [`crate::Annotated::sentences`].
    pub sentence: usize,
    /// Predicates with their arguments, in order of the text.
    pub clauses: Vec<Clause>,
    /// Content words, each key once, in order of the text.
    pub words: Vec<Word>,
    /// All words in normal form (case, typography, agency style folded), in order: for near copies.
    pub stream: Vec<Token>,
    /// Sentence vector of unit length.
    pub vector: Vec<f32>,
    /// Indices in [`crate::Annotated::quotations`] of those whose content lies in it.
    pub quotations: Vec<usize>,
    /// Indices in [`crate::Annotated::figures`].
    pub figures: Vec<usize>,
    /// What each of the figures measures, in the same order.
    pub slots: Vec<Slot>,
    /// Indices in [`crate::Annotated::times`].
    pub times: Vec<usize>,
    /// Number of negations in it.
    pub negation_count: usize,
    /// The words by which the outlet keeps its distance.
    pub hedges: Vec<Hedge>,
    /// How sure its source is that it is so (FactBank, relative to the source).
    pub certainty: Certainty,
    /// Words by which somebody confirms, doubts, denies or declines.
    pub stances: Vec<StanceCue>,
}

/// A word in the normal form in which reprints are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Case, accents, typography, number style and spelling folded: "14 000" and "14,000" are `14000`.
    pub form: Box<str>,
    /// Where it stands.
    pub span: Span,
    /// What a change of it would mean.
    pub role: TokenRole,
}

/// What a word does in its sentence, as far as a change of it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenRole {
    /// Comes and goes without changing anything: "the", "that".
    Filler,
    /// Holds the sentence together: preposition, pronoun, auxiliary.
    Function,
    /// Carries content and is none of the others.
    Content,
    /// Part of a proper name.
    Name,
    /// A number, in digits or words.
    Number,
    /// A weekday or month.
    Calendar,
    /// Turns a statement into its opposite.
    Negation,
    /// Keeps distance: "allegedly".
    Hedge,
    /// Reports speech: "said".
    Speech,
}

/// What a figure measures: the place it fills in its statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Index in [`crate::Annotated::figures`].
    pub figure: usize,
    /// Index of the clause it stands in.
    pub clause: Option<usize>,
    /// Index of the counted noun among the statement's words.
    pub head: Option<usize>,
    /// Index of the verb that governs it among the statement's words.
    pub verb: Option<usize>,
    /// What befalls those counted, where comparing needs no like words for it: `death`, `injury`, `arrest`, `age`.
    pub class: Option<Box<str>>,
    /// Whether human beings are counted.
    pub people: bool,
}

/// A predicate with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// From its first word to its last, subordinate clauses included.
    pub span: Span,
    /// Key of the predicate among the statement's words.
    pub predicate: Option<usize>,
    /// Index of its subject among the statement's words.
    pub subject: Option<usize>,
    /// Indices of its words among the statement's words, subordinate clauses left out; none where the clause only says
    /// who says what stands below it.
    pub words: Vec<usize>,
    /// Whether it says that something is not so.
    pub negated: bool,
    /// How sure its source is that it is so.
    pub certainty: Certainty,
    /// The words that make it less than certainly so, in order of the text.
    pub grounds: Vec<Ground>,
}

/// A word that decides how sure a clause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The word.
    pub span: Span,
    /// How it does so.
    pub kind: GroundKind,
}

/// How a word decides how sure a clause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroundKind {
    /// "not", "no".
    Negation,
    /// "may".
    Modal,
    /// "probably".
    Adverb,
    /// A word above the clause: "likely to", "denied that".
    Frame,
    /// "if", "whether".
    Condition,
    /// A question mark.
    Question,
}

/// A content word of a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Lemma in one spelling, lower-case name, or `#` and the value of a number.
    pub key: Box<str>,
    /// Name of its class of words that mean the same, or the key.
    pub sense: Box<str>,
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: WordKind,
    /// Inverse document frequency in news at large, in nats.
    pub weight: f32,
    /// Word vector of unit length; empty for names and numbers, which match only themselves. The same words of one article
    /// share one.
    pub vector: Arc<[f32]>,
    /// What it shuts out: "open" stands against "closed", "north" against "south".
    pub contrast: Option<Contrast>,
}

/// One of several words of which only one can hold of a thing at a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contrast {
    /// Name of the family: "compass".
    pub family: Box<str>,
    /// Which of the family, words that mean the same being one.
    pub side: Box<str>,
}

/// What a content word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordKind {
    /// Part of a name of a person.
    Person,
    /// Part of a name of a place.
    Place,
    /// Part of any other name.
    Name,
    /// A number.
    Number,
    /// A verb.
    Verb,
    /// A noun.
    Noun,
    /// Anything else with content.
    Other,
}

/// A word by which the outlet keeps its distance from a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Hedge {
    /// The words.
    pub span: Span,
    /// What kind.
    pub kind: HedgeKind,
}

/// Kinds of distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HedgeKind {
    /// "allegedly", "reportedly", "is believed to".
    Word,
    /// "police said": a source stands for it.
    Source,
    /// "may", "could".
    Modal,
    /// "could not be independently verified".
    Unconfirmed,
    /// "an earlier version of this report said": the outlet takes back what it said.
    Correction,
}

/// How sure a source is (FactBank, Saurí and Pustejovsky 2009): certain, probable, possible, or no commitment;
/// with polarity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// CT+: certainly so.
    Certain,
    /// CT−: certainly not so.
    CertainNot,
    /// PR+: probably so.
    Probable,
    /// PR−: probably not so.
    ProbableNot,
    /// PS+: possibly so.
    Possible,
    /// PS−: possibly not so.
    PossibleNot,
    /// Uu: the source does not commit itself.
    Uncommitted,
}

/// Words by which somebody takes a stand on a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct StanceCue {
    /// The words that show it, with what they are about.
    pub span: Span,
    /// What stand.
    pub kind: crate::StanceKind,
    /// Who takes it, resolved; `None` where the text does not say.
    pub by: Option<String>,
}
