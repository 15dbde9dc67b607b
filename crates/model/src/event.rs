//! That something changed in how a story stands: what the desk is told, once.

use crate::Evidence;

/// A change worth telling: a status or a figure, with what it was, what it is, and the words that show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What changed.
    pub kind: EventKind,
    /// Index of the alignment among the story's, where it is about one.
    pub alignment: Option<usize>,
    /// The statement that it is about, in one article's words.
    pub gist: Evidence,
    /// What it was, in short: a status, a figure. `None` where nothing was said before.
    pub old: Option<String>,
    /// What it is now, in short.
    pub new: String,
    /// Who says so, where somebody is named.
    pub by: Option<String>,
    /// The words that show it, newest first.
    pub evidence: Vec<Evidence>,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// How a statement stands: "single-source" to "corroborated".
    Status,
    /// Another figure, day, place, name or wording than those known.
    Disagreement,
    /// A named party says that it is not so.
    Denial,
    /// An outlet corrects itself.
    Correction,
}
