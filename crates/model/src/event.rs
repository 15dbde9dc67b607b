//! What changes with time: how a story stands, and what an outlet has written at one address.

use crate::{Evidence, Span, Status};

/// A change worth telling, once: what was, what is, and the words that show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What changed.
    pub kind: EventKind,
    /// The statement that it is about, in one article's words.
    pub gist: Evidence,
    /// What it was; `None` where nothing was said before.
    pub old: Option<Standing>,
    /// What it is now.
    pub new: Standing,
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
    Difference,
    /// A named party says that it is not so.
    Denial,
    /// An outlet corrects what it has written.
    Correction,
}

/// How something stands, before or after.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// A statement's status.
    Status(Status),
    /// A value in short: a figure, a day, a name.
    Value(String),
}

/// What an outlet changed between two versions of one article, by statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// What kind of change.
    pub kind: RevisionKind,
    /// The words before, in the older version's text.
    pub old: Option<Span>,
    /// The words after, in the newer version's text.
    pub new: Option<Span>,
    /// A sentence that says what changed.
    pub why: String,
}

/// Kinds of change between two versions; commas are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RevisionKind {
    /// The outlet says that it corrects, clarifies or retracts.
    Correction,
    /// A number is another one.
    Figure,
    /// It says the opposite.
    Reversed,
    /// It is said with more distance than before.
    Softened,
    /// It is said with less distance than before.
    Hardened,
    /// A statement that was not there.
    Added,
    /// A statement that is there no more.
    Removed,
}
