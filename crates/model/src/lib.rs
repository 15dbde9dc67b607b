//! The nouns: types that two crates need, without rules.
//!
//! Everything below is plain data. A phase takes some of it and returns some of it; nothing here decides,
//! reads or prints. Text is held once, in [`Article::text`]; all that was found in it points there by [`Span`].

mod archive;
mod article;
mod event;
mod finding;
mod overrule;
mod reading;
mod span;
mod statement;

pub use archive::{
    ArticleNumber, ArticleRow, Difference, EventRow, FeedPage, FeedRow, Health, Hit, Hits, InputNumber,
    InputRow, Paging, Piece, Query, Quoted, StatusCount, StoryRow, Summary,
};
pub use article::{
    Address, AddressKind, Article, Capture, Credit, Furniture, Published, PublishedOrigin, Trace,
};
pub use event::{Event, EventKind, Revision, RevisionKind, Standing};
pub use finding::{
    Alignment, Counts, Discrepancy, Dossier, Input, Merge, Moment, Nature, Relation, Reprint, Side, Skipped,
    Stance, StanceKind, Status, Story, Voice, VoiceForm,
};
pub use overrule::{Override, Overrides, Ruling};
pub use reading::{
    Annotated, Entity, EntityKind, Figure, Mention, Quotation, QuotationForm, Sentence, Time, TimeKind,
};
pub use span::{Evidence, Span};
pub use statement::{
    Certainty, Clause, Contrast, Ground, GroundKind, Hedge, HedgeKind, Slot, StanceCue, Statement, Token,
    TokenRole, Word, WordKind,
};

/// A value with what was odd about it: phases warn and go on, they do not fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Warned<T> {
    /// The result, as good as it could be made.
    pub value: T,
    /// Sentences for the person who can act: what, where, what next.
    pub warnings: Vec<String>,
}
