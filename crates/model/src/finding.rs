//! What stands where: the outcome of comparing articles.

use crate::{Annotated, Evidence};

/// All that one run found.
#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    /// What was read.
    pub inputs: Vec<Input>,
    /// In order of input; findings point here by index.
    pub articles: Vec<Annotated>,
    /// Largest first, then by id.
    pub stories: Vec<Story>,
    /// What could not be read, and why.
    pub skipped: Vec<Skipped>,
}

/// One input as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// As the user named it.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Number of articles it gave.
    pub article_count: usize,
}

/// Something that was not read.
#[derive(Clone, Debug, PartialEq)]
pub struct Skipped {
    /// As the user named it, with a line number where only that line was skipped.
    pub input: String,
    /// A sentence: what is wrong with it, and what to do.
    pub reason: String,
}

/// Articles about one event (topic detection and tracking: an event's cluster).
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// Stable while its articles are.
    pub id: String,
    /// Index of the article whose headline stands for it.
    pub lead: usize,
    /// Indices of its articles, in order of input.
    pub articles: Vec<usize>,
    /// Which of them copy or rewrite which.
    pub reprints: Vec<Reprint>,
    /// Statements with their voices; most voices first.
    pub alignments: Vec<Alignment>,
    /// Where they differ; most telling first.
    pub discrepancies: Vec<Discrepancy>,
    /// Who confirms, doubts, denies or declines.
    pub stances: Vec<Stance>,
    /// What happened when, earliest first.
    pub timeline: Vec<Moment>,
}

/// That an article copies or rewrites another (METER: wholly or partially derived).
#[derive(Clone, Debug, PartialEq)]
pub struct Reprint {
    /// The one that derives.
    pub article: usize,
    /// The one it derives from.
    pub of: usize,
    /// How closely.
    pub relation: Relation,
    /// Share of its words that stand in the other, 0 to 1.
    pub share: f64,
    /// Why we think so, in words.
    pub why: String,
    /// The longest run they share, in both, or the credit line.
    pub evidence: Vec<Evidence>,
}

/// How closely a reprint follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The same text with small edits or cuts.
    Copy,
    /// Long shared runs, reworded or rearranged.
    Rewrite,
}

/// Voices about one matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// Unique in its story: `a1`, `a2`, …
    pub id: String,
    /// The wording that stands for all of them.
    pub gist: Evidence,
    /// Who said it, where all voices name the same.
    pub speaker: Option<String>,
    /// How it stands (field vocabulary).
    pub status: Status,
    /// The three counts.
    pub counts: Counts,
    /// Why two articles count as one report.
    pub merges: Vec<Merge>,
    /// Every outlet's wording, in order of input; one article may have several places but one voice.
    pub voices: Vec<Voice>,
}

/// How a statement stands. No verdict on truth: only who says so, and who says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// N or more independent reports with two or more sources behind them, no standing denial or conflict.
    Corroborated,
    /// Two or more independent reports that all rest on one named source.
    MultiplyReported,
    /// One independent report.
    SingleSource,
    /// The outlet itself says that it could not confirm it.
    Unconfirmed,
    /// In the outlet's own voice, no source given.
    Unattributed,
    /// Incompatible values, attributions or polarity between independent reports.
    Disputed,
    /// A named party says that it is not so.
    Denied,
    /// A named party says expressly that it is so.
    Confirmed,
    /// The outlet's own correction.
    Corrected,
    /// A later value from the same source replaces it.
    Superseded,
}

/// Outlets, independent reports, named sources: three counts, never one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counts {
    /// Mastheads.
    pub outlets: usize,
    /// After copies, rewrites, common owners and credits are collapsed.
    pub reports: usize,
    /// Distinct people and bodies who are named as saying so.
    pub sources: usize,
}

/// Why two articles count as one report.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// Their indices.
    pub articles: [usize; 2],
    /// In words.
    pub why: String,
    /// Where it can be read: the longest passage that both have, or the credits; empty where it is printed nowhere.
    pub evidence: Vec<Evidence>,
}

/// One article's wording of a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Voice {
    /// The words.
    pub evidence: Evidence,
    /// How it is given.
    pub form: VoiceForm,
    /// Who is named as saying so.
    pub attributed_to: Option<String>,
    /// The words by which the outlet keeps its distance.
    pub hedge: Option<Evidence>,
}

/// How an outlet gives a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VoiceForm {
    /// Quoted.
    Direct,
    /// Reported in its own words.
    Indirect,
    /// Partly quoted.
    Mixed,
    /// In its own voice.
    Narration,
}

/// Outlets differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Discrepancy {
    /// Id of its kind: `figure-conflict`, `attribution-conflict`, …
    pub kind: &'static str,
    /// Whether both can stand.
    pub nature: Nature,
    /// The alignment it belongs to: index in the story's.
    pub alignment: Option<usize>,
    /// A sentence that says what differs.
    pub why: String,
    /// Two or more sides, each with its words.
    pub sides: Vec<Side>,
}

/// Whether the sides of a discrepancy can both stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// They cannot.
    Conflict,
    /// One is later.
    Update,
    /// One is vaguer, and compatible.
    Precision,
}

/// One side of a discrepancy.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// The words.
    pub evidence: Evidence,
    /// What differs, in short: a figure, a name, a day.
    pub value: String,
    /// Who is named as saying so.
    pub attributed_to: Option<String>,
}

/// Somebody's stand on a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Stance {
    /// The statement it is about: index in the story's alignments.
    pub alignment: Option<usize>,
    /// What stand.
    pub kind: StanceKind,
    /// Who takes it; "" where the text does not say.
    pub by: String,
    /// The words.
    pub evidence: Evidence,
}

/// Kinds of stand (RumourEval's SDQC without Comment, in the words of the contract).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StanceKind {
    /// It is not so.
    Denies,
    /// It may not be so, or cannot be verified.
    Doubts,
    /// It is so.
    Confirms,
    /// Will not say.
    Declines,
}

/// What happened when.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// TIMEX3 value of a date or time.
    pub date: String,
    /// The words that tell it.
    pub evidence: Evidence,
}
