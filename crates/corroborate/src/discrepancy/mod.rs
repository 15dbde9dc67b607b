//! Where outlets differ: one file a kind, one row a kind.

mod attribution_conflict;
mod clause_pair;
mod clock;
mod date_conflict;
mod figure_conflict;
mod figure_slot;
mod hedge_dropped;
mod name_conflict;
mod place_conflict;
mod polarity_conflict;
mod quote_altered;
mod rows;

use model::Discrepancy;

pub(crate) use polarity_conflict::ID as POLARITY;

use crate::scene::Scene;

/// A way in which outlets differ. Its page is the doc comment of its file.
pub struct Kind {
    /// Names the pattern; outlives us.
    pub id: &'static str,
    /// What a reader calls it.
    pub title: &'static str,
    find: fn(&Scene<'_>) -> Vec<Discrepancy>,
}

/// Every kind, most telling first.
pub const KINDS: &[Kind] = &[
    attribution_conflict::KIND,
    quote_altered::KIND,
    figure_conflict::KIND,
    polarity_conflict::KIND,
    date_conflict::KIND,
    place_conflict::KIND,
    name_conflict::KIND,
    hedge_dropped::KIND,
];

/// All differences of a story, most telling kind first.
pub(crate) fn discrepancies(scene: &Scene<'_>) -> Vec<Discrepancy> {
    KINDS.iter().flat_map(|kind| (kind.find)(scene)).collect()
}
