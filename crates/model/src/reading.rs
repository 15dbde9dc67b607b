//! What one article says: names, quotations, figures, times.

use rust_decimal::Decimal;

use crate::{Article, Span, Statement};

/// An article with all that was read in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotated {
    /// The article itself.
    pub article: Article,
    /// In order of the text; furniture has none.
    pub sentences: Vec<Sentence>,
    /// Names as written, with pronouns and role nouns that stand for them; in order of the text.
    pub mentions: Vec<Mention>,
    /// Who and what the mentions stand for.
    pub entities: Vec<Entity>,
    /// In order of their first content.
    pub quotations: Vec<Quotation>,
    /// In order of the text.
    pub figures: Vec<Figure>,
    /// In order of the text.
    pub times: Vec<Time>,
    /// In order of the text; one or more a sentence.
    pub statements: Vec<Statement>,
}

/// A sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// Without white space around it.
    pub span: Span,
    /// Number of its paragraph, from 0.
    pub paragraph: usize,
    /// Whether it is the headline.
    pub headline: bool,
}

/// A name as written, or a word that stands for one (followthemoney: Mention).
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where.
    pub span: Span,
    /// Index in [`Annotated::entities`].
    pub entity: usize,
    /// Whether it is a proper name, not a pronoun or a role noun.
    pub is_name: bool,
}

/// One person, body, place or group of an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Its fullest name in this article: "Olaf Scholz".
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
}

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// A human being.
    Person,
    /// A body that acts: ministry, company, alliance.
    Organization,
    /// A country, city or other place, also where it speaks ("Moscow").
    Place,
    /// People of one kind: a nation, a faith, a party.
    Group,
    /// Anything else with a name.
    Other,
}

/// Words attributed to somebody: source (who), cue (the reporting word), content (what). PARC 3.0, PolNeAR.
#[derive(Clone, Debug, PartialEq)]
pub struct Quotation {
    /// How it is given.
    pub form: QuotationForm,
    /// What is said; several spans where the reporting clause interrupts it, quotation marks included.
    pub content: Vec<Span>,
    /// The reporting word or words.
    pub cue: Option<Span>,
    /// Who says it, as printed.
    pub source: Option<Span>,
    /// Who says it, resolved: a full name where the article has one, else the source as printed.
    pub speaker: Option<String>,
    /// The speaker among [`Annotated::entities`], where it is one of them.
    pub speaker_entity: Option<usize>,
}

/// How a quotation is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuotationForm {
    /// Wholly between quotation marks.
    Direct,
    /// In the outlet's words.
    Indirect,
    /// Partly between quotation marks.
    Mixed,
    /// A word or two between marks that the outlet holds at arm's length.
    Scare,
}

/// A quantity: a range of exact decimals with unit, what is counted and hedge.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The quantity with its hedge, unit and counted noun: "at least 12 people".
    pub span: Span,
    /// Only the number and its scale word: "12".
    pub number: Span,
    /// Lowest value meant; `None` when open below.
    pub low: Option<Decimal>,
    /// Highest value meant; `None` when open above.
    pub high: Option<Decimal>,
    /// `USD`, `percent`, `hour`, `kilometre`, … `None` for plain counts.
    pub unit: Option<String>,
    /// What is counted, with its modifiers, as printed: "Russian troops".
    pub counts: Option<String>,
    /// Lemma of the counted head noun: "troop".
    pub head: Option<String>,
    /// The words that make it a range, as printed: "more than".
    pub hedge: Option<String>,
    /// Whose figure it is: index in [`Annotated::quotations`] of the innermost one that gives it; `None` where the
    /// outlet gives it itself.
    pub quotation: Option<usize>,
}

/// A time expression with its TIMEX3 value (TimeML).
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// Where.
    pub span: Span,
    /// TIMEX3 type.
    pub kind: TimeKind,
    /// TIMEX3 value: `2022-02-15`, `P3H`, `2022-W07`.
    pub value: String,
}

/// TIMEX3 type of a time expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeKind {
    /// A calendar date of any precision.
    Date,
    /// A time of day.
    Time,
    /// A length of time.
    Duration,
    /// A repeated time.
    Set,
}
